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
from batchviz.training.batch_metrics import BatchMetrics, fixed_batch
from batchviz.training.data import Data, Nest, Nests, cut, fix_rows, open_rows, pick, split
from batchviz.training.refusals import in_words
from batchviz.training.xla import TracedFunction

PIECE_ROWS = 2048  # bounds the activations held at once


class Evaluator:
    """Evaluates one model; traced once for all data."""

    def __init__(self, batch_metrics: BatchMetrics, x: Nest, y: Nest, weights: Nest = ()) -> None:
        """`x`, `y` and `weights` show the shapes."""
        self.batch_metrics = batch_metrics
        self._rows_of = open_rows(x), open_rows(y), open_rows(weights)
        self._functions: dict[bool, TracedFunction] = {}
        self._moves = False

    def measure(
        self,
        data: Data,
        sample: Sample,
        *,
        batch_size: int,
        held_out_batch_size: int,
        held_out: bool = True,
        as_keras: bool = False,
    ) -> tuple[NDArray[np.float64], ...]:
        """Loss and metrics, each of shape (len(names),), of the training rows and, if `held_out`, of the others.

        A loss that is a mean over examples is evaluated in large pieces; any other in batches of these sizes, since
        its value depends on how the rows are cut (Keras does the same). What a model changes when it is called (the
        state of a layer, a seed, metrics) is put back, except, `as_keras`, after the rows held out: Keras evaluates
        those at an epoch's end, and what that moves stays moved.
        """
        with in_words(self.batch_metrics.model, data.x, data.y):
            return self._measure(data, sample, batch_size, held_out_batch_size, held_out, as_keras)

    def _measure(
        self,
        data: Data,
        sample: Sample,
        batch_size: int,
        held_out_batch_size: int,
        held_out: bool,
        as_keras: bool,
    ) -> tuple[NDArray[np.float64], ...]:
        held_out = held_out and bool(data.validation)
        together = held_out and data.rows <= PIECE_ROWS and sample.whole and self._in_pieces()
        function = self._trace(together)
        if self._in_pieces():
            if together:
                (values,) = function(*data.rows_of, *map(tf.constant, (0, data.training, data.rows)))
                return tuple(np.asarray(values.numpy(), np.float64))
            batch_size = held_out_batch_size = PIECE_ROWS
        elif together:
            function = self._trace(False)
        mean = self._running if self.batch_metrics.running else self._mean
        before = self._state(function)
        others = []
        if held_out:
            others = [mean(data.rows_of, data.training, data.rows, held_out_batch_size)]
            if as_keras:
                before = self._state(function)
        trained = mean(sample.rows_of, 0, sample.rows, batch_size)
        for variable, value in before:
            variable.assign(value)
        return (trained, *others)

    def _state(self, function: TracedFunction) -> list[tuple[Any, Any]]:
        """Variables that an evaluation may move, with their values."""
        if not self._moves:
            return []
        trained = {id(variable.value) for variable in self.batch_metrics.model.trainable_variables}
        return [(v, tf.identity(v)) for v in function.variables if id(v) not in trained]

    def _mean(self, rows_of: Nests, start: int, stop: int, piece: int) -> NDArray[np.float64]:
        function, starts = self._trace(False), range(start, stop, piece)
        ends = [min(first + piece, stop) for first in starts]
        values = [
            function(*rows_of, tf.constant(first), tf.constant(end))[0].numpy()
            for first, end in zip(starts, ends, strict=True)
        ]
        return self.batch_metrics.average(np.array(values), np.array(ends) - np.array(starts))

    def _running(self, rows_of: Nests, start: int, stop: int, piece: int) -> NDArray[np.float64]:
        """Through the model's test_step, as Keras' `evaluate` does; its metrics hold the means."""
        model, function = self.batch_metrics.model, self._trace(False)
        model.reset_metrics()
        for first in range(start, stop, piece):
            function(*rows_of, tf.constant(first), tf.constant(min(first + piece, stop)))
        results = model.get_metrics_result()
        return np.array([float(results[name]) for name in self.batch_metrics.names], np.float64)

    def _in_pieces(self) -> bool:
        """Whether rows may be evaluated however many at a time: known for sure once a function was traced."""
        return self.batch_metrics.is_mean_over_examples() and not self._moves

    def _trace(self, together: bool) -> TracedFunction:
        """Of one part of the rows, or of two `together`."""
        if together not in self._functions:
            running = self.batch_metrics.running
            single = self._test_step if running else self._one_part
            numbers = [tf.TensorSpec([], tf.int32)] * (3 if together else 2)
            function = TracedFunction(self._two_parts if together else single, (*self._rows_of, *numbers))
            self._moves = running or function.moves_variables()
            self._functions[together] = function
        return self._functions[together]

    def _test_step(self, x: Nest, y: Nest, weights: Nest, start: Any, stop: Any) -> Any:
        """One batch through Keras; returns the loss of that call, which nobody reads."""
        model, names = self.batch_metrics.model, self.batch_metrics.names
        data = tuple(fix_rows(cut(nest, start, stop), fixed_batch(model)) for nest in (x, y, weights))
        results = model.test_step(data if self.batch_metrics.weighted else data[:2])
        if set(results) != set(names):
            raise BatchVizError(
                f"The test_step of {type(model).__name__} returns {', '.join(results)}; expected "
                f"{', '.join(names)}, as in training."
            )
        return results["loss"]

    def _one_part(self, x: Nest, y: Nest, weights: Nest, start: Any, stop: Any) -> Any:
        """Values of rows start to stop."""
        fixed = fixed_batch(self.batch_metrics.model)
        x, y, weights = (fix_rows(cut(nest, start, stop), fixed) for nest in (x, y, weights))
        return self._row(x, y, self.batch_metrics.forward(x, training=False), weights)

    def _row(self, x: Nest, y: Nest, prediction: Any, weights: Nest) -> Any:
        loss = self.batch_metrics.loss(x, y, prediction, weights)
        return tf.stack([loss, *self.batch_metrics.metrics(x, y, prediction, loss, weights)])

    def _two_parts(self, x: Nest, y: Nest, weights: Nest, start: Any, middle: Any, stop: Any) -> Any:
        """Values of rows start to middle, and of middle to stop: one forward pass."""
        x, y, weights = (cut(nest, start, stop) for nest in (x, y, weights))
        prediction = self.batch_metrics.forward(x, training=False)
        lengths = tf.stack([middle - start, stop - middle])
        parts = zip(*(split(nest, lengths) for nest in (x, y, prediction, weights)), strict=True)
        return tf.stack([self._row(*part) for part in parts])


class Sample:
    """The rows on which the true training loss is taken: all, or a fixed random sample on a large model."""

    def __init__(self, data: Data, *, weights: int, seed: int) -> None:
        self.whole = weights * data.training <= SAMPLE_WORK or data.training <= SAMPLE_ROWS
        self.rows_of, self.rows = data.rows_of, data.training
        if not self.whole:
            chosen = np.sort(np.random.default_rng(seed).permutation(data.training)[:SAMPLE_ROWS])
            x, y, weights = (pick(nest, chosen) for nest in data.rows_of)
            self.rows_of, self.rows = (x, y, weights), SAMPLE_ROWS
