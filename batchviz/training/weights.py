"""How much each example counts in the loss: Keras' `sample_weight` and `class_weight`, made one nest of tensors.

`()` is no weights at all: a nest without tensors, which costs the compiled loop nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.training.budget import is_finite_number

Nest = Any
"""As in `data`, which builds on this."""


def weights_of(y: Nest, weights: Nest, class_weight: Any = None, *, name: str = "sample_weight") -> Nest:
    """Float32 weights for each target of `y`, or `()`. `weights` are tensors, None for none; one serves all targets.

    Raises DataError, which calls the weights by `name`, where they do not fit the rows or the targets.
    """
    if class_weight is not None:
        if weights is not None:
            raise DataError(
                "class_weight and sample_weight are both given; Keras takes one of them. Multiply them: "
                "sample_weight=sample_weight * np.array([class_weight.get(label, 1.0) for label in y])."
            )
        return of_classes(y, class_weight)
    if weights is None:
        return ()
    rows = len(tf.nest.flatten(y)[0])
    for values in tf.nest.flatten(weights):
        if values.shape.rank == 0 or len(values) != rows:
            raise DataError(
                f"{name} has the shape {tuple(values.shape)}; expected a number for each of the {rows:,} rows."
            )
        if not np.isfinite(values.numpy()).all():
            raise DataError(
                f"{name} holds values that are not finite numbers. Expected a weight for each row."
            )
    weights = tf.nest.map_structure(lambda values: tf.cast(values, tf.float32), weights)
    if not tf.nest.is_nested(y):
        return _one_array(weights, name)
    if tf.nest.is_nested(weights):
        try:
            tf.nest.assert_same_structure(y, weights)
        except (TypeError, ValueError):
            raise DataError(
                f"{name} is built otherwise than y; expected one array, or one for each target, in the structure of y."
            ) from None
        return weights
    if weights.shape.rank > 2 or (weights.shape.rank == 2 and weights.shape[1] != 1):
        raise DataError(
            f"{name} has the shape {tuple(weights.shape)}, and y has several targets; expected one number a row, or an "
            "array for each target, in the structure of y."
        )
    return tf.nest.map_structure(lambda _: weights, y)


def of_classes(y: Nest, class_weight: Any) -> Any:
    """The weight of each row's class, 1 where `class_weight` does not name it, as Keras reads it off the labels."""
    if not isinstance(class_weight, Mapping) or not all(map(is_finite_number, class_weight.values())):
        raise DataError(
            f"class_weight={class_weight!r}; expected a dict from a class's number to its weight: {{0: 1.0, 1: 5.0}}."
        )
    if tf.nest.is_nested(y):
        raise DataError(
            "class_weight is for a single target, and y has several. Pass sample_weight instead, in the structure of y."
        )
    labels: NDArray[Any] = y.numpy()
    if labels.ndim > 1:
        labels = labels.squeeze(-1) if labels.shape[-1] == 1 else labels.argmax(-1)
    if labels.ndim != 1:
        raise DataError(
            f"class_weight needs one class a row, and y has the shape {tuple(y.shape)}. Pass sample_weight, an array "
            f"of the shape {tuple(y.shape[:-1])}."
        )
    classes, places = np.unique(np.round(labels).astype(np.int32), return_inverse=True)
    values = [class_weight.get(int(label), 1.0) for label in classes]
    return tf.convert_to_tensor(np.array(values, np.float32)[places])


def ones_like(weights: Nest, rows: int) -> Nest:
    """Weights of 1 for other rows, in the structure of those given."""
    return tf.nest.map_structure(lambda values: tf.ones((rows, *values.shape[1:])), weights)


def _one_array(weights: Nest, name: str) -> Any:
    flat = tf.nest.flatten(weights)
    if len(flat) != 1:
        raise DataError(f"{name} holds {len(flat)} arrays, and y is one; expected one array.")
    return flat[0]
