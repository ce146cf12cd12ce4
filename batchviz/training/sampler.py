"""An epoch's batches as tables of row numbers, cut from the order in which `experiment.order` visits the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CAPACITY = 4096
"""Batches in one table; an epoch of more is cut into tables of exactly that many, so that XLA meets one shape."""


@dataclass(frozen=True)
class Table:
    """Consecutive batches of one size. `rows` is (batches, batch size), padded beyond the first `count`."""

    rows: NDArray[np.int32]
    offset: int
    """The first one's place in the epoch."""
    count: int


def tables(visit: NDArray[np.int32], batch_size: int) -> list[Table]:
    """An epoch's batches in order: the whole ones, and a table of its own for a partial last batch."""
    batches = len(visit) // batch_size
    whole = visit[: batches * batch_size].reshape(batches, batch_size)
    cut = []
    for offset in range(0, batches, CAPACITY):
        rows = whole[offset : offset + CAPACITY]
        count = len(rows)
        if batches > CAPACITY > count:
            rows = np.concatenate([rows, np.zeros((CAPACITY - count, batch_size), np.int32)])
        cut.append(Table(rows, offset, count))
    if batches * batch_size < len(visit):
        cut.append(Table(visit[None, batches * batch_size :], batches, 1))
    return cut
