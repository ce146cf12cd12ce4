"""Runs as the web process holds them: read once from the store, however many people watch.

A cached run keeps what the chart can show of it: up to 4,096 epoch rows and 8,192 bins of updates, some 350 kB at
most. Of more epochs it keeps those that analysis.downsampling does.
Whoever asks next brings it up to date, unless that was done a moment ago; then everybody is served from
memory. A run that is over is never read again, only looked for: it may have been deleted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from weakref import WeakValueDictionary

from cachetools import TTLCache

from batchviz.analysis.downsampling import Bins, DownsampledSeries, stride_for
from batchviz.experiment.records import Status
from batchviz.experiment.series import SERIES, Measurements, length
from batchviz.store import Cursor, Place, RunDelta, Store
from batchviz.web import row_memory
from batchviz.web.limits import MAX_MISSING_RUNS
from batchviz.web.places import Places

FRESH_SECONDS = 0.2
"""Reports arrive four times a second, so nothing is gained by reading more often."""
AWAITED_SECONDS = 0.003
"""The same while a first point is awaited: it counts against the time from click to curve."""
SEEN_SECONDS = 1.0
"""How long a run that is over is taken to be there still."""
ROWS_AT_ONCE = 262_144


class CachedRun:
    """One run and its rows, all of one attempt. `revision` counts the changes.

    `complete` is False while the store holds rows that were not read yet.
    """

    def __init__(self, delta: RunDelta) -> None:
        self.read = self.seen = time.monotonic()
        self.run = delta.run
        self.attempt = delta.attempt
        self.revision = 0
        self.place: Place | None = None
        self._planned = delta.run.plan.updates
        self.complete = False
        self._measurements = Measurements()
        self._rows = (0, 0)  # read of epochs, and inside them
        self.epochs = DownsampledSeries(
            SERIES["epochs"].names, (delta.run.plan.epochs or delta.run.progress.epochs) + 1
        )
        self.updates = Bins(stride_for(self._planned or delta.run.progress.updates))
        self._add(delta)

    @property
    def version(self) -> int:
        """Changes when rows must be fetched anew: another attempt is on show, or fewer rows stand for more."""
        strides = (self.epochs.stride, 1 if self._planned else self.updates.stride)
        return self.attempt + 1000 * sum(stride.bit_length() - 1 for stride in strides)

    @property
    def cursor(self) -> Cursor:
        """What the store need not send again."""
        epochs, measured = self._rows
        return Cursor(self.attempt, epochs, self.updates.updates, measured)

    @property
    def final(self) -> bool:
        """Whether nothing can change any more."""
        return self.run.status.final and self.complete

    @property
    def nbytes(self) -> int:
        """The size of its rows."""
        return self.epochs.nbytes + self.updates.nbytes

    def fresh(self, now: float) -> bool:
        """Whether reading it again is not worth while yet."""
        if self.final:
            return True
        return now - self.read < (FRESH_SECONDS if length(self.epochs.rows) else AWAITED_SECONDS)

    def add(self, delta: RunDelta) -> None:
        """Add what is new since `cursor`, of the same attempt."""
        self.read = self.seen = time.monotonic()
        rows = length(delta.epochs) + length(delta.updates) + length(delta.measured)
        changed = delta.run != self.run or rows
        if not changed and delta.complete == self.complete:
            return
        self.run = delta.run
        self._add(delta)

    def set_place(self, place: Place | None) -> None:
        """What is ahead of it in the queue, None for one that does not wait."""
        if place is not None:  # in steps, so that not every look finds something to tell
            place = Place(place.ahead, _in_steps(place.seconds))
        if place != self.place:
            self.place = place
            self.revision += 1

    def _add(self, delta: RunDelta) -> None:
        last = delta.complete and delta.run.status.final
        self._rows = (self._rows[0] + length(delta.epochs), self._rows[1] + length(delta.measured))
        rows = self._measurements.add(delta.epochs, delta.measured, complete=delta.complete)
        self.epochs.extend(rows, last=last)
        count = self.updates.updates + length(delta.updates)
        if not self._planned and stride_for(count) > self.updates.stride:
            # Wider bins cannot be made of what waits for its bin: read this run's updates again.
            self.updates = Bins(stride_for(max(count, delta.run.progress.updates)))
            self.complete = False
        else:
            self.complete = delta.complete
            self.updates.extend(delta.updates, last=last)
        self.revision += 1


class _RunLock:
    """One run's, kept for as long as anybody holds or awaits it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


