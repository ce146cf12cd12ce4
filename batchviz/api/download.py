"""A run's numbers as a CSV file, streamed: a run of millions of updates never is in memory whole."""

from __future__ import annotations

import math
from collections.abc import Iterator

from batchviz.records import Series
from batchviz.store import Have, Points, Store
from batchviz.store.codec import COLUMNS, length

ROWS_AT_ONCE = 65_536
WHOLE = {"updates", "examples", "batch_size"}


def csv(store: Store, run_id: str, kind: str) -> Iterator[str]:
    """Lines of the table, the header first. Values that are not finite are left empty."""
    names = COLUMNS[kind]
    yield ",".join(("epoch" if kind == "epochs" else "update", *names)) + "\r\n"
    have = Have()
    while True:
        points = store.points({run_id: have}, limit=ROWS_AT_ONCE, kinds=[kind])[run_id]
        if have.attempt not in (0, points.attempt):
            return  # started again meanwhile: better a short file than one of two halves
        first, series = _new(points, kind)
        yield from _lines(series, first + (0 if kind == "epochs" else 1))
        if points.complete:
            return
        have = Have(points.attempt, **{kind: first + length(series)})


def _new(points: Points, kind: str) -> tuple[int, Series]:
    return (points.first_epoch, points.epochs) if kind == "epochs" else (points.first_update, points.updates)


def _lines(series: Series, first: int) -> Iterator[str]:
    columns = [
        [_cell(value, whole=name in WHOLE) for value in column.tolist()] for name, column in series.items()
    ]
    for number, cells in enumerate(zip(*columns, strict=True), start=first):
        yield f"{number},{','.join(cells)}\r\n"


def _cell(value: float, *, whole: bool) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if whole else f"{value:.7g}"
