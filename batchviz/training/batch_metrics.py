"""What is measured of a batch: the loss and the metrics of a compiled model, each batch by itself.

`on_train_batch_end` logs of Keras are running means, which hide the noise; here every batch has its own
value. A metric that is no mean over examples (AUC, precision) has no such value, nor has what a model measures
in its own way: then the model is measured as Keras does, through the metrics' own running state (`running` is
True).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import BatchVizError, DataError
from batchviz.training import keras_private, losses, row_wise, xla
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
        rows = fixed_batch(model) or 1
        first_x, first_y, first_weights = (cut(nest, 0, rows) for nest in (x, y, weights))
        keras_private.build(model, first_x, first_y)
        prediction = _stand_in(model)
        if prediction is None:
            with (
                keras.StatelessScope()
            ):  # a look at the shapes leaves every seed, counter and state as it was
                prediction = self.forward(first_x, training=False)
        compiled = keras_private.compiled_metrics(model)
        for part in (keras_private.compiled_loss(model), compiled):
            if part is not None and not part.built:
                part.build(first_y, prediction)
        metrics = [] if compiled is None else list(compiled.metrics)
        names = [metric.name for metric in metrics]
        self._with_gradient = None if self.weighted else losses.with_gradient(model, first_y, prediction)
        self.running = (
            not all(map(_is_plain_mean, metrics))
            or len(set(names)) < len(names)
            or not isinstance(prediction, tf.Tensor)
            or keras_private.mask_of(prediction) is not None
            or (self.weighted and keras_private.has_weighted_metrics(model))
            or bool({*map(id, model.metrics)} - {id(keras_private.loss_tracker(model)), id(compiled)})
            or any(overrides(model, name) for name in ("compute_metrics", "get_metrics_result", "test_step"))
            or prediction.dtype != tf.float32
            or not self._loss_is_one_number(first_x, first_y, prediction, first_weights)
        )
        self._metrics = [] if self.running else metrics
        self.names = ["loss", *names]
        if self.running:
            self.names = _running_names(model, first_x, first_y, prediction, self._as_taken(first_weights))
        # Keras averages a metric that is one number a batch over batches, any other over examples.
        self._one_a_batch = [_values(m, first_y, prediction).shape.rank == 0 for m in self._metrics]
        self._parts_average = (
            not (self.running or any(self._one_a_batch))
            and (self._with_gradient is not None or losses.is_mean_over_examples(model, first_y, prediction))
            and row_wise.is_row_wise(model)
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
        """Loss of one training batch, the gradients of the trainable variables, and the prediction.

        The loss is one number, or many where it was compiled without a reduction: their sum is what is trained.
        """
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
            return [tf.reduce_mean(tf.cast(_values(m, y, prediction), tf.float32)) for m in self._metrics]
        rows = tf.shape(tf.nest.flatten(x)[0])[0]
        tracker = keras_private.loss_tracker(self.model)
        tracker.update_state(loss, sample_weight=tf.cast(rows, tf.float32))
        results = self.model.compute_metrics(x, y, prediction, sample_weight=self._as_taken(weights))
        return [tf.cast(results[name], tf.float32) for name in self.names[1:]]

    def average(self, values: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Values of batches (batches, len(names)) averaged as Keras does; `sizes` are the examples in each."""
        means = average(values, sizes)
        if any(self._one_a_batch):
            means = np.where([False, *self._one_a_batch], values.astype(np.float64).mean(axis=0), means)
        return means

    def leave(self, means: Sequence[float], examples: int, batches: int) -> None:
        """Leave Keras' metric objects as its `fit` does: with the means of what was measured last."""
        if self.running:
            return  # they measured it
        trackers = [keras_private.loss_tracker(self.model), *self._metrics]
        for tracker, mean, one_a_batch in zip(trackers, means, [False, *self._one_a_batch], strict=True):
            count = batches if one_a_batch else examples
            tracker.total.value.assign(mean * count, read_value=False)
            tracker.count.value.assign(count, read_value=False)

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
            self.model, x, y, prediction, self._as_taken(weights), training=training
        )
        return tf.cast(loss, tf.float32)

    def _loss_is_one_number(self, x: Any, y: Any, prediction: Any, weights: Any) -> bool:
        if self._with_gradient is not None:
            return True

        def loss(*parts: Any) -> Any:
            return self._compiled_loss(*parts, training=False)

        with keras.StatelessScope():
            return bool(xla.looked_at(loss, x, y, prediction, weights).shape.rank == 0)

    def _check_weights(self, x: Any, y: Any, weights: Any) -> None:
        """Raise DataError for weights that Keras' loss cannot take."""
        longest = max(size for values in tf.nest.flatten(weights) for size in (1, *values.shape[1:]))
        # More rows than any other side of the weights has, or TensorFlow would stretch one along the other.
        x, y, some = (pick(nest, [0] * (longest + 1)) for nest in (x, y, weights))
        try:
            with keras.StatelessScope():
                self._compiled_loss(x, y, self.forward(x, training=False), some, training=False)
        except (ValueError, TypeError, tf.errors.InvalidArgumentError):
            shapes = ", ".join(str(tuple(values.shape)) for values in tf.nest.flatten(weights))
            raise DataError(
                f"sample_weight has the shape {shapes}, which does not fit the loss of the model. Expected one number "
                "a row, or one for each value that the loss has in a row."
            ) from None

    def _as_taken(self, weights: Any) -> Any:
        """Weights as Keras takes them."""
        return weights if self.weighted else None


