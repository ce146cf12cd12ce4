"""A Python function of tensors made quick: traced once, on one thread where it is light, compiled where that pays.

Tracing is needed always; the single-threaded executor then takes two thirds of the time for a loop of small
operations; XLA takes 100 to 200 ms to compile and after that a microsecond or so an operation.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from batchviz.experiment.schedule import Epoch
from batchviz.training import keras_private, tensorflow_private
from batchviz.training.budget import Budget

MIN_XLA_BATCHES = 6000  # below, compiling costs more than it saves (about 25 us a batch)
MAX_XLA_WORK = 500_000  # weights x batch size above which arithmetic, not overhead, sets the pace
MAX_LIGHT_WEIGHTS = (
    100_000  # up to which the graph optimiser costs (50 ms) more than it gains, and threads do too
)


def use_threads(count: int) -> None:
    """Have this process compute one operation at a time, on so many threads. Before TensorFlow's first operation."""
    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(1)


class TracedFunction:
    """A Python function of tensors, as a TensorFlow function of fixed shapes and types. Arguments are trusted."""

    def __init__(self, function: Callable[..., Any], specs: tuple[Any, ...], **options: Any) -> None:
        """`specs` are the arguments' shapes and types, (nests of) TensorSpecs; `options`: of tf.function."""
        traced = tf.function(
            lambda tensors: function(*tf.nest.pack_sequence_as(specs, tensors)),
            input_signature=[tf.nest.flatten(specs)],
            autograph=False,
            **options,
        )
        self._specs = specs
        self._concrete = traced.get_concrete_function()
        self._call = tensorflow_private.flat_call(self._concrete)

    def compiled(self) -> TracedFunction:
        """The same compiled by XLA: it calls what was traced, which is not traced again."""
        call = self._concrete
        return TracedFunction(
            lambda *arguments: call(tf.nest.flatten(arguments)), self._specs, jit_compile=True
        )

    @property
    def variables(self) -> list[Any]:
        """The variables that it reads or writes."""
        return list(self._concrete.graph.variables)

    def moves_variables(self) -> bool:
        """Whether it may leave a variable, a seed or anything else changed. False only where it surely does not."""
        return not _only_reads(self._concrete.graph)

    def __call__(self, *arguments: Any) -> Any:
        """The results, flat. The arguments must be tensors or nests of them, as the specs say."""
        return self._call(*tf.nest.flatten(arguments))


def looked_at(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function of (nests of) tensors would return: its shape, type and mask, with no value computed."""
    layers: list[Any] = []
    tf.function(lambda tensors: layers.append(function(*tensors)), autograph=False).get_concrete_function(
        arguments
    )
    return layers[0]


def worth_compiling(model: Any, budget: Budget, epoch: Epoch) -> bool:
    """Whether XLA is for this run, were all its epochs like this one.

    Decided by arithmetic alone, so that a run's last digits do not hang on luck.
    """
    if model.count_params() * epoch.batch_size > MAX_XLA_WORK or reuses_weights(model):
        return False
    return epoch.batches * budget.epochs_at_most(epoch.rows, epoch.updates) >= MIN_XLA_BATCHES


def is_light(model: Any) -> bool:
    """Whether overhead takes a good part of a step: the leanest executor is for it, and weights tell its pace."""
    return bool(model.count_params() <= MAX_LIGHT_WEIGHTS) and not reuses_weights(model)


@contextlib.contextmanager
def fast_tracing(model: Any) -> Iterator[None]:
    """Trace without Python's collector, and small models without TensorFlow's graph optimiser."""
    before = tf.config.optimizer.get_experimental_options().get("disable_meta_optimizer", False)
    switch = model.count_params() <= MAX_LIGHT_WEIGHTS and not before
    collecting = gc.isenabled()
    if switch:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        if switch:
            tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False})


def run_on_one_thread(graph: Any) -> None:
    """Run the while loops made in `graph` on the single-threaded executor, if their operations allow it."""
    for loop in graph.get_operations():
        if loop.type != "While":
            continue
        functions = {name: loop.get_attr(name) for name in ("cond", "body")}
        bodies = (tensorflow_private.operations_of(graph, function.name) for function in functions.values())
        if all(_only_computes(operation) for body in bodies for operation in body):
            tensorflow_private.run_on_one_thread(loop, functions)


def _only_computes(operation: Any) -> bool:
    """Whether it computes, or reads or writes a variable, and nothing else.

    What calls functions or waits for something needs a second thread to go on.
    """
    definition = operation.op_def
    calls = any(attribute.type in ("func", "list(func)") for attribute in definition.attr)
    of_variables = operation.type.startswith(("ReadVariable", "Assign", "Resource"))
    return not calls and (not definition.is_stateful or of_variables)


_READS = {"ReadVariableOp", "ResourceGather", "ResourceGatherNd", "VarIsInitializedOp", "Assert"}
"""Operations that TensorFlow calls stateful, and that leave everything as it was."""


def _only_reads(graph: Any) -> bool:
    """Whether no operation of a graph changes anything, in functions that it calls neither."""
    for operation in graph.get_operations():
        called = tensorflow_private.called_by(graph, operation)
        if called:
            if not all(map(_only_reads, called)):
                return False
        elif operation.op_def.is_stateful and operation.type not in _READS:
            return False
    return True


def reuses_weights(model: Any) -> bool:
    """Whether a layer may apply its weights at many places of an example, as convolutions and recurrent layers do."""
    layers = (layer for layer in keras_private.layers_of(model) if not isinstance(layer, keras.Model))
    shapes = [keras_private.built_for(layer) for layer in layers if layer.weights]
    return any(not shape or max(map(len, shape.values())) > 2 for shape in shapes)
