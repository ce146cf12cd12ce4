"""Data that comes in batches of its own: told by its kind, and refused with what to pass instead.

`fit` cuts the batches itself, since their size is what it studies; what was cut elsewhere has none left to choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from batchviz.errors import DataError

# By name, since asking for the class itself would import the library.
_LOADERS = {
    ("torch.utils.data", "DataLoader"): "a torch DataLoader",
    ("torch.utils.data", "Dataset"): "a torch Dataset",
    ("grain", "MapDataset"): "a grain dataset",
    ("grain", "IterDataset"): "a grain dataset",
    ("grain", "DataLoader"): "a grain DataLoader",
}
_COLLECT = {
    "a tf.data.Dataset": "x, y = map(np.concatenate, zip(*dataset.as_numpy_iterator()))",
    "a keras.utils.PyDataset": "x, y = map(np.concatenate, zip(*(data[i] for i in range(len(data)))))",
    "a torch DataLoader": "x, y = (torch.cat(parts).numpy() for parts in zip(*loader))",
}
KEEP_KERAS = (
    "Or keep model.fit and add batchviz.Callback() to its callbacks, which records any training of Keras."
)
_COLLECT_ANY = "x, y = map(np.concatenate, zip(*batches))"


def refuse_streams(**arguments: Any) -> None:
    """Raise DataError, by the argument's name, for what is no array but gives out batches or examples."""
    for name, value in arguments.items():
        kind = kind_of(value)
        if kind is not None:
            raise DataError(
                f"{name} is {kind}, whose batches are cut elsewhere; fit cuts them itself, in sizes that it records. "
                f"Pass arrays: {_COLLECT.get(kind, _COLLECT_ANY)}, then fit(model, x, y, batch_size=...). "
                f"{KEEP_KERAS}"
            )


def kind_of(value: Any) -> str | None:
    """What a stream of batches is called, None for anything else."""
    if isinstance(value, tf.data.Dataset):
        return "a tf.data.Dataset"
    if isinstance(value, keras.utils.PyDataset):
        return "a keras.utils.PyDataset"
    for parent in type(value).__mro__:
        for (module, name), kind in _LOADERS.items():
            if parent.__name__ == name and parent.__module__.startswith(module):
                return kind
    if isinstance(value, Iterator):
        return "a generator" if hasattr(value, "gi_frame") else f"an iterator ({type(value).__name__})"
    return None
