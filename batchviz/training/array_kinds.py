"""What people hand over as data: made arrays as Keras makes them, or refused by name with what to pass instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import DataError

NUMBERS = "fiub"
"""NumPy's kinds: float, int, unsigned int, bool."""


def as_array(value: Any, name: str) -> NDArray[Any]:
    """An array of numbers, a row an example. Raises DataError, which calls the data by `name`."""
    if isinstance(value, str | bytes | int | float | complex | bool) or value is None:
        raise DataError(
            f"{name} holds {_article(type(value).__name__)} where an array is expected: Keras takes arrays, and in "
            f"lists, tuples and dicts arrays only. Pass np.array({_argument(name)}), the examples along the first axis."
        )
    if isinstance(value, tf.RaggedTensor):
        raise DataError(
            f"{name} is a tf.RaggedTensor, whose rows differ in length; expected an array. Pass "
            f"{_argument(name)}.to_tensor(), which fills the short rows up."
        )
    if isinstance(value, tf.SparseTensor):
        raise DataError(
            f"{name} is a tf.SparseTensor; expected a dense array. Pass tf.sparse.to_dense({_argument(name)})."
        )
    if hasattr(value, "tocsr"):
        raise DataError(
            f"{name} is a scipy.sparse {type(value).__name__}; expected a dense array. Pass "
            f"{_argument(name)}.toarray()."
        )
    if not hasattr(value, "__array__"):
        raise DataError(
            f"{name} holds {_article(type(value).__name__)} of {type(value).__module__}; expected a NumPy array, a "
            "tensor, or a pandas table."
        )
    array = np.asarray(value)
    if type(value).__name__ == "Series" and type(value).__module__.startswith("pandas"):
        array = array[:, None]  # a column, as in Keras
    if array.dtype.kind == "V" and tf.as_dtype(array.dtype).is_floating:  # bfloat16 and smaller
        array = array.astype(np.float32)
    if array.dtype.kind not in NUMBERS:
        kind = {"U": "text", "S": "text", "O": "Python objects", "M": "dates", "m": "spans of time"}
        raise DataError(
            f"{name} holds {kind.get(array.dtype.kind, array.dtype.name)} ({array.dtype}); expected numbers. Turn "
            "them into numbers before: astype(np.float32) for objects that are numbers, categories into 0, 1, 2, ..., "
            "dates into days since a first one."
        )
    if not array.ndim:
        raise DataError(f"{name} is a single number; expected an array with a row an example.")
    return array


def _argument(name: str) -> str:
    """What to call it in code."""
    return name.split()[0] if name[0].islower() else "data"


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
