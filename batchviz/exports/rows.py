"""What is said of a run on every row of a table, and where on the epoch axis a row lies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from batchviz.exports.selection import Selection
from batchviz.records import EPOCH_COLUMNS, UPDATE_COLUMNS, Entry, Run, Series, Source

COLUMNS = {"epochs": EPOCH_COLUMNS, "updates": UPDATE_COLUMNS}
AXIS = {"epochs": "epoch", "updates": "update"}
"""The column that counts the rows of each kind."""
WHOLE = frozenset({"updates", "examples", "batch_size"})
"""Columns that hold counts."""
SOURCES = {Source.HERE: "trained here", Source.ARCHIVE: "archive", Source.HISTORY: "history"}


def about(entry: Entry) -> dict[str, str | int | None]:
    """The columns that tell runs apart. Prefixed, because an update has a `batch_size` of its own.

    None where a run that was trained elsewhere does not say.
    """
    run = entry.run
    spec = run.spec
    known = {name: value for name, value in spec.model_dump().items() if name in run.known_fields}
    return {
        "run_id": run.id,
        "run_name": entry.name,
        "run_label": run.title or f"B = {spec.batch_size}",
        "run_source": SOURCES[run.source],
        "run_status": str(run.status),
        "run_dataset": known.get("dataset"),
        "run_batch_size": spec.plan.first.batch_size,
        "run_seed": known.get("seed"),
    }


def pieces(selection: Selection, entry: Entry, kind: str) -> Iterator[tuple[NDArray[np.float64], Series]]:
    """The rows of a run with their position: the epoch of each (0: before the first update), or the update's number."""
    for first, series in selection.pieces(entry.run.id, kind):
        yield (_epochs(entry.run, first, series) if kind == "epochs" else _count(first + 1, series)), series


def _epochs(run: Run, first: int, series: Series) -> NDArray[np.float64]:
    """From the examples seen, so that a row in mid-epoch lies where it was measured; else the row's number."""
    passed = series["examples"].astype(np.float64) / run.spec.plan.training_rows
    return np.where(np.isfinite(passed), passed.round(4), _count(first, series))


def _count(first: int, series: Series) -> NDArray[np.float64]:
    return np.arange(first, first + len(next(iter(series.values()))), dtype=np.float64)
