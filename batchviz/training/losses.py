"""A loss together with its gradient in the prediction, written out for the two losses of the playground.

TensorFlow derives the gradient of Keras' losses for shapes that are open: dozens of small operations an
update, a third of the tracing time. They are used for exactly the losses below, unweighted and without
regularisation; every other loss goes through Keras. Parity with Keras' `fit` is a test, for these and for
the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from batchviz.training import keras_private, xla

WithGradient = Callable[[Any, Any], tuple[Any, Any]]
"""(y, prediction) -> (mean loss, its gradient in the prediction)"""


def with_gradient(model: Any, y: Any, prediction: Any) -> WithGradient | None:
    """The written-out form of a model's compiled loss, None where there is none; `y`, `prediction` show shapes."""
    loss = keras.losses.get(model.loss) if isinstance(model.loss, str) else model.loss
    tensors = isinstance(prediction, tf.Tensor) and isinstance(y, tf.Tensor)
    if (
        not tensors
        or _computes_its_own(model)
        or keras_private.has_loss_weights(model)
        or prediction.dtype != tf.float32
        or prediction.shape.rank != 2
    ):
        return None
    if _is_mean_squared_error(loss) and are_alike(y, prediction):
        return _squared_error
    if _is_cross_entropy_of_logits(loss) and y.dtype in (tf.int32, tf.int64) and y.shape.rank == 1:
        return _cross_entropy
    return None


def are_alike(y: Any, prediction: Any) -> bool:
    """Whether the error is their difference, a row an example, without casting or broadcasting."""
    return (
        isinstance(y, tf.Tensor)
        and isinstance(prediction, tf.Tensor)
        and y.dtype == prediction.dtype == tf.float32
        and y.shape.rank == prediction.shape.rank == 2
        and y.shape[1] is not None
        and y.shape[1] == prediction.shape[1]
    )


def is_mean_over_examples(model: Any, y: Any, prediction: Any) -> bool:
    """Whether a model's loss is known to be a mean over examples; `y` and `prediction` are a row."""
    if _computes_its_own(model) or not isinstance(y, tf.Tensor):
        return False
    compiled = keras_private.losses_of(model)
    if len(compiled) != 1:
        return False
    loss = compiled[0]
    made_by_keras = all(
        getattr(part, "__module__", "").startswith("keras.")
        for part in (type(loss), getattr(loss, "fn", loss))
    )
    if not made_by_keras or not _is_averaged(loss):
        return False
    # Cast as Keras casts them; not computed, since some losses do not like a batch of one.
    values = xla.looked_at(loss.call, tf.cast(y, loss.dtype), tf.cast(prediction, loss.dtype))
    # Some are one number a batch (Dice); some leave examples out by a mask, so that batches count unequally.
    return values.shape.rank > 0 and keras_private.mask_of(values) is None


def _squared_error(y: Any, prediction: Any) -> tuple[Any, Any]:
    error = prediction - y
    scale = 2.0 / tf.cast(tf.size(error), tf.float32)
    return tf.nn.l2_loss(error) * scale, error * scale


def _cross_entropy(y: Any, prediction: Any) -> tuple[Any, Any]:
    # The operation computes the gradient along with the loss.
    losses, gradient = tf.raw_ops.SparseSoftmaxCrossEntropyWithLogits(features=prediction, labels=y)
    return tf.reduce_mean(losses), gradient / tf.cast(tf.size(y), tf.float32)


def _is_mean_squared_error(loss: Any) -> bool:
    if loss is keras.losses.mean_squared_error:
        return True
    return type(loss) is keras.losses.MeanSquaredError and _is_plain(loss)


def _is_cross_entropy_of_logits(loss: Any) -> bool:
    return (
        type(loss) is keras.losses.SparseCategoricalCrossentropy
        and loss.from_logits
        and loss.ignore_class is None
        and keras_private.loss_arguments(loss).get("axis", -1) == -1
        and _is_plain(loss)
    )


def _computes_its_own(model: Any) -> bool:
    return (
        keras_private.compiled_loss(model) is None or type(model).compute_loss is not keras.Model.compute_loss
    )


def _is_plain(loss: Any) -> bool:
    return _is_averaged(loss) and loss.dtype == "float32"


def _is_averaged(loss: Any) -> bool:
    return loss.reduction in ("sum_over_batch_size", "mean")
