"""The rows that a comparison is made of, a run at a time, so that no length and no number of runs fills the memory.

Of long runs they are thinned (analysis.thinned) and remembered for all visitors: next time, only what is new is read.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from batchviz.analysis.downsampling import DownsampledSeries
from batchviz.experiment.constraints import BUDGET_LIMITS
from batchviz.experiment.records import EPOCH_COLUMNS, UPDATE_COLUMNS, Run, Series
from batchviz.store import Cursor, RunDelta, Store

MAX_CACHED_EPOCH_ROWS = BUDGET_LIMITS["epochs"] + 1
"""A run as long as a budget of epochs can make it is compared epoch by epoch; only longer ones are thinned."""
MAX_CACHED_UPDATE_ROWS = 8192
ROWS_AT_ONCE = 65_536
MAX_REMEMBERED = 256
"""Runs of each kind. They take .1 MB each, at most .4 MB."""


class Remembered:
    """What is read of one run: rows of one kind, of one attempt."""

    def __init__(self, kind: str) -> None:
        self._kind, self._lock = kind, threading.Lock()
        self._start(0)

    def _start(self, attempt: int) -> None:
        self._attempt, self._complete, self._examples = attempt, False, 0.0
        epochs = self._kind == "epochs"
        columns = EPOCH_COLUMNS if epochs else (*UPDATE_COLUMNS, "examples")
        self._thinned = DownsampledSeries(
            columns, most=MAX_CACHED_EPOCH_ROWS if epochs else MAX_CACHED_UPDATE_ROWS
        )

    def up_to_date(self, store: Store, run: Run) -> Series:
        """The rows recorded so far. Raises StoreError."""
        with self._lock:
            while not self._complete or run.attempt != self._attempt:
                have = Cursor(self._attempt, **{self._kind: self._thinned.recorded})
                found = store.series.since({run.id: have}, limit=ROWS_AT_ONCE, kinds=[self._kind]).get(run.id)
                if found is None:
                    break
                self._take(found)
                if found.complete:
                    break
            return self._thinned.rows

    def _take(self, points: RunDelta) -> None:
        if points.attempt != self._attempt:
            self._start(points.attempt)
        self._complete = points.complete and points.run.status.final
        rows = points.epochs if self._kind == "epochs" else self._counted(points.updates)
        self._thinned.extend(rows, last=self._complete)

    def _counted(self, updates: Series) -> Series:
        """With the examples of all updates so far: those of one no longer tell once others are left out."""
        seen = self._examples + np.cumsum(updates["batch_size"], dtype=np.float64)
        self._examples = float(seen[-1]) if len(seen) else self._examples
        with np.errstate(
            over="ignore"
        ):  # an archive may claim any sizes; beyond float32 they are infinite here
            return {**updates, "examples": seen.astype(np.float32)}


_remembered: OrderedDict[tuple[str, str], Remembered] = OrderedDict()
_lock = threading.Lock()


def epochs(store: Store, runs: Sequence[Run]) -> dict[str, Series]:
    """The epoch rows by run id: all of them in one read, but for the few runs that are longer than that."""
    have = {run.id: Cursor() for run in runs}
    found = store.series.since(have, limit=MAX_CACHED_EPOCH_ROWS, kinds=["epochs"])
    return {
        run.id: found[run.id].epochs if found[run.id].complete else _read(store, run, "epochs")
        for run in runs
        if run.id in found
    }


def updates(store: Store, runs: Sequence[Run]) -> dict[str, Series]:
    """The update rows by run id, with a column `examples`: those seen so far."""
    return {run.id: _read(store, run, "updates") for run in runs}


def _read(store: Store, run: Run, kind: str) -> Series:
    with _lock:
        mine = _remembered.setdefault((run.id, kind), Remembered(kind))
        _remembered.move_to_end((run.id, kind))
        while len(_remembered) > 2 * MAX_REMEMBERED:
            _remembered.popitem(last=False)
    return mine.up_to_date(store, run)
