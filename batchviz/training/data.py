"""The data handed to `fit`, checked once and held as tensors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from batchviz.errors import DataError
from batchviz.experiment.schedule import split_at
from batchviz.training.array_kinds import as_array
from batchviz.training.budget import is_finite_number
from batchviz.training.streams import refuse_streams
from batchviz.training.weights import ones_like, weights_of

Nest = Any
"""A tensor, or a dict, list or tuple of them; examples along the first axis."""
Nests = tuple[Nest, Nest, Nest]
"""x, y and weights of some rows."""


@dataclass(frozen=True)
class Data:
    """x, y and weights of all rows: the first `training` of them are trained on, the rest is held out."""

    x: Nest
    y: Nest
    training: int
    rows: int
    weights: Nest = ()
    """Of each row in the loss, in the structure of y; an empty nest where all count the same."""

    @classmethod
    def from_arrays(
        cls,
        x: Any,
        y: Any,
        validation_split: float = 0.0,
        validation_data: Any = None,
        sample_weight: Any = None,
        class_weight: Any = None,
    ) -> Data:
        """Tensors of the arguments of Keras' `fit` by these names.

        `class_weight` counts in training only, `sample_weight` is split as the rows are; validation_data has weights of
        its own. Raises DataError for values that nothing can be trained on.
        """
        refuse_streams(x=x, y=y, validation_data=validation_data, sample_weight=sample_weight)
        if x is None or y is None:
            raise DataError(
                f"{'x' if x is None else 'y'} is None; expected arrays of both, the examples along the first axis. An "
                "autoencoder takes its input as its target: fit(model, x, x)."
            )
        x, y = tensors(x, "x"), tensors(y, "y")
        rows = check(x, y)
        if sample_weight is not None:
            sample_weight = tensors(sample_weight, "sample_weight")
        weights = weights_of(y, sample_weight, class_weight)
        if validation_data is not None:
            held_x, held_y, held_weights = _parts(validation_data)
            held = check(held_x, held_y, "x and y of validation_data")
            held_weights = weights_of(held_y, held_weights, name="the third part of validation_data")
            if weights != () or held_weights != ():
                weights = ones_like(held_weights, rows) if weights == () else weights
                held_weights = ones_like(weights, held) if held_weights == () else held_weights
                weights = _joined("the third part", weights, held_weights)
            return cls(_joined("x", x, held_x), _joined("y", y, held_y), rows, rows + held, weights)
        if not is_finite_number(validation_split) or not 0 <= validation_split < 1:
            raise DataError(
                f"validation_split={validation_split!r}; expected a number from 0 to below 1: the share of the "
                "rows that is held out."
            )
        training = split_at(rows, validation_split)
        if training < 1 or (validation_split and training == rows):
            raise DataError(
                f"validation_split={validation_split:g} of {rows:,} rows leaves {training:,} for training "
                f"and {rows - training:,} for validation. Expected at least 1 of each, or a split of 0."
            )
        if class_weight is not None:
            trained, held_out = cut(weights, 0, training), ones_like(weights, rows - training)
            weights = _joined("class_weight", trained, held_out)
        return cls(x, y, training, rows, weights)

    @property
    def rows_of(self) -> Nests:
        """x, y and weights."""
        return self.x, self.y, self.weights

    def with_validation_rows(self, count: int) -> Data:
        """The same with only the first `count` of the rows held out."""
        rows = self.training + count
        if rows == self.rows:
            return self
        x, y, weights = (cut(nest, 0, rows) for nest in self.rows_of)
        return replace(self, x=x, y=y, weights=weights, rows=rows)

    @property
    def validation(self) -> int:
        """Rows held out."""
        return self.rows - self.training


def tensors(values: Any, name: str = "The data") -> Nest:
    """Arrays as tensors, of the types that Keras hands to the model: floats in its float type, all others as they are.

    Raises DataError, which calls the data by `name`, for what is no array of numbers.
    """
    return tf.nest.map_structure(lambda value: _tensor(value, name), values)


def _tensor(value: Any, name: str) -> Any:
    floats = tf.as_dtype(keras.config.floatx())
    if not isinstance(value, tf.Tensor):
        value = as_array(value, name)
    if value.dtype == floats:
        return tf.convert_to_tensor(value)
    return tf.cast(value, floats) if tf.as_dtype(value.dtype).is_floating else tf.convert_to_tensor(value)


def check(x: Nest, y: Nest, names: str = "x and y") -> int:
    """The number of rows. Raises DataError where x and y differ in it, or hold NaN or infinity."""
    lengths = {len(values) for values in tf.nest.flatten((x, y))}
    if len(lengths) != 1 or 0 in lengths:
        raise DataError(f"{names} have {sorted(lengths)} rows; expected the same number, at least 1.")
    for name, nest in (("x", x), ("y", y)):
        for values in tf.nest.flatten(nest):
            array = values.numpy()
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                bad = np.argwhere(~np.isfinite(array))
                raise DataError(
                    f"{name} holds {len(bad):,} values that are not finite numbers, the first in row "
                    f"{bad[0][0]:,}. Remove those rows or fill them in before training."
                )
    return int(lengths.pop())


def count(nest: Nest) -> int:
    """Rows of a nest."""
    return len(tf.nest.flatten(nest)[0])


def cut(nest: Nest, start: Any, stop: Any) -> Nest:
    """Rows start to stop of every tensor in a nest."""
    return tf.nest.map_structure(lambda values: values[start:stop], nest)


def split(nest: Nest, lengths: Any) -> list[Nest]:
    """The two parts of a nest whose rows `lengths` counts."""
    pairs = [tf.split(values, lengths, num=2) for values in tf.nest.flatten(nest)]
    return [tf.nest.pack_sequence_as(nest, [pair[part] for pair in pairs]) for part in range(2)]


def pick(nest: Nest, rows: Any) -> Nest:
    """The rows with these numbers, of every tensor in a nest."""
    return tf.nest.map_structure(lambda values: tf.gather(values, rows), nest)


def fix_rows(nest: Nest, rows: int | None) -> Nest:
    """The same, known to TensorFlow as so many rows, for a model that was declared for no other number."""
    if rows is None:
        return nest
    return tf.nest.map_structure(lambda values: tf.ensure_shape(values, [rows, *values.shape[1:]]), nest)


def open_rows(nest: Nest) -> Nest:
    """The shapes and types of a nest, for any number of rows."""
    return tf.nest.map_structure(lambda values: tf.TensorSpec([None, *values.shape[1:]], values.dtype), nest)


def _parts(validation_data: Any) -> tuple[Nest, Nest, Nest]:
    """x, y and, where given, the weights of `validation_data`, as tensors."""
    if not isinstance(validation_data, tuple | list) or len(validation_data) not in (2, 3):
        raise DataError("validation_data is not a pair; expected (x, y) or (x, y, sample_weight).")
    parts = {f"part {n} of validation_data": part for n, part in enumerate(validation_data, start=1)}
    refuse_streams(**parts)
    x, y, *weights = validation_data
    if x is None or y is None:
        raise DataError("validation_data holds None; expected (x, y) or (x, y, sample_weight).")
    stated = weights[0] if weights else None
    x, y = tensors(x, "x of validation_data"), tensors(y, "y of validation_data")
    return x, y, None if stated is None else tensors(stated, "sample_weight of validation_data")


def _joined(name: str, first: Nest, second: Nest) -> Nest:
    """The rows of both, in the types of the first."""
    shapes = [tf.nest.map_structure(lambda values: tuple(values.shape[1:]), nest) for nest in (first, second)]
    if shapes[0] != shapes[1]:
        raise DataError(
            f"{name} of validation_data has rows of shape {shapes[1]}; expected {shapes[0]}, as in training."
        )
    return tf.nest.map_structure(lambda a, b: tf.concat([a, tf.cast(b, a.dtype)], axis=0), first, second)
