"""Columns that number or name the rows: of no use to learn from, and no target."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.column_findings import Reason
from batchviz.importers.table.column import Column, Kind

_FEWEST_TO_JUDGE = 10
"""Rows from which on a column is judged by its values alone."""
_INDEX = re.compile(
    r"(?i)^(unnamed: ?\d+(\.\d+)?|__index_level_\d+__|level_\d+|index|idx|row ?names?|row[ _.]?id|row)$"
)
_IDENTIFIER = re.compile(
    r"(?i:^(id|ids|nr\.?|no\.?|num|#|key|uuid|guid|s\.?no\.?)$|[ _.-](id|nr|no|key|index|idx|uuid|guid)$)"
    r"|[a-z](Id|ID)$"
)
_TIME = re.compile(r"(?i)(year|jahr|ann[ée]|date|datum|time|zeit|epoch|month|day)")


def identifies(column: Column) -> Reason | None:
    """Why a column is taken for an identifier; None when it is not."""
    rows = max(len(column.numbers), len(column.codes))
    named_index = column.index or bool(_INDEX.match(column.name.strip()))
    if column.missing.any() or column.distinct < rows:
        return None
    if column.kind is Kind.NUMBER and (column.numbers == np.round(column.numbers)).all():
        if named_index and rows > 1:
            return Reason.COUNTS_ROWS if _counts(column.numbers) else Reason.NUMBERS_ROWS
        if rows < _FEWEST_TO_JUDGE:
            return None
        if _counts(column.numbers):
            return Reason.COUNTS_ROWS
        if _IDENTIFIER.search(column.name.strip()) or (_runs(column.numbers) and not _is_time(column)):
            return Reason.NUMBERS_ROWS
        return None
    if column.kind in (Kind.CATEGORY, Kind.TEXT) and (rows >= _FEWEST_TO_JUDGE or named_index):
        return Reason.NEVER_REPEATS
    return None


def rises_in_time(column: Column) -> bool:
    """Whether a column of numbers is called a year or a time, and never falls from row to row."""
    return bool(_TIME.search(column.name)) and bool((np.diff(column.numbers) >= 0).all())


def _counts(numbers: NDArray[np.float64]) -> bool:
    return bool(numbers[0] in (0, 1) and (np.diff(numbers) == 1).all())


def _runs(numbers: NDArray[np.float64]) -> bool:
    """Whether each number is above the one before, or each below it."""
    steps = np.diff(numbers)
    return bool((steps > 0).all() or (steps < 0).all())


def _is_time(column: Column) -> bool:
    """Whether whole numbers in order are years or another time, which a network may learn from."""
    return bool(_TIME.search(column.name)) or bool(
        ((column.numbers >= 1500) & (column.numbers <= 2100)).all()
    )
