"""Any selection as one CSV file: a row an epoch, or a row an update, with the columns that tell runs apart before.

With a byte order mark, because without one Excel takes UTF-8 for the machine's old code page and spoils every
name with an accent; pandas, R's readr, Polars and DuckDB pass over it. Numbers have the fewest digits that give
back the same float32. What is not finite is an empty cell: a spreadsheet would draw the text "inf" as 0.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from batchviz.exports.rows import AXIS, COLUMNS, WHOLE, about, pieces
from batchviz.exports.selection import Selection
from batchviz.records import Entry

LINES_AT_ONCE = 4096
"""Some 400 kB: few enough to start quickly, many enough that handing over costs nothing."""
BYTE_ORDER_MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for a formula's start (OWASP, CSV injection), the full-width forms among them."""


def epochs(selection: Selection) -> Iterator[bytes]:
    """A row an epoch; row 0 of a run is before its first update."""
    return _file(selection, "epochs")


def updates(selection: Selection) -> Iterator[bytes]:
    """A row an update: loss and metric of its batch, before the update."""
    return _file(selection, "updates")


def text(value: object) -> str:
    """A cell of text that no spreadsheet computes: an apostrophe before what would start a formula."""
    written = "" if value is None else str(value)
    return f"'{written}" if isinstance(value, str) and written.lstrip(" ").startswith(FORMULA) else written


def _file(selection: Selection, kind: str) -> Iterator[bytes]:
    head = [*(about(selection.entries[0]) if selection.entries else ()), AXIS[kind], *COLUMNS[kind]]
    yield (BYTE_ORDER_MARK + _lines(iter([head]))).encode()
    for entry in selection.entries:
        rows = _rows(selection, entry, kind)
        while lines := _lines(islice(rows, LINES_AT_ONCE)):
            yield lines.encode()


def _rows(selection: Selection, entry: Entry, kind: str) -> Iterator[list[str]]:
    start = [text(value) for value in about(entry).values()]
    for position, series in pieces(selection, entry, kind):
        columns = [_cells(series[name], whole=name in WHOLE) for name in COLUMNS[kind]]
        for at, *cells in zip(position.tolist(), *columns, strict=True):
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
