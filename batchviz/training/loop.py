"""The compiled epoch: forward, backward and update of every batch inside one TensorFlow loop.

`fit` returns to Python for every batch; here Python sees only pieces of an epoch. One trace serves every batch size,
since all its shapes are open. Graph mode is quick to start; XLA (`compiled=True`) takes a moment to compile for each
shape and then takes a microsecond or so an operation, which pays for runs of thousands of small updates.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import BatchVizError
from batchviz.training import updates
from batchviz.training.measures import Measures


@dataclass(frozen=True)
class Measured:
    """What one call recorded of the batches it trained on, one row a batch: loss, metrics, learning rate."""

    done: int
    values: NDArray[np.float32]
    """(done, 1 + metrics)"""
    learning_rate: NDArray[np.float32]
    """(done,), as it was before each batch."""


class Loop:
    """The training loop of one compiled model, over any data and batch size."""

    def __init__(self, model: Any, measures: Measures, x: Any, y: Any, *, accumulates: bool = False) -> None:
        """`x` and `y` (tensors or nests of them) show the shapes; their number of rows may differ later."""
        self.model = model
        self.measures = measures
        self.accumulates = accumulates
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)
        if accumulates:
            self._sums = [tf.Variable(tf.zeros_like(v.value), trainable=False) for v in model.trainable_variables]
        self._signature = [
            *(tf.nest.map_structure(_open_rows, nest) for nest in (x, y)),
            tf.TensorSpec([None, None], tf.int32),
            *([tf.TensorSpec([None], tf.float32), tf.TensorSpec([None], tf.bool)] if accumulates else []),
            tf.TensorSpec([], tf.int32),
            tf.TensorSpec([], tf.int32),
        ]
        self._functions: dict[bool, Any] = {}

    def start_over(self) -> None:
        """Forget gradients that were accumulated but not applied."""
        for total in self._sums if self.accumulates else ():
            total.assign(tf.zeros_like(total))

    def train(
        self,
        x: Any,
        y: Any,
        table: NDArray[np.int32],
        start: int,
        stop: int,
        *,
        shares: NDArray[np.float32] | None = None,
        applies: NDArray[np.bool_] | None = None,
        compiled: bool = False,
    ) -> Measured:
        """Train on the batches `table[start:stop]` (row numbers), ending early after a loss that is not finite.

        `shares` (each micro-batch's part of its update's examples) and `applies` (where an update is taken) are for
        accumulation. `stop == start` trains nothing, but traces and compiles.
        """
        extra = (shares, applies) if self.accumulates else ()
        function = self._function(compiled)
        with _quick_start(self.model):
            done, values, rates = function(x, y, table, *extra, np.int32(start), np.int32(stop))
        end = int(done)
        return Measured(end - start, values.numpy()[start:end], rates.numpy()[start:end])

    def _function(self, compiled: bool) -> Any:
        if compiled not in self._functions:
            self._functions[compiled] = tf.function(
                self._train, input_signature=self._signature, autograph=False, jit_compile=compiled or None
            )
        return self._functions[compiled]

    def _train(self, x: Any, y: Any, table: Any, *rest: Any) -> tuple[Any, Any, Any]:
        *accumulation, start, stop = rest
        rows = tf.shape(table)[0]
        width = 1 + self.measures.values
        recorded = tf.TensorArray(tf.float32, rows, element_shape=[width])
        rates = tf.TensorArray(tf.float32, rows, element_shape=[])

        def goes_on(index: Any, finite: Any, *_: Any) -> Any:
            return tf.logical_and(index < stop, finite)

        def step(index: Any, _: Any, recorded: Any, rates: Any) -> tuple[Any, ...]:
            visit = table[index]
            batch_x = tf.nest.map_structure(lambda values: tf.gather(values, visit), x)
            batch_y = tf.nest.map_structure(lambda values: tf.gather(values, visit), y)
            rate = updates.learning_rate(self.model.optimizer)
            loss, metrics = self._batch(batch_x, batch_y, *(column[index] for column in accumulation))
            values = tf.concat([[loss], metrics], axis=0)
            finite = tf.math.is_finite(loss)
            return index + 1, finite, recorded.write(index, values), rates.write(index, rate)

        # One iteration at a time: each update needs the weights of the one before.
        index, _, recorded, rates = tf.while_loop(
            goes_on, step, (start, tf.constant(True), recorded, rates), parallel_iterations=1
        )
        return index, recorded.stack(), rates.stack()

    def _batch(self, x: Any, y: Any, share: Any = None, applies: Any = None) -> tuple[Any, Any]:
        variables = self.model.trainable_variables
        optimizer = self.model.optimizer
        with tf.GradientTape() as tape:
            prediction = self.measures.forward(x, training=True)
            loss = self.measures.loss(x, y, prediction, training=True)
            scaled = optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, variables)
        if self.accumulates:
            self._accumulate(gradients, variables, share, applies)
        else:
            updates.apply(optimizer, gradients, variables)
        return loss, self.measures.batch(x, y, prediction, loss)

    def _accumulate(self, gradients: Any, variables: Any, share: Any, applies: Any) -> None:
        """Add this micro-batch's part of the mean over the update's examples; step where the update is complete.

        Weighted by examples, so that 6 x 4 is exactly 24, ragged ends included; Keras' own accumulation takes the
        mean of the micro-batches' means.
        """
        for total, gradient in zip(self._sums, gradients, strict=True):
            if gradient is not None:
                total.assign_add(tf.convert_to_tensor(gradient) * share)

        def step() -> Any:
            updates.apply(self.model.optimizer, [total.read_value() for total in self._sums], variables)
            for total in self._sums:
                total.assign(tf.zeros_like(total))
            return tf.constant(0)

        tf.cond(applies, step, lambda: tf.constant(0))


def check_trainable(model: Any) -> None:
    """Raise BatchVizError for a model that this loop cannot train faithfully."""
    import keras

    if not isinstance(model, keras.Model) or not getattr(model, "compiled", False) or model.optimizer is None:
        raise BatchVizError("The model is not compiled. Call model.compile(optimizer=..., loss=...) before fit.")
    if type(model).train_step is not keras.Model.train_step and type(model) is not keras.Sequential:
        raise BatchVizError(
            f"{type(model).__name__} has a train_step of its own, which a compiled loop would ignore. "
            "Expected a model that trains by its compiled loss; override compute_loss instead."
        )
    if model.run_eagerly:
        raise BatchVizError("The model was compiled with run_eagerly=True. Compile it without to train it here.")
    if not model.trainable_variables and model.built:
        raise BatchVizError("The model has no trainable weights. Set trainable=True on a layer.")


@contextlib.contextmanager
def _quick_start(model: Any) -> Iterator[None]:
    """Skip TensorFlow's graph optimiser for small models, and Python's collector while tracing.

    On a network of a few hundred weights the optimiser takes 50 ms and gains nothing; on a large one it pays.
    """
    small = model.count_params() < 100_000
    collecting = gc.isenabled()
    before = tf.config.optimizer.get_experimental_options().get("disable_meta_optimizer", False)
    if small and not before:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        if small and not before:
            tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": before})


def _open_rows(values: Any) -> Any:
    return tf.TensorSpec([None, *values.shape[1:]], values.dtype)
