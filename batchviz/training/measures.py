"""What is measured of a batch: the loss and the metrics of a compiled model, each batch by itself.

`on_train_batch_end` logs of Keras are running means, which hide the noise; here every batch has its own value.
A metric that is no mean over examples (AUC, precision) has no such value: then the model is measured as Keras does,
through the metrics' own running state (`running` is True).
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

EVALUATION_ROWS = 1024  # bounds the activations held at once


class Measures:
    """The loss and metrics of one compiled model. `names` are Keras' history keys, `loss` first."""

    def __init__(self, model: Any, x: Any, y: Any) -> None:
        """Build the compiled loss and metrics on one row, which also builds a model without declared inputs."""
        self.model = model
        first_x, first_y = _rows(x, 0, 1), _rows(y, 0, 1)
        prediction = self.forward(first_x, training=False)
        for part in (model._compile_loss, model._compile_metrics):
            if part is not None and not part.built:
                part.build(first_y, prediction)
        metrics = list(model._compile_metrics.metrics) if model._compile_metrics is not None else []
        names = [metric.name for metric in metrics]
        self.running = (
            not all(isinstance(metric, keras.metrics.MeanMetricWrapper) for metric in metrics)
            or len(set(names)) < len(names)
            or not isinstance(prediction, tf.Tensor)
            or getattr(prediction, "_keras_mask", None) is not None
            or bool(model._compile_loss.metrics)
        )
        self.metrics = [] if self.running else metrics
        self.names = list(model.get_metrics_result()) if self.running else ["loss", *names]
        self.values = len(self.names) - 1
        # Keras averages a metric that is one number a batch over batches, any other over examples.
        self.one_a_batch = [_metric_value(m, first_y, prediction).shape.rank == 0 for m in self.metrics]
        self._evaluate: Any = None

    def forward(self, x: Any, *, training: bool) -> Any:
        """The model's prediction for a batch."""
        if self.model._call_has_training_arg:
            return self.model(x, training=training)
        return self.model(x)

    def loss(self, x: Any, y: Any, prediction: Any, *, training: bool) -> Any:
        """The compiled loss of one batch, regularisation included; a float32 scalar."""
        loss = self.model._compute_loss(x=x, y=y, y_pred=prediction, sample_weight=None, training=training)
        return tf.cast(loss, tf.float32)

    def batch(self, x: Any, y: Any, prediction: Any, loss: Any) -> Any:
        """The metrics of one batch, a float32 vector of length `values`; running values if `running`."""
        if self.running:
            rows = tf.shape(tf.nest.flatten(x)[0])[0]
            self.model._loss_tracker.update_state(loss, sample_weight=tf.cast(rows, tf.float32))
            results = self.model.compute_metrics(x, y, prediction, sample_weight=None)
            values = [tf.cast(results[name], tf.float32) if name in results else loss for name in self.names[1:]]
        else:
            values = [tf.cast(tf.reduce_mean(_metric_value(m, y, prediction)), tf.float32) for m in self.metrics]
        return tf.stack(values) if values else tf.zeros([0])

    def evaluate(self, x: Any, y: Any, *, batch_size: int) -> NDArray[np.float64]:
        """Loss and metrics of the model as it stands, in inference mode; shape (len(names),).

        A loss that is a mean over examples is evaluated in large pieces; any other in batches of `batch_size`, since
        its value depends on how the rows are cut (Keras does the same).
        """
        if self.running:
            results = self.model.evaluate(x, y, batch_size=batch_size, verbose=0, return_dict=True)
            return np.array([results[name] for name in self.names], dtype=np.float64)
        if self._evaluate is None:
            self._evaluate = tf.function(self._measure, reduce_retracing=True, autograph=False)
        rows = len(tf.nest.flatten(x)[0])
        piece = EVALUATION_ROWS if self._is_mean_over_examples() else batch_size
        starts = range(0, rows, piece)
        values = [self._evaluate(_rows(x, s, s + piece), _rows(y, s, s + piece)).numpy() for s in starts]
        return self.average(np.array(values), np.array([min(piece, rows - s) for s in starts]))

    def average(self, values: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Values of batches (batches, len(names)) averaged as Keras does; `sizes` are the examples in each."""
        by_example = np.average(values.astype(np.float64), axis=0, weights=sizes)
        by_batch = values.mean(axis=0, dtype=np.float64)
        return np.where([False, *self.one_a_batch], by_batch, by_example) if self.metrics else by_example

    def _measure(self, x: Any, y: Any) -> Any:
        prediction = self.forward(x, training=False)
        loss = self.loss(x, y, prediction, training=False)
        return tf.concat([[loss], self.batch(x, y, prediction, loss)], axis=0)

    def _is_mean_over_examples(self) -> bool:
        loss = self.model.loss
        if any(self.one_a_batch):
            return False
        if isinstance(loss, keras.losses.Loss):
            known = type(loss).__module__.startswith("keras.")
            return known and loss.reduction in ("sum_over_batch_size", "mean")
        return isinstance(loss, str) or getattr(loss, "__module__", "").startswith("keras.")


def _metric_value(metric: Any, y: Any, prediction: Any) -> Any:
    # As MeanMetricWrapper.update_state does before it reduces.
    return metric._fn(y, prediction, **metric._fn_kwargs)


def _rows(values: Any, start: int, stop: int) -> Any:
    return tf.nest.map_structure(lambda value: value[start:stop], values)
