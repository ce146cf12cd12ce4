"""When compiling pays: XLA for thousands of small updates, TensorFlow's graph optimiser for large models."""

from __future__ import annotations

import contextlib
import gc
import math
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from batchviz.training.budget import Budget

XLA_BATCHES = 6000  # below, compiling (100-200 ms) costs more than it saves (about 25 us a batch)
XLA_WORK = 500_000  # weights x batch size above which arithmetic, not overhead, sets the pace
SMALL = (
    100_000  # weights up to which the graph optimiser costs (50 ms) more than it gains, and threads do too
)


def worth_compiling(model: Any, budget: Budget, *, rows: int, batch_size: int, accumulation: int = 1) -> bool:
    """Whether XLA is for this run; decided by its arithmetic alone, so that its last digits do not hang on luck."""
    if model.count_params() * batch_size > XLA_WORK or _reuses_weights(model):
        return False
    batches = math.ceil(rows / batch_size)
    return batches * budget.epochs_at_most(rows, math.ceil(batches / accumulation)) >= XLA_BATCHES


@contextlib.contextmanager
def fast_compile(model: Any) -> Iterator[None]:
    """Trace without Python's collector, and small models without TensorFlow's graph optimiser."""
    before = tf.config.optimizer.get_experimental_options().get("disable_meta_optimizer", False)
    switch = model.count_params() <= SMALL and not before
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


def is_light(model: Any) -> bool:
    """Whether overhead takes a good part of a step: the leanest executor is for it, and weights tell its pace."""
    return bool(model.count_params() <= SMALL) and not _reuses_weights(model)


def _reuses_weights(model: Any) -> bool:
    """Whether a layer may apply its weights at many places of an example, as convolutions and recurrent layers do."""
    layers = [
        layer for layer in model._flatten_layers() if not isinstance(layer, keras.Model) and layer.weights
    ]
    return any(not shapes or max(map(len, shapes.values())) > 2 for shapes in map(_built_for, layers))


def _built_for(layer: Any) -> dict[str, Any]:
    return layer._build_shapes_dict or {}


SINGLE_THREADED = b"SINGLE_THREADED_EXECUTOR"


def one_thread(graph: Any) -> None:
    """Run the while loops made in `graph` on the single-threaded executor, if their operations allow it."""
    from tensorflow.core.framework.attr_value_pb2 import AttrValue

    for loop in graph.get_operations():
        if loop.type != "While":
            continue
        functions = {name: loop.get_attr(name) for name in ("cond", "body")}
        if all(_is_simple(op) for f in functions.values() for op in _operations(graph, f.name)):
            for name, function in functions.items():
                function.attr["_executor"].s = SINGLE_THREADED
                loop._set_attr(name, AttrValue(func=function))
            # As a loop of its own, not as jumps in the graph around it, which is the default executor's.
            loop._set_attr("_lower_using_switch_merge", AttrValue(b=False))


def _operations(graph: Any, function: str) -> Any:
    return graph._get_function(function).graph.get_operations()


def _is_simple(operation: Any) -> bool:
    """Whether it only computes, or reads or writes a variable.

    What calls functions or waits for something needs a second thread to go on.
    """
    definition = operation.op_def
    calls = any(attribute.type in ("func", "list(func)") for attribute in definition.attr)
    of_variables = operation.type.startswith(("ReadVariable", "Assign", "Resource"))
    return not calls and (not definition.is_stateful or of_variables)


class Traced:
    """A Python function of tensors, as a TensorFlow function of fixed shapes and types.

    A `tf.function` compares its arguments with what it was traced for, and a ConcreteFunction casts them,
    at every call: as long as TensorFlow then takes to start. Here they are trusted.
    """

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
        self._captures = self._concrete.captured_inputs

    def compiled(self) -> Traced:
        """The same compiled by XLA: it calls what was traced, which is not traced again."""
        call = self._concrete
        return Traced(lambda *arguments: call(tf.nest.flatten(arguments)), self._specs, jit_compile=True)

    def __call__(self, *arguments: Any) -> Any:
        """The results, flat. The arguments must be tensors or nests of them, as the specs say."""
        return self._concrete.inference_fn.call_flat(*tf.nest.flatten(arguments), *self._captures)
