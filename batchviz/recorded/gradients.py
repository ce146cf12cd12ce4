"""Batch gradients that ship with the package: measured by `python -m scripts.record_gradients`, never edited."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.spec import RunSpec

FILE = Path(__file__).with_name("gradients.npz")


class RecordedGradients(NamedTuple):
    """Gradients of every training row at the first weights of a run, projected, and their noise by batch size."""

    spec: RunSpec
    """Of the run; its batch size means nothing."""
    note: str
    """What recorded them: date and versions, a sentence."""
    rows: int
    parameters: int
    length: float
    variance: float
    in_plane: float
    batch_sizes: tuple[int, ...]
    tips: tuple[NDArray[np.float32], ...]
    noise: tuple[float, ...]
    epochs: int
    """Over which the noise was averaged."""


@functools.cache
def gradients() -> RecordedGradients:
    """What the file holds."""
    with np.load(FILE, allow_pickle=False) as file:
        sizes = tuple(int(size) for size in file["batch_sizes"])
        return RecordedGradients(
            RunSpec.model_validate_json(str(file["spec"])),
            str(file["note"]),
            int(file["rows"]),
            int(file["parameters"]),
            float(file["length"]),
            float(file["variance"]),
            float(file["in_plane"]),
            sizes,
            tuple(file[f"tips_{size}"] for size in sizes),
            tuple(file["noise"].tolist()),
            int(file["epochs"]),
        )
