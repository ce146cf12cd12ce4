"""What is measured of a batch: the loss and the metrics of a compiled model, each batch by itself.

`on_train_batch_end` logs of Keras are running means, which hide the noise; here every batch has its own
value. A metric that is no mean over examples (AUC, precision) has no such value, nor has what a model measures
in its own way: then the model is measured as Keras does, through the metrics' own running state (`running` is
True).
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import BatchVizError, DataError
from batchviz.training import keras_private, losses
from batchviz.training.data import cut, pick


class BatchMetrics:
    """The loss and metrics of one compiled model. `names` are Keras' history keys, `loss` first."""

    def __init__(self, model: Any, x: Any, y: Any, weights: Any = ()) -> None:
        """Build the compiled loss and metrics on one row, which also builds a model without declared inputs.

        `weights` of the rows, or an empty nest: unweighted metrics are none of their business.

        Raises BatchVizError for a model whose own compute_metrics returns other names than its metrics have.
        """
        self.model = model
        self.weighted = bool(tf.nest.flatten(weights))
        first_x, first_y = cut(x, 0, 1), cut(y, 0, 1)
        prediction = _stand_in(model)
        if prediction is None:
            prediction = self.forward(first_x, training=False)
        compiled = keras_private.compiled_metrics(model)
        for part in (keras_private.compiled_loss(model), compiled):
            if part is not None and not part.built:
                part.build(first_y, prediction)
        metrics = [] if compiled is None else list(compiled.metrics)
        names = [metric.name for metric in metrics]
        self.running = (
            not all(isinstance(metric, keras.metrics.MeanMetricWrapper) for metric in metrics)
            or len(set(names)) < len(names)
            or not isinstance(prediction, tf.Tensor)
            or keras_private.mask_of(prediction) is not None
            or (self.weighted and keras_private.has_weighted_metrics(model))
            or bool({*map(id, model.metrics)} - {id(keras_private.loss_tracker(model)), id(compiled)})
            or any(overrides(model, name) for name in ("compute_metrics", "get_metrics_result", "test_step"))
        )
        self._metrics = [] if self.running else metrics
        self.names = _running_names(model, first_x, first_y, prediction) if self.running else ["loss", *names]
        # Keras averages a metric that is one number a batch over batches, any other over examples.
        self._one_a_batch = [_values(m, first_y, prediction).shape.rank == 0 for m in self._metrics]
        self._with_gradient = None if self.weighted else losses.with_gradient(model, first_y, prediction)
        self._parts_average = not (self.running or any(self._one_a_batch)) and (
            self._with_gradient is not None or losses.is_mean_over_examples(model, first_y, prediction)
        )
        self._layers_add = False
        if self.weighted:
            self._check_weights(x, y, weights)

    def forward(self, x: Any, *, training: bool) -> Any:
        """The model's prediction for a batch."""
        if keras_private.takes_training(self.model):
            return self.model(x, training=training)
        return self.model(x)

    def learn(self, x: Any, y: Any, weights: Any = ()) -> tuple[Any, list[Any], Any]:
        """Loss of one training batch, the gradients of the trainable variables, and the prediction."""
        variables, optimizer = self.model.trainable_variables, self.model.optimizer
        with tf.GradientTape() as tape:
            prediction = self.forward(x, training=True)
            plain = self._plain_loss()
            if plain is None:
                loss = self._compiled_loss(x, y, prediction, weights, training=True)
                scaled = optimizer.scale_loss(loss)
        if plain is None:
            return loss, tape.gradient(scaled, variables), prediction
        loss, gradient = plain(y, prediction)
        seed = optimizer.scale_loss(gradient)
        return loss, tape.gradient(prediction, variables, output_gradients=seed), prediction

    def loss(self, x: Any, y: Any, prediction: Any, weights: Any = ()) -> Any:
        """The compiled loss in inference mode, regularisation included; a float32 scalar."""
        self._layers_add = keras_private.adds_losses(self.model)
        plain = self._plain_loss()
        if plain is not None:
            return plain(y, prediction)[0]
        return self._compiled_loss(x, y, prediction, weights, training=False)

    def metrics(self, x: Any, y: Any, prediction: Any, loss: Any, weights: Any = ()) -> list[Any]:
        """The metrics of one batch, float32 scalars for `names[1:]`; running values if `running`."""
        if not self.running:
            return [tf.cast(tf.reduce_mean(_values(m, y, prediction)), tf.float32) for m in self._metrics]
        rows = tf.shape(tf.nest.flatten(x)[0])[0]
        tracker = keras_private.loss_tracker(self.model)
        tracker.update_state(loss, sample_weight=tf.cast(rows, tf.float32))
        results = self.model.compute_metrics(x, y, prediction, sample_weight=self._given(weights))
        return [tf.cast(results[name], tf.float32) for name in self.names[1:]]

    def average(self, values: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Values of batches (batches, len(names)) averaged as Keras does; `sizes` are the examples in each."""
        values = values.astype(np.float64)
        means: NDArray[np.float64] = sizes @ values / sizes.sum()
        if any(self._one_a_batch):
            means = np.where([False, *self._one_a_batch], values.mean(axis=0), means)
        return means

    def is_mean_over_examples(self) -> bool:
        """Whether loss and metrics of many rows are the mean of those of its parts, however they are cut.

        Known once `loss` was traced, which shows what layers add to it of each batch.
        """
        return self._parts_average and not self._layers_add

    def _plain_loss(self) -> losses.WithGradient | None:
        # Layers may add losses of their own whenever they are called; only Keras sums those up.
        return None if self.model.losses else self._with_gradient

    def _compiled_loss(self, x: Any, y: Any, prediction: Any, weights: Any, *, training: bool) -> Any:
        loss = keras_private.compute_loss(
            self.model, x, y, prediction, self._given(weights), training=training
        )
        return tf.cast(loss, tf.float32)

    def _check_weights(self, x: Any, y: Any, weights: Any) -> None:
        """Raise DataError for weights that Keras' loss cannot take."""
        longest = max(size for values in tf.nest.flatten(weights) for size in (1, *values.shape[1:]))
        # More rows than any other side of the weights has, or TensorFlow would stretch one along the other.
        x, y, some = (pick(nest, [0] * (longest + 1)) for nest in (x, y, weights))
        try:
            self._compiled_loss(x, y, self.forward(x, training=False), some, training=False)
        except (ValueError, TypeError, tf.errors.InvalidArgumentError):
            shapes = ", ".join(str(tuple(values.shape)) for values in tf.nest.flatten(weights))
            raise DataError(
                f"sample_weight has the shape {shapes}, which does not fit the loss of the model. Expected one number "
                "a row, or one for each value that the loss has in a row."
            ) from None

    def _given(self, weights: Any) -> Any:
        """Weights as Keras takes them."""
        return weights if self.weighted else None


def overrides(model: Any, name: str) -> bool:
    """Whether a model has a method of its own in place of Keras'."""
    return getattr(type(model), name) is not getattr(keras.Model, name)


def _running_names(model: Any, x: Any, y: Any, prediction: Any) -> list[str]:
    names = list(model.get_metrics_result())
    measured = names
    if overrides(model, "compute_metrics"):
        measured = list(model.compute_metrics(x, y, prediction, sample_weight=None))
        model.reset_metrics()
    if set(measured) != set(names) or names[:1] != ["loss"]:
        raise BatchVizError(
            f"{type(model).__name__} measures {', '.join(measured)}, but its metrics are {', '.join(names)}. "
            "Expected the same names, loss first: keep each metric in an attribute of the model, and return it "
            "from compute_metrics under its own name."
        )
    return names


def _stand_in(model: Any) -> Any:
    """A prediction of one row from the declared shapes, which spares a first call; None where it takes one."""
    outputs = getattr(model, "outputs", None)
    if not isinstance(model, keras.Sequential) or not outputs or len(outputs) != 1:
        return None
    if None in outputs[0].shape[1:] or keras_private.mask_of(outputs[0]) is not None:
        return None
    return tf.zeros((1, *outputs[0].shape[1:]), outputs[0].dtype)


def _values(metric: Any, y: Any, prediction: Any) -> Any:
    """Values with the mean that MeanMetricWrapper.update_state takes."""
    function, arguments = keras_private.metric_function(metric)
    if function is keras.losses.mean_absolute_error and losses.are_alike(y, prediction):
        return tf.abs(prediction - y)  # what Keras writes out in six operations
    return function(y, prediction, **arguments)
