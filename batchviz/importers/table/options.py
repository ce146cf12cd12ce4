"""How a file is to be read where finding out is not enough, and which of too many rows are taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.column_findings import Way
from batchviz.experiment.limits import MAX_OWN_ROWS
from batchviz.experiment.table_findings import SampledRows


@dataclass(frozen=True)
class Reading:
    """What a person chose. Empty and None: find out."""

    separator: str = ""
    """One of delimited.SEPARATORS."""
    decimal: str = ""
    """The decimal mark, a point or a comma."""
    headings: bool | None = None
    """Whether the first line holds names."""
    ways: tuple[tuple[str, Way], ...] = ()
    """By column, how it is read where two ways fit."""
    sample: str = ""
    """Which rows of too many: "first" or "random"."""


class TooManyRows(DataError):
    """More rows than can be trained on; a person chooses which (`Reading.sample`)."""

    def __init__(self, rows: int) -> None:
        super().__init__(
            f"The file has {rows:,} rows; expected at most {MAX_OWN_ROWS:,}. Choose the first {MAX_OWN_ROWS:,}, or as "
            "many at random."
        )
        self.rows = rows


def kept_rows(total: int, sample: str) -> NDArray[np.int64] | None:
    """The places of the rows to keep in rising order, None for all of them. Raises TooManyRows without a choice."""
    if total <= MAX_OWN_ROWS:
        return None
    if sample == "first":
        return np.arange(MAX_OWN_ROWS)
    if sample == "random":
        # Always the same draw: the same file gives the same data.
        return np.sort(np.random.default_rng(0).choice(total, MAX_OWN_ROWS, replace=False))
    raise TooManyRows(total)


def notes(total: int, sample: str) -> list[SampledRows]:
    """That rows were not taken."""
    if total <= MAX_OWN_ROWS:
        return []
    return [SampledRows(MAX_OWN_ROWS, total, sample == "random")]