class RunCache:
    """The runs asked for lately. Thread-safe; reads of the store are shared, not repeated."""

    def __init__(self, memory: row_memory.RowMemory = row_memory.SHARED) -> None:
        self._memory = memory
        self._places = Places()
        self._missing: TTLCache[str, bool] = TTLCache(MAX_MISSING_RUNS, AWAITED_SECONDS)
        self._lock = threading.Lock()
        self._locks: WeakValueDictionary[str, _RunLock] = WeakValueDictionary()

    def final(self, run_ids: Sequence[str]) -> dict[str, CachedRun] | None:
        """These runs when every one is cached, over and was seen just now, None otherwise. Never blocks."""
        runs = self._cached(run_ids)
        oldest = time.monotonic() - SEEN_SECONDS
        final = all(run.final and run.seen > oldest for run in runs.values())
        return runs if len(runs) == len(run_ids) and final else None

    @contextmanager
    def up_to_date(self, store: Store, run_ids: Sequence[str]) -> Iterator[dict[str, CachedRun]]:
        """Those of the runs that exist, which do not change inside the context.

        Blocks on the database; raises StoreError. Whoever waits here for another who asked for one of the same runs
        finds it fresh afterwards; nobody waits for those who read other runs.
        """
        with self._alone_with(run_ids):
            runs = self._cached(run_ids)
            self._remove_deleted(store, runs)
            now = time.monotonic()
            with self._lock:
                missing = {i for i in run_ids if i in self._missing}
            stale = [i for i in run_ids if (not runs[i].fresh(now) if i in runs else i not in missing)]
            read = stale
            while stale:
                cursors = {i: runs[i].cursor if i in runs else Cursor() for i in stale}
                deltas = store.series.since(cursors, limit=ROWS_AT_ONCE)
                for run_id in stale:
                    self._update(runs, run_id, deltas.get(run_id))
                stale = [i for i in stale if i in runs and not runs[i].complete]
            self._set_places(store, [runs[i] for i in read if i in runs])
            for run_id, run in runs.items():
                self._memory.store(("run", run_id), run)
            yield {run_id: runs[run_id] for run_id in run_ids if run_id in runs}

    @contextmanager
    def _alone_with(self, run_ids: Sequence[str]) -> Iterator[None]:
        """Holds the runs, always in the same order, so that no two wait for each other."""
        with self._lock:
            locks = [self._locks.setdefault(run_id, _RunLock()) for run_id in sorted(set(run_ids))]
        with ExitStack() as held:
            for lock in locks:
                held.enter_context(lock.lock)
            yield

    def _cached(self, run_ids: Sequence[str]) -> dict[str, CachedRun]:
        runs = {run_id: self._memory.get(("run", run_id)) for run_id in run_ids}
        return {run_id: run for run_id, run in runs.items() if run is not None}

    def _remove_deleted(self, store: Store, runs: dict[str, CachedRun]) -> None:
        """Runs that are over are not read again; so look whether they are still there."""
        now = time.monotonic()
        unseen = [i for i, run in runs.items() if run.final and now - run.seen > SEEN_SECONDS]
        visible = store.runs.visible(unseen) if unseen else set()
        for run_id in unseen:
            if run_id in visible:
                runs[run_id].seen = now
            else:
                self._update(runs, run_id, None)

    def _update(self, runs: dict[str, CachedRun], run_id: str, delta: RunDelta | None) -> None:
        if delta is None:
            runs.pop(run_id, None)
            self._memory.remove(("run", run_id))
            with self._lock:
                self._missing[run_id] = True
        elif run_id in runs and runs[run_id].attempt == delta.attempt:
            runs[run_id].add(delta)
        else:
            runs[run_id] = CachedRun(delta)

    def _set_places(self, store: Store, runs: Collection[CachedRun]) -> None:
        places = self._places.find(store, [run.run.id for run in runs if run.run.status == Status.QUEUED])
        for run in runs:
            run.set_place(places.get(run.run.id) if run.run.status == Status.QUEUED else None)


def _in_steps(seconds: float) -> float:
    """To one digit that counts: 0, 1, ... 9, 10, 20, ..."""
    return float(f"{seconds:.0e}") if seconds >= 1 else 0.0
