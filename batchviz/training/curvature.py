"""The largest eigenvalue of a loss's Hessian, by power iteration on Hessian-vector products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

TOLERANCE = 1e-4
"""Relative change from one product to the next at which the eigenvalue is taken to be found."""
MAX_PRODUCTS = 500


class Curvature:
    """The Hessian of a mean loss over rows; traced once, for any rows and values of the variables."""

    def __init__(self, loss: Callable[[Any, Any], Any], variables: Sequence[Any]) -> None:
        """`loss(x, y)` is a scalar or one value a row, of which the mean counts; `variables` are TensorFlow's."""
        self._loss, self._variables = loss, list(variables)
        self._shapes = [tuple(variable.shape) for variable in variables]
        self._sizes = [int(np.prod(shape)) for shape in self._shapes]
        self._power = tf.function(self._iterate, reduce_retracing=True)

    def largest_eigenvalue(self, x: Any, y: Any, *, seed: int = 0) -> float:
        """With the variables as they are; `seed` draws where the iteration starts.

        Where the eigenvalue of the largest size is negative, the largest is found on the Hessian less that one.
        """
        start = np.random.default_rng(seed).normal(size=sum(self._sizes)).astype(np.float32)
        extreme = self._power(x, y, tf.constant(start), tf.constant(0.0))
        return float(extreme if extreme >= 0 else self._power(x, y, tf.constant(start), extreme))

    def _iterate(self, x: Any, y: Any, vector: Any, shift: Any) -> Any:
        """The eigenvalue for which |eigenvalue - shift| is largest."""

        def goes_on(count: Any, vector: Any, before: Any, eigenvalue: Any) -> Any:
            moved = tf.abs(eigenvalue - before) > TOLERANCE * tf.abs(eigenvalue)
            return tf.logical_and(count < MAX_PRODUCTS, tf.logical_or(count < 2, moved))

        def step(count: Any, vector: Any, before: Any, eigenvalue: Any) -> tuple[Any, ...]:
            vector = vector / tf.norm(vector)
            after = self._product(x, y, vector) - shift * vector
            return count + 1, after, eigenvalue, tf.tensordot(vector, after, 1) + shift

        nothing = tf.constant(0.0)
        return tf.while_loop(goes_on, step, (tf.constant(0), vector, nothing, nothing))[3]

    def _product(self, x: Any, y: Any, vector: Any) -> Any:
        """Of the Hessian and a flat vector: the gradient of the gradient's part along it."""
        pieces = zip(tf.split(vector, self._sizes), self._shapes, strict=True)
        parts = [tf.reshape(piece, shape) for piece, shape in pieces]
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                value = tf.reduce_mean(self._loss(x, y))
            gradients = inner.gradient(value, self._variables)
            along = tf.add_n([tf.reduce_sum(g * part) for g, part in zip(gradients, parts, strict=True)])
        zero = tf.UnconnectedGradients.ZERO
        second = outer.gradient(along, self._variables, unconnected_gradients=zero)
        return tf.concat([tf.reshape(part, [-1]) for part in second], 0)
