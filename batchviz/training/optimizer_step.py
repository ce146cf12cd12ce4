"""One optimiser step inside the compiled loop: Keras' own `apply`, or one TensorFlow op for the plain cases.

The single ops compute what Keras 3 writes out in a dozen small ones; they trace 5 times and run 1.5 times
faster. They are used only for exactly the classes below, without clipping, averaging or constraints. Parity
with Keras' `fit` is a test, for these and for the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from batchviz.training import keras_private


def apply(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any], rate: Any) -> None:
    """Take one step; gradients and variables correspond, `rate` is `learning_rate(optimizer)`."""
    single_op = SINGLE_OPS.get(type(optimizer))
    if single_op is not None and _is_plain(optimizer, gradients, variables):
        keras_private.apply_weight_decay(optimizer, variables)
        # Keras' own assign_add takes four operations.
        iterations = optimizer.iterations.value
        single_op(optimizer, gradients, variables, rate)
        iterations.assign_add(tf.constant(1, iterations.dtype), read_value=False)
    else:
        optimizer.apply(gradients, variables)


def learning_rate(optimizer: Any) -> Any:
    """The current learning rate as a float32 scalar tensor, schedules included; NaN for several optimisers in one."""
    try:
        rate = optimizer.learning_rate
    except AttributeError:  # each of them has its own
        return tf.constant(math.nan, tf.float32)
    return tf.cast(tf.convert_to_tensor(rate), tf.float32)


def _is_plain(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any]) -> bool:
    extras = ("clipnorm", "clipvalue", "global_clipnorm", "use_ema", "loss_scale_factor", "amsgrad")
    return (
        not any(getattr(optimizer, extra, None) for extra in extras)
        and not optimizer.gradient_accumulation_steps
        and all(isinstance(gradient, tf.Tensor) and gradient.dtype == tf.float32 for gradient in gradients)
        and all(variable.constraint is None and variable.dtype == "float32" for variable in variables)
        and all(not variable.overwrite_with_gradient for variable in variables)
    )


def _sgd(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any], rate: Any) -> None:
    for gradient, variable in zip(gradients, variables, strict=True):
        if optimizer.momentum:
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=variable.value.handle,
                accum=optimizer.momentums[keras_private.slot_index(optimizer, variable)].value.handle,
                lr=rate,
                grad=gradient,
                momentum=tf.constant(optimizer.momentum, tf.float32),
                use_nesterov=optimizer.nesterov,
            )
        else:
            tf.raw_ops.ResourceApplyGradientDescent(var=variable.value.handle, alpha=rate, delta=gradient)


def _adam(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any], rate: Any) -> None:
    step = tf.cast(tf.convert_to_tensor(optimizer.iterations) + 1, tf.float32)
    beta_1, beta_2 = tf.constant(optimizer.beta_1, tf.float32), tf.constant(optimizer.beta_2, tf.float32)
    epsilon = tf.constant(optimizer.epsilon, tf.float32)
    powers = {"beta1_power": tf.pow(beta_1, step), "beta2_power": tf.pow(beta_2, step)}
    for gradient, variable in zip(gradients, variables, strict=True):
        first, second = keras_private.adam_moments(optimizer, variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle,
            m=first.value.handle,
            v=second.value.handle,
            lr=rate,
            beta1=beta_1,
            beta2=beta_2,
            epsilon=epsilon,
            grad=gradient,
            **powers,
        )


SINGLE_OPS: dict[type, Callable[[Any, Sequence[Any], Sequence[Any], Any], None]] = {
    keras.optimizers.SGD: _sgd,
    keras.optimizers.Adam: _adam,
    keras.optimizers.AdamW: _adam,
}
