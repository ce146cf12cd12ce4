"""The compiled epoch: forward, backward and update of every batch inside one TensorFlow loop.

`fit` returns to Python for every batch; here Python sees only pieces of an epoch. One trace serves every
batch size, since all its shapes are open. Graph mode is quick to start; XLA (`compiled=True`) takes a moment
to compile for each shape and then takes a microsecond or so an operation, which pays for runs of thousands
of small updates.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import BatchVizError
from batchviz.training import keras_private, optimizer_step, xla
from batchviz.training.batch_metrics import BatchMetrics, fixed_batch, overrides
from batchviz.training.data import Nest, count, fix_rows, open_rows, pick
from batchviz.training.evaluation import Evaluator
from batchviz.training.refusals import in_words
from batchviz.training.xla import TracedFunction


@dataclass(frozen=True)
class StepValues:
    """What one call recorded of the batches it trained on, one row a batch."""

    rows: NDArray[np.float32]
    """(batches, 1 + metrics + 1): loss, metrics and, as it was before the batch, the learning rate. Fewer batches
    than asked for after a loss that is not finite."""
    seconds: float


class Loop:
    """The training loop of one compiled model, over any data and batch size."""

    def __init__(
        self, model: Any, x: Nest, y: Nest, *, weights: Nest = (), accumulates: bool = False
    ) -> None:
        """`x`, `y` and `weights` (tensors or nests of them) show the shapes; their number of rows may differ later."""
        self.model = model
        self.accumulates = accumulates
        with in_words(model, x, y):
            self.batch_metrics = BatchMetrics(model, x, y, weights)
            if not model.optimizer.built:
                model.optimizer.build(model.trainable_variables)
            keras_private.check_known(model.optimizer, model.trainable_variables)
        self.evaluator = Evaluator(self.batch_metrics, x, y, weights)
        if accumulates:
            self._sums = [
                tf.Variable(tf.zeros_like(v.value), trainable=False) for v in model.trainable_variables
            ]
        self._signature = (
            open_rows(x),
            open_rows(y),
            open_rows(weights),
            tf.TensorSpec([None, None], tf.int32),
            *([tf.TensorSpec([None], tf.float32), tf.TensorSpec([None], tf.bool)] if accumulates else []),
            tf.TensorSpec([], tf.int32),
            tf.TensorSpec([], tf.int32),
        )
        self._functions: dict[bool, TracedFunction] = {}
        self._prepared: set[tuple[Any, ...]] = set()

    def start_over(self) -> None:
        """Forget gradients that were accumulated but not applied."""
        for total in self._sums if self.accumulates else ():
            total.assign(tf.zeros_like(total))

    def prepare(
        self, x: Nest, y: Nest, table: NDArray[np.int32], *columns: Any, compiled: bool, weights: Nest = ()
    ) -> float:
        """Trace and compile for these shapes, if that was not done before; returns the seconds it took."""
        shape = (compiled, *((count(x), *table.shape) if compiled else ()))
        if shape in self._prepared:
            return 0.0
        begun = time.perf_counter()
        self.train(x, y, table, *columns, start=0, stop=0, compiled=compiled, weights=weights)
        self._prepared.add(shape)
        return time.perf_counter() - begun

    def train(
        self,
        x: Nest,
        y: Nest,
        table: NDArray[np.int32],
        *columns: Any,
        start: int,
        stop: int,
        compiled: bool,
        weights: Nest = (),
    ) -> StepValues:
        """Train on the batches `table[start:stop]` (row numbers), ending after a loss that is not finite.

        `columns`, for accumulation: each micro-batch's share of its update's examples, and whether the update
        is taken after it. `stop == start` trains nothing.
        """
        begun = time.perf_counter()
        arrays = (tf.convert_to_tensor(values) for values in (table, *columns))
        with in_words(self.model, x, y):
            function = self._function(compiled)
            end, recorded = function(x, y, weights, *arrays, tf.constant(start), tf.constant(stop))
        rows = recorded.numpy()[start : int(end)]
        return StepValues(rows, seconds=time.perf_counter() - begun)

    def _function(self, compiled: bool) -> TracedFunction:
        if compiled not in self._functions:
            # One trace for both.
            self._functions[compiled] = (
                self._function(False).compiled() if compiled else TracedFunction(self._train, self._signature)
            )
        return self._functions[compiled]

    def _train(self, x: Nest, y: Nest, weights: Nest, table: Any, *rest: Any) -> tuple[Any, Any]:
        *columns, start, stop = rest
        fixed = fixed_batch(self.model)
        width = len(self.batch_metrics.names) + 1
        recorded = tf.TensorArray(tf.float32, tf.shape(table)[0], element_shape=[width])

        def goes_on(index: Any, finite: Any, _: Any) -> Any:
            return tf.logical_and(index < stop, finite)

        def step(index: Any, _: Any, recorded: Any) -> tuple[Any, ...]:
            visit = tf.gather(table, index)
            rate = optimizer_step.learning_rate(self.model.optimizer)
            batch = (*(fix_rows(pick(nest, visit), fixed) for nest in (x, y, weights)), rate)
            loss, metrics = self._batch(*batch, *(tf.gather(c, index) for c in columns))
            return index + 1, tf.math.is_finite(loss), recorded.write(index, tf.stack([loss, *metrics, rate]))

        # One iteration at a time: each update needs the weights of the one before.
        first = (start, tf.constant(True), recorded)
        index, _, recorded = tf.while_loop(goes_on, step, first, parallel_iterations=1)
        if xla.is_light(self.model):
            xla.run_on_one_thread(tf.compat.v1.get_default_graph())
        return index, recorded.stack()

    def _batch(
        self, x: Nest, y: Nest, weights: Nest, rate: Any, share: Any = None, applies: Any = None
    ) -> tuple[Any, list[Any]]:
        variables = self.model.trainable_variables
        loss, gradients, prediction = self.batch_metrics.learn(x, y, weights)
        if self.accumulates:
            self._accumulate(gradients, variables, rate, share, applies)
        else:
            optimizer_step.apply(self.model.optimizer, gradients, variables, rate)
        metrics = self.batch_metrics.metrics(x, y, prediction, loss, weights)
        return loss if loss.shape.rank == 0 else tf.reduce_mean(loss), metrics

    def _accumulate(self, gradients: Any, variables: Any, rate: Any, share: Any, applies: Any) -> None:
        """Add this micro-batch's part of the mean over the update's examples; step where the update is complete.

        Weighted by examples, so that 6 x 4 is exactly 24, ragged ends included; Keras' own accumulation
        takes the mean of the micro-batches' means.
        """
        for total, gradient in zip(self._sums, gradients, strict=True):
            if gradient is not None:
                total.assign_add(tf.convert_to_tensor(gradient) * share)

        def step() -> Any:
            optimizer_step.apply(
                self.model.optimizer, [total.read_value() for total in self._sums], variables, rate
            )
            for total in self._sums:
                total.assign(tf.zeros_like(total))
            return tf.constant(0)

        tf.cond(applies, step, lambda: tf.constant(0))


def check_batches(model: Any, sizes: Collection[int]) -> None:
    """Raise BatchVizError where a model with stateful layers is made for batches of another size than these."""
    fixed = fixed_batch(model)
    others = sorted({*sizes} - {fixed, 0})
    if fixed is not None and others:
        raise BatchVizError(
            f"{model.name} is stateful and made for batches of {fixed} rows, and there are batches of "
            f"{', '.join(map(str, others))}. Pass batch_size={fixed}, and as many rows for training and for validation "
            f"as batches of {fixed} take up."
        )


def check_trainable(model: Any) -> None:
    """Raise BatchVizError for a model that this loop cannot train faithfully."""
    import keras

    if not isinstance(model, keras.Model) or not getattr(model, "compiled", False) or model.optimizer is None:
        raise BatchVizError(
            "The model is not compiled. Call model.compile(optimizer=..., loss=...) before fit."
        )
    if overrides(model, "train_step"):
        raise BatchVizError(
            f"{type(model).__name__} has a train_step of its own, which a compiled loop would ignore. "
            "Expected a model that trains by its compiled loss; override compute_loss instead."
        )
    if model.run_eagerly:
        raise BatchVizError(
            "The model was compiled with run_eagerly=True. Compile it without to train it here."
        )
    if not model.trainable_variables and model.built:
        raise BatchVizError("The model has no trainable weights. Set trainable=True on a layer.")
