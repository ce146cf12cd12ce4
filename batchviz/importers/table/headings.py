"""The names of columns: whether the first line holds them, and what becomes of empty and repeated ones."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from batchviz.experiment.table_findings import NamelessColumns, RepeatedNames
from batchviz.importers import cells
from batchviz.importers.cells import MISSING, MOSTLY
from batchviz.importers.limits import MAX_HEADING_LENGTH
from batchviz.importers.table import dates
from batchviz.importers.table.column import shortened

_SAMPLE = 200
_COUNTED = 3
_FEWEST_TO_REPEAT = 8


def has_headings(record: list[str], arrays: list[pa.Array]) -> bool:
    """Whether the first line holds names rather than values.

    It holds values if in every column of numbers or dates it has a number or a date too, and there is such a
    column; but years in a row above what are no years are names. Without columns of numbers or dates it holds values
    if all its words stand further down as well, as categories do and names do not. `arrays` are the columns below it.
    """
    if len(record) >= _COUNTED and record == [str(number) for number in range(len(record))]:
        return True  # what pandas calls columns that have no names
    if _years(record, arrays):
        return True
    says_value = False
    for heading, array in zip(record, arrays, strict=True):
        if heading.strip().lower() in MISSING or not _holds_values(array.slice(0, _SAMPLE).to_pylist()):
            continue
        if not _holds_values([heading]):
            return True
        says_value = True
    return not (says_value or _repeats(record, arrays))


def _years(record: list[str], arrays: list[pa.Array]) -> bool:
    """Whether the first line has two or more years, each one after the last, above values that are no years."""
    years = [int(word) for word in map(str.strip, record) if word.isdecimal() and 1800 <= int(word) <= 2100]
    numbered = [word for word in record if word.strip()[:1].isdigit()]
    if len(years) < 2 or len(numbered) != len(years) or {*np.diff(years).tolist()} != {1}:
        return False
    below = [
        cells.numbers(array.slice(0, _SAMPLE)).values
        for word, array in zip(record, arrays, strict=True)
        if word in numbered
    ]
    return not any(np.isfinite(values).any() and _are_years(values) for values in below)


def _are_years(values: NDArray[np.float64]) -> bool:
    present = values[np.isfinite(values)]
    return bool(((present >= 1800) & (present <= 2100) & (present == np.round(present))).all())


def _repeats(record: list[str], arrays: list[pa.Array]) -> bool:
    """Whether every word of the first line is a value further down, in columns whose values repeat."""
    pairs = [(word.strip(), array) for word, array in zip(record, arrays, strict=True) if word.strip()]
    if not pairs or len(pairs[0][1]) < _FEWEST_TO_REPEAT:
        return False
    for word, array in pairs:
        values = [str(value).strip() for value in array.slice(0, 10 * _SAMPLE).to_pylist()]
        if word not in values or 2 * len(set(values)) > len(values):
            return False
    return True


def names(record: list[str]) -> tuple[list[str], list[NamelessColumns | RepeatedNames]]:
    """A name for each column, each once, and what was changed about them."""
    headings = [shortened(heading, MAX_HEADING_LENGTH) for heading in record]
    unique: list[str] = []
    taken: set[str] = set()
    empty, repeated = [], []
    for number, name in enumerate(headings, 1):
        if not name:
            empty.append(number)
        elif name in taken:
            repeated.append(name)
        base, count = name or f"column {number}", 1
        name = base
        while name in taken or (count > 1 and name in headings):
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        unique.append(name)
    changed: list[NamelessColumns | RepeatedNames] = []
    if empty:
        changed.append(NamelessColumns(len(empty)))
    if repeated:
        changed.append(RepeatedNames(tuple(dict.fromkeys(repeated))))
    return unique, changed


def _holds_values(words: list[str]) -> bool:
    present = pa.array(
        [word.strip() for word in words if word.strip().lower() not in MISSING], pa.large_string()
    )
    if not len(present):
        return False
    readable = ~np.isnan(dates.parse(present).values) | cells.readable(present)
    return bool(readable.mean() >= MOSTLY)