def overrides(model: Any, name: str) -> bool:
    """Whether a model has a method of its own in place of Keras', by its class or put into the object."""
    return getattr(type(model), name) is not getattr(keras.Model, name) or name in vars(model)


def fixed_batch(model: Any) -> int | None:
    """The one batch size that a model can be called with: layers that keep a state for each row of it. Else None."""
    if not any(getattr(layer, "stateful", False) for layer in keras_private.layers_of(model)):
        return None
    sizes = {tensor.shape[0] for tensor in getattr(model, "inputs", None) or ()}
    return max((size for size in sizes if size is not None), default=None)


def _is_plain_mean(metric: Any) -> bool:
    """Whether a metric does nothing but take the mean of its function over examples, whoever derived it from that."""
    wrapper = keras.metrics.MeanMetricWrapper
    return (
        isinstance(metric, wrapper)
        and metric.dtype == "float32"
        and all(
            getattr(type(metric), name) is getattr(wrapper, name) and name not in vars(metric)
            for name in ("update_state", "reset_state", "result", "__call__")
        )
    )


def _running_names(model: Any, x: Any, y: Any, prediction: Any, weights: Any) -> list[str]:
    with keras.StatelessScope():  # some metrics make their variables when they first see data
        measured = list(model.compute_metrics(x, y, prediction, sample_weight=weights))
    results = model.get_metrics_result()
    names = list(results)
    if set(measured) != set(names) or names[:1] != ["loss"]:
        raise BatchVizError(
            f"{type(model).__name__} measures {', '.join(measured)}, but its metrics are {', '.join(names)}. "
            "Expected the same names, loss first: keep each metric in an attribute of the model, and return it "
            "from compute_metrics under its own name."
        )
    for name, result in results.items():
        shape = tuple(keras.ops.shape(result))
        if shape:
            raise BatchVizError(
                f"The metric {name} gives an array of the shape {shape}; expected one number, which a curve can show. "
                'Pass an average to it (average="macro", say), or leave it out and call it on model.predict(x) later.'
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


def average(values: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Means over examples, in float64, of values of batches (batches, names) of these sizes."""
    means: NDArray[np.float64] = sizes @ values.astype(np.float64) / sizes.sum()
    return means
