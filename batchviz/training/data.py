"""The data handed to `fit`, checked once and held as tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from batchviz.errors import DataError
from batchviz.experiment.schedule import split_at
from batchviz.training.budget import is_finite_number

Nest = Any
"""A tensor, or a dict, list or tuple of them; examples along the first axis."""


@dataclass(frozen=True)
class Data:
    """x and y of all rows: the first `training` of them are trained on, the rest is held out."""

    x: Nest
    y: Nest
    training: int
    rows: int

    @classmethod
    def from_arrays(cls, x: Any, y: Any, validation_split: float = 0.0, validation_data: Any = None) -> Data:
        """Tensors of the arrays given. Raises DataError for values that nothing can be trained on."""
        x, y = tensors(x), tensors(y)
        rows = check(x, y)
        if validation_data is not None:
            held_x, held_y = map(tensors, _pair(validation_data))
            held = check(held_x, held_y)
            return cls(_joined("x", x, held_x), _joined("y", y, held_y), rows, rows + held)
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
        return cls(x, y, training, rows)

    @property
    def validation(self) -> int:
        """Rows held out."""
        return self.rows - self.training


def tensors(values: Any) -> Nest:
    """Arrays as tensors, floats in float32 as Keras casts them."""

    def tensor(value: Any) -> Any:
        if isinstance(value, tf.Tensor) and value.dtype in (tf.float32, tf.int32):
            return value
        array = np.asarray(value)
        if array.dtype.kind not in "fiub":
            raise DataError(f"The data holds {array.dtype} values; expected numbers.")
        if array.dtype.kind == "f":
            array = array.astype(np.float32, copy=False)
        return tf.convert_to_tensor(array if array.dtype != np.int64 else array.astype(np.int32))

    return tf.nest.map_structure(tensor, values)


def check(x: Nest, y: Nest) -> int:
    """The number of rows. Raises DataError where x and y differ in it, or hold NaN or infinity."""
    lengths = {len(values) for values in tf.nest.flatten((x, y))}
    if len(lengths) != 1 or 0 in lengths:
        raise DataError(f"x and y have {sorted(lengths)} rows; expected the same number, at least 1.")
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


def open_rows(nest: Nest) -> Nest:
    """The shapes and types of a nest, for any number of rows."""
    return tf.nest.map_structure(lambda values: tf.TensorSpec([None, *values.shape[1:]], values.dtype), nest)


def _pair(validation_data: Any) -> tuple[Any, Any]:
    """The x and y of `validation_data`, which Keras also takes with sample weights."""
    if not isinstance(validation_data, tuple | list) or len(validation_data) not in (2, 3):
        raise DataError("validation_data is not a pair; expected (x, y).")
    x, y, *weights = validation_data
    if weights and weights[0] is not None:
        raise DataError(
            "validation_data has sample weights as its third part; here every example counts the same. "
            "Expected (x, y)."
        )
    return x, y


def _joined(name: str, first: Nest, second: Nest) -> Nest:
    """The rows of both, in the types of the first."""
    shapes = [tf.nest.map_structure(lambda values: tuple(values.shape[1:]), nest) for nest in (first, second)]
    if shapes[0] != shapes[1]:
        raise DataError(
            f"{name} of validation_data has rows of shape {shapes[1]}; expected {shapes[0]}, as in training."
        )
    return tf.nest.map_structure(lambda a, b: tf.concat([a, tf.cast(b, a.dtype)], axis=0), first, second)
