"""The model as it stands on the training and the validation rows: what Keras' `evaluate` gives.

Keras evaluates validation rows only; the true training loss beside them is what its running mean lags behind.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import BatchVizError
from batchviz.experiment.limits import SAMPLE_ROWS, SAMPLE_WORK
from batchviz.training.batch_metrics import BatchMetrics
from batchviz.training.data import Data, Nest, cut, open_rows, pick, split
from batchviz.training.xla import TracedFunction

PIECE_ROWS = 2048  # bounds the activations held at once


class Evaluator:
    """Evaluates one model; traced once for all data."""

    def __init__(self, batch_metrics: BatchMetrics, x: Nest, y: Nest) -> None:
        """`x` and `y` show the shapes."""
        self.batch_metrics = batch_metrics
        number = tf.TensorSpec([], tf.int32)
        self._signature = (open_rows(x), open_rows(y), number, number, number)
        self._function: TracedFunction | None = None

    def measure(self, data: Data, sample: Sample, *, batch_size: int) -> tuple[NDArray[np.float64], ...]:
        """Loss and metrics, each of shape (len(names),), of the training rows and of those held out, if any.

        A loss that is a mean over examples is evaluated in large pieces; any other in batches of
        `batch_size`, since its value depends on how the rows are cut (Keras does the same).
        """
        if self.batch_metrics.running:
            return self._running(data, sample, batch_size)
        self._trace()
        piece = PIECE_ROWS if self.batch_metrics.is_mean_over_examples() else batch_size
        if data.rows <= piece == PIECE_ROWS and sample.whole:
            values = self._values(data.x, data.y, 0, data.training, data.rows)
            return tuple(values[: 1 + bool(data.validation)])
        parts = [self._mean(sample.x, sample.y, 0, sample.rows, piece)]
        if data.validation:
            parts.append(self._mean(data.x, data.y, data.training, data.rows, piece))
        return tuple(parts)

    def _mean(self, x: Nest, y: Nest, start: int, stop: int, piece: int) -> NDArray[np.float64]:
        starts = range(start, stop, piece)
        ends = [min(first + piece, stop) for first in starts]
        values = [self._values(x, y, first, end, end)[0] for first, end in zip(starts, ends, strict=True)]
        return self.batch_metrics.average(np.array(values), np.array(ends) - np.array(starts))

    def _values(self, x: Nest, y: Nest, *bounds: int) -> NDArray[np.float64]:
        (values,) = self._trace()(x, y, *map(tf.constant, bounds))
        return np.asarray(values.numpy(), np.float64)

    def _trace(self) -> TracedFunction:
        if self._function is None:
            self._function = TracedFunction(self._two_parts, self._signature)
        return self._function

    def _running(self, data: Data, sample: Sample, batch_size: int) -> tuple[NDArray[np.float64], ...]:
        """Through Keras, whose metrics then hold what the running epoch needs: saved and put back."""
        model = self.batch_metrics.model
        saved = [variable.numpy().copy() for variable in model.metrics_variables]
        parts = [(cut(sample.x, 0, sample.rows), cut(sample.y, 0, sample.rows))]
        if data.validation:
            parts.append((cut(data.x, data.training, data.rows), cut(data.y, data.training, data.rows)))
        values = []
        for x, y in parts:
            results = model.evaluate(x, y, batch_size=batch_size, verbose=0, return_dict=True)
            if set(results) != set(self.batch_metrics.names):
                raise BatchVizError(
                    f"The test_step of {type(model).__name__} returns {', '.join(results)}; expected "
                    f"{', '.join(self.batch_metrics.names)}, as in training."
                )
            values.append(np.array([results[name] for name in self.batch_metrics.names], dtype=np.float64))
        for variable, value in zip(model.metrics_variables, saved, strict=True):
            variable.assign(value)
        return tuple(values)

    def _two_parts(self, x: Nest, y: Nest, start: Any, middle: Any, stop: Any) -> Any:
        """Values of rows start to middle, and of middle to stop (NaN if there are none): one forward pass."""
        x, y = cut(x, start, stop), cut(y, start, stop)
        prediction = self.batch_metrics.forward(x, training=False)
        lengths = tf.stack([middle - start, stop - middle])
        parts = zip(*(split(nest, lengths) for nest in (x, y, prediction)), strict=True)
        rows = []
        for part_x, part_y, part_prediction in parts:
            loss = self.batch_metrics.loss(part_x, part_y, part_prediction)
            rows.append(tf.stack([loss, *self.batch_metrics.metrics(part_x, part_y, part_prediction, loss)]))
        return tf.stack(rows)


class Sample:
    """The rows on which the true training loss is taken: all, or a fixed random sample on a large model."""

    def __init__(self, data: Data, *, weights: int, seed: int) -> None:
        self.whole = weights * data.training <= SAMPLE_WORK or data.training <= SAMPLE_ROWS
        self.x, self.y, self.rows = data.x, data.y, data.training
        if not self.whole:
            chosen = np.sort(np.random.default_rng(seed).permutation(data.training)[:SAMPLE_ROWS])
            self.x, self.y, self.rows = pick(data.x, chosen), pick(data.y, chosen), SAMPLE_ROWS
