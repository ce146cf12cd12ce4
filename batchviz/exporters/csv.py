"""Any selection as one CSV file: a row an epoch, or a row an update, with the columns that tell runs apart before.

With a byte order mark, because without one Excel takes UTF-8 for the machine's old code page and spoils every
name with an accent; pandas, R's readr, Polars and DuckDB pass over it. Numbers have the fewest digits that give
back the same float32. What is not finite is an empty cell: a spreadsheet would draw the text "inf" as 0.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.series import SERIES
from batchviz.exporters.columns import AXIS, WHOLE, about, pieces
from batchviz.exporters.selection import Selection

LINES_AT_ONCE = 4096
"""Some 400 kB: few enough to start quickly, many enough that handing over costs nothing."""
BYTE_ORDER_MARK = "\ufeff"
BEFORE = r'[\s"\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]*'
"""What may stand before a formula: quotes, spaces, and characters of no width."""
FORMULA = re.compile(rf"(^|[;\t|\r\n])(?={BEFORE}[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""Where a spreadsheet would begin a formula (OWASP, CSV injection), full-width forms among them: at a cell's start, and
behind every separator but ours, since a spreadsheet that is set to another one cuts there and heeds no quotes."""


def epochs(selection: Selection) -> Iterator[bytes]:
    """A row an epoch; row 0 of a run is before its first update."""
    return _file(selection, "epochs")


def updates(selection: Selection) -> Iterator[bytes]:
    """A row an update: loss and metric of its batch, before the update."""
    return _file(selection, "updates")


def measured(selection: Selection) -> Iterator[bytes]:
    """A row a measurement between the ends of epochs."""
    return _file(selection, "measured")


def text(value: object) -> str:
    """A cell of text that no spreadsheet computes: an apostrophe before what would start a formula."""
    return FORMULA.sub(r"\1'", value) if isinstance(value, str) else "" if value is None else str(value)


def _file(selection: Selection, kind: str) -> Iterator[bytes]:
    head = [*(about(selection.entries[0]) if selection.entries else ()), AXIS[kind], *SERIES[kind].names]
    yield (BYTE_ORDER_MARK + _lines(iter([head]))).encode()
    for entry in selection.entries:
        rows = _rows(selection, entry, kind)
        while lines := _lines(islice(rows, LINES_AT_ONCE)):
            yield lines.encode()


def _rows(selection: Selection, entry: LibraryEntry, kind: str) -> Iterator[list[str]]:
    start = [text(value) for value in about(entry).values()]
    for position, series in pieces(selection, entry, kind):
        for first in range(0, len(position), LINES_AT_ONCE):  # as text they take twenty times the memory
            part = slice(first, first + LINES_AT_ONCE)
            columns = [_cells(series[name][part], whole=name in WHOLE) for name in SERIES[kind].names]
            for at, *cells in zip(position[part].tolist(), *columns, strict=True):
                yield [*start, f"{at:.10g}", *cells]


def _cells(column: NDArray[np.float32], *, whole: bool) -> list[str]:
    finite = np.isfinite(column)
    numbers = np.where(finite, column, np.float32(0))
    written = (numbers.astype(np.int64) if whole else numbers).astype(str)
    cells: list[str] = np.where(finite, written, "").tolist()
    return cells


def _lines(rows: Iterator[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
