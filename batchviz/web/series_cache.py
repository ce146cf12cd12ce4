"""The rows that a comparison is made of, a run at a time, so that no length and no number of runs fills the memory.

Of long runs they are downsampled and kept for all visitors: next time, only what is new is read.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from batchviz.analysis.downsampling import DownsampledSeries
from batchviz.experiment.records import Run
from batchviz.experiment.series import SERIES, Measurements, Series, length, merged
from batchviz.store import Cursor, RunDelta, Store
from batchviz.web.limits import MAX_CACHED_EPOCH_ROWS, MAX_CACHED_UPDATE_ROWS
from batchviz.web.row_memory import SHARED

ROWS_AT_ONCE = 65_536
MEASUREMENTS = ("epochs", "measured")
"""Kinds that are read as one."""


class CachedSeries:
    """What was read of one run: rows of one kind, of one attempt."""

    def __init__(self, kind: str) -> None:
        self._kind, self._lock = kind, threading.Lock()
        self._kinds = MEASUREMENTS if kind == "epochs" else (kind,)
        self._start(0)

    def _start(self, attempt: int) -> None:
        self._attempt, self._complete, self._examples = attempt, False, 0.0
        epochs = self._kind == "epochs"
        columns = SERIES["epochs"].names if epochs else (*SERIES["updates"].names, "examples")
        self._measurements, self._read = Measurements(), dict.fromkeys(self._kinds, 0)
        self._series = DownsampledSeries(
            columns, most=MAX_CACHED_EPOCH_ROWS if epochs else MAX_CACHED_UPDATE_ROWS
        )

    @property
    def nbytes(self) -> int:
        """The size of the rows."""
        return self._series.nbytes

    def up_to_date(self, store: Store, run: Run) -> Series:
        """The rows recorded so far. Raises StoreError."""
        with self._lock:
            while not self._complete or run.attempt != self._attempt:
                cursor = Cursor(self._attempt, **self._read)
                deltas = store.series.since({run.id: cursor}, limit=ROWS_AT_ONCE, kinds=self._kinds)
                if run.id not in deltas:
                    break
                self._add(deltas[run.id])
                if deltas[run.id].complete:
                    break
            return self._series.rows

    def _add(self, delta: RunDelta) -> None:
        if delta.attempt != self._attempt:
            self._start(delta.attempt)
        self._complete = delta.complete and delta.run.status.final
        self._read = {kind: read + length(delta.rows(kind)) for kind, read in self._read.items()}
        rows = (
            self._measurements.add(delta.epochs, delta.measured, complete=delta.complete)
            if self._kind == "epochs"
            else self._counted(delta.updates)
        )
        self._series.extend(rows, last=self._complete)

    def _counted(self, updates: Series) -> Series:
        """With the examples of all updates so far: those of one no longer tell once others are left out."""
        seen = self._examples + np.cumsum(updates["batch_size"], dtype=np.float64)
        self._examples = float(seen[-1]) if len(seen) else self._examples
        with np.errstate(
            over="ignore"
        ):  # an archive may claim any sizes; beyond float32 they are infinite here
            return {**updates, "examples": seen.astype(np.float32)}


def epochs(store: Store, runs: Sequence[Run]) -> dict[str, Series]:
    """Every measurement by run id (series.merged): in one read, but for the few runs that are longer than that."""
    cursors = {run.id: Cursor() for run in runs}
    deltas = store.series.since(cursors, limit=MAX_CACHED_EPOCH_ROWS, kinds=MEASUREMENTS)
    return {
        run.id: merged(deltas[run.id].epochs, deltas[run.id].measured)
        if deltas[run.id].complete
        else _read(store, run, "epochs")
        for run in runs
        if run.id in deltas
    }


def updates(store: Store, runs: Sequence[Run]) -> dict[str, Series]:
    """The update rows by run id, with a column `examples`: those seen so far."""
    return {run.id: _read(store, run, "updates") for run in runs}


def _read(store: Store, run: Run, kind: str) -> Series:
    key = (kind, run.id)
    series = SHARED.get_or_make(key, lambda: CachedSeries(kind))
    rows = series.up_to_date(store, run)
    SHARED.store(key, series)
    return rows
