"""Rows of a series to bytes and back: column-major float32, little-endian, byte-shuffled, deflated.

Shuffling puts the first bytes of all numbers together, then the second, and so on: neighbours of a curve
share sign and exponent, so the result is half the size of the raw numbers at the same speed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from batchviz.experiment.series import SERIES, Series, length, rows

CODEC = 1
"""Stored beside each chunk, so that a later codec can live beside this one."""

CHUNK_ROWS = 65_536
"""Most rows a chunk, so that neither side ever holds more than a few MB for one."""


def encode(series: Series, kind: str) -> bytes:
    """Pack the columns of `kind`, n values each, into bytes. ValueError when they differ in length."""
    columns = [np.asarray(series[name], "<f4") for name in SERIES[kind].names]
    if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
        raise ValueError(f"Columns of a series must be equally long; got {[c.shape for c in columns]}.")
    planes = np.concatenate(columns).view(np.uint8).reshape(-1, 4).T
    return zlib.compress(planes.tobytes(), level=1)


def pack(series: Series, kind: str) -> list[dict[str, Any]]:
    """The chunks of a series, each as the columns of its row in the table; `first` counts from this series' start."""
    return [
        {"kind": kind, "first": start, "rows": length(part), "codec": CODEC, "data": encode(part, kind)}
        for start, part in split(series)
    ]


def decode(data: bytes, kind: str, codec: int = CODEC) -> Series:
    """The inverse of `encode`, bit for bit."""
    if codec != CODEC:
        raise ValueError(
            f"Chunk written with codec {codec}; this version reads {CODEC}. Install a newer BatchViz."
        )
    names = SERIES[kind].names
    planes = np.frombuffer(zlib.decompress(data), np.uint8).reshape(4, -1)
    values = np.ascontiguousarray(planes.T).view("<f4").reshape(len(names), -1)
    return dict(zip(names, values.astype(np.float32, copy=False), strict=True))


def split(series: Series) -> Iterator[tuple[int, Series]]:
    """Pieces of at most CHUNK_ROWS rows, each with the index of its first row."""
    for start in range(0, length(series), CHUNK_ROWS):
        yield start, rows(series, start, start + CHUNK_ROWS)
