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
from batchviz.training.data import Data, Nest, Nests, cut, open_rows, pick, split
from batchviz.training.xla import TracedFunction

PIECE_ROWS = 2048  # bounds the activations held at once


class Evaluator:
    """Evaluates one model; traced once for all data."""

    def __init__(self, batch_metrics: BatchMetrics, x: Nest, y: Nest, weights: Nest = ()) -> None:
        """`x`, `y` and `weights` show the shapes."""
        self.batch_metrics = batch_metrics
        number = tf.TensorSpec([], tf.int32)
        self._signature = (open_rows(x), open_rows(y), open_rows(weights), number, number, number)
        self._function: TracedFunction | None = None

    def measure(
        self, data: Data, sample: Sample, *, batch_size: int, held_out_batch_size: int, held_out: bool = True
    ) -> tuple[NDArray[np.float64], ...]:
        """Loss and metrics, each of shape (len(names),), of the training rows and, if `held_out`, of the others.

        A loss that is a mean over examples is evaluated in large pieces; any other in batches of these sizes, since
        its value depends on how the rows are cut (Keras does the same).
        """
        held_out = held_out and bool(data.validation)
        if self.batch_metrics.running:
            return self._running(data, sample, batch_size, held_out_batch_size if held_out else 0)
        self._trace()
        if self.batch_metrics.is_mean_over_examples():
            batch_size = held_out_batch_size = PIECE_ROWS
            if data.rows <= PIECE_ROWS and sample.whole and held_out == bool(data.validation):
                values = self._values(data.rows_of, 0, data.training, data.rows)
                return tuple(values[: 1 + held_out])
        parts = [self._mean(sample.rows_of, 0, sample.rows, batch_size)]
        if held_out:
            parts.append(self._mean(data.rows_of, data.training, data.rows, held_out_batch_size))
        return tuple(parts)

    def _mean(self, rows_of: Nests, start: int, stop: int, piece: int) -> NDArray[np.float64]:
        starts = range(start, stop, piece)
        ends = [min(first + piece, stop) for first in starts]
        values = [self._values(rows_of, first, end, end)[0] for first, end in zip(starts, ends, strict=True)]
        return self.batch_metrics.average(np.array(values), np.array(ends) - np.array(starts))

    def _values(self, rows_of: Nests, *bounds: int) -> NDArray[np.float64]:
        (values,) = self._trace()(*rows_of, *map(tf.constant, bounds))
        return np.asarray(values.numpy(), np.float64)

    def _trace(self) -> TracedFunction:
        if self._function is None:
            self._function = TracedFunction(self._two_parts, self._signature)
        return self._function

    def _running(
        self, data: Data, sample: Sample, batch_size: int, held_out_batch_size: int
    ) -> tuple[NDArray[np.float64], ...]:
        """Through Keras, whose metrics then hold what the running epoch needs: saved and put back."""
        model = self.batch_metrics.model
        saved = [variable.numpy().copy() for variable in model.metrics_variables]
        parts = [(batch_size, [cut(nest, 0, sample.rows) for nest in sample.rows_of])]
        if held_out_batch_size:
            others = [cut(nest, data.training, data.rows) for nest in data.rows_of]
            parts.append((held_out_batch_size, others))
        values = []
        for size, (x, y, weights) in parts:
            results = model.evaluate(
                x,
                y,
                batch_size=size,
                verbose=0,
                sample_weight=weights if self.batch_metrics.weighted else None,
                return_dict=True,
            )
            if set(results) != set(self.batch_metrics.names):
                raise BatchVizError(
                    f"The test_step of {type(model).__name__} returns {', '.join(results)}; expected "
                    f"{', '.join(self.batch_metrics.names)}, as in training."
                )
            values.append(np.array([results[name] for name in self.batch_metrics.names], dtype=np.float64))
        for variable, value in zip(model.metrics_variables, saved, strict=True):
            variable.assign(value)
        return tuple(values)

    def _two_parts(self, x: Nest, y: Nest, weights: Nest, start: Any, middle: Any, stop: Any) -> Any:
        """Values of rows start to middle, and of middle to stop (NaN if there are none): one forward pass."""
        x, y, weights = (cut(nest, start, stop) for nest in (x, y, weights))
        prediction = self.batch_metrics.forward(x, training=False)
        lengths = tf.stack([middle - start, stop - middle])
        rows = []
        parts = zip(*(split(nest, lengths) for nest in (x, y, prediction, weights)), strict=True)
        for part_x, part_y, part_prediction, part_weights in parts:
            loss = self.batch_metrics.loss(part_x, part_y, part_prediction, part_weights)
            metrics = self.batch_metrics.metrics(part_x, part_y, part_prediction, loss, part_weights)
            rows.append(tf.stack([loss, *metrics]))
        return tf.stack(rows)


class Sample:
    """The rows on which the true training loss is taken: all, or a fixed random sample on a large model."""

    def __init__(self, data: Data, *, weights: int, seed: int) -> None:
        self.whole = weights * data.training <= SAMPLE_WORK or data.training <= SAMPLE_ROWS
        self.rows_of, self.rows = data.rows_of, data.training
        if not self.whole:
            chosen = np.sort(np.random.default_rng(seed).permutation(data.training)[:SAMPLE_ROWS])
            x, y, weights = (pick(nest, chosen) for nest in data.rows_of)
            self.rows_of, self.rows = (x, y, weights), SAMPLE_ROWS
