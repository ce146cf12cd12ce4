"""The names of columns: whether the first line holds them, and what becomes of empty and repeated ones."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from batchviz.experiment.table_findings import NamelessColumns, RepeatedNames
from batchviz.importers import cells
from batchviz.importers.cells import MISSING
from batchviz.importers.limits import MAX_HEADING_LENGTH
from batchviz.importers.table import dates
from batchviz.importers.table.column import shortened
from batchviz.importers.table.inference import MOSTLY

_SAMPLE = 200
_COUNTED = 3


def has_headings(record: list[str], arrays: list[pa.Array]) -> bool:
    """Whether the first line holds names rather than values.

    It holds values if in every column of numbers or dates it has a number or a date too, and there is such a
    column. `arrays` are the columns below it.
    """
    if len(record) >= _COUNTED and record == [str(number) for number in range(len(record))]:
        return True  # what pandas calls columns that have no names
    says_value = False
    for heading, array in zip(record, arrays, strict=True):
        if heading.strip().lower() in MISSING or not _holds_values(array.slice(0, _SAMPLE).to_pylist()):
            continue
        if not _holds_values([heading]):
            return True
        says_value = True
    return not says_value


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
    known = ~np.isnan(dates.parse(present).values)
    for mark in ".,":
        known |= cells.numbers(present, mark=mark).known
    return bool(known.mean() >= MOSTLY)
