"""Runs as the web process holds them: read once from the store, however many people watch.

A mirror keeps what the chart can show of one run: up to 4 096 epoch rows and 8 192 buckets of updates, some 350 kB at
most. Of more epochs it keeps those that analysis.thinned does.
Whoever asks next brings it up to date, unless that was done a moment ago; then everybody is served from
memory. A run that is over is never read again, only looked for: it may have been deleted.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from batchviz.analysis.downsampling import Bins, DownsampledSeries, stride_for
from batchviz.experiment.records import EPOCH_COLUMNS, Series, Status
from batchviz.store import Cursor, RunDelta, Store
from batchviz.store.codec import length

FRESH_SECONDS = 0.2
"""Reports arrive four times a second, so nothing is gained by reading more often."""
AWAITED_SECONDS = 0.04
"""The same while a first point is awaited: it counts against the half second from click to curve."""
SEEN_SECONDS = 1.0
"""How long a run that is over is taken to be there still."""
MOST = 256
"""Runs kept. At their largest they take 90 MB, usually 2."""
ROWS_AT_ONCE = 262_144


class CachedRun:
    """One run and its rows, all of one attempt. `revision` counts the changes.

    `complete` is False while the store holds rows that were not read yet.
    """

    def __init__(self, points: RunDelta) -> None:
        self.read = self.seen = time.monotonic()
        self.run = points.run
        self.attempt = points.attempt
        self.revision = 0
        self.position: int | None = None
        self._planned = points.run.plan.updates
        self.complete = False
        self.thinned = DownsampledSeries(
            EPOCH_COLUMNS, (points.run.plan.epochs or points.run.progress.epochs) + 1
        )
        self.buckets = Bins(stride_for(self._planned or points.run.progress.updates))
        self._add(points)

    @property
    def epochs(self) -> Series:
        """The epoch rows, all of them or those that stand for all."""
        return self.thinned.rows

    @property
    def generation(self) -> int:
        """Changes when rows must be fetched anew: another attempt is on show, or fewer rows stand for more."""
        strides = (self.thinned.stride, 1 if self._planned else self.buckets.stride)
        return self.attempt + 1000 * sum(stride.bit_length() - 1 for stride in strides)

    @property
    def have(self) -> Cursor:
        """What the store need not send again."""
        return Cursor(self.attempt, self.thinned.recorded, self.buckets.updates)

    @property
    def settled(self) -> bool:
        """Whether nothing can change any more."""
        return self.run.status.final and self.complete

    def fresh(self, now: float) -> bool:
        """Whether reading it again is not worth while yet."""
        if self.settled:
            return True
        return now - self.read < (FRESH_SECONDS if length(self.epochs) else AWAITED_SECONDS)

    def take(self, points: RunDelta) -> None:
        """Add what is new. `points` are those since `have`, of the same attempt."""
        self.read = self.seen = time.monotonic()
        changed = points.run != self.run or length(points.epochs) or length(points.updates)
        if not changed and points.complete == self.complete:
            return
        self.run = points.run
        self._add(points)

    def place(self, position: int | None) -> None:
        """Set the number of runs ahead in the queue."""
        if position != self.position:
            self.position = position
            self.revision += 1

    def _add(self, points: RunDelta) -> None:
        last = points.complete and points.run.status.final
        self.thinned.extend(points.epochs, last=last)
        seen = self.buckets.updates + length(points.updates)
        if not self._planned and stride_for(seen) > self.buckets.stride:
            # Wider buckets cannot be made of what waits for its bucket: read this run's updates again.
            self.buckets = Bins(stride_for(max(seen, points.run.progress.updates)))
            self.complete = False
        else:
            self.complete = points.complete
            self.buckets.extend(points.updates, last=last)
        self.revision += 1


class RunCache:
    """The mirrors of the runs asked for lately. Thread-safe; reads of the store are shared, not repeated."""

    def __init__(self) -> None:
        self._mirrors: OrderedDict[str, CachedRun] = OrderedDict()
        self._missing: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def settled(self, run_ids: Sequence[str]) -> dict[str, CachedRun] | None:
        """The mirrors of all these runs when every one is over and known, None otherwise. Never blocks."""
        found = {run_id: mirror for run_id in run_ids if (mirror := self._mirrors.get(run_id)) is not None}
        oldest = time.monotonic() - SEEN_SECONDS
        known = all(mirror.settled and mirror.seen > oldest for mirror in found.values())
        return found if len(found) == len(run_ids) and known else None

    @contextmanager
    def up_to_date(self, store: Store, run_ids: Sequence[str]) -> Iterator[dict[str, CachedRun]]:
        """The mirrors of the runs that exist, which do not change inside the context.

        Blocks on the database; raises StoreError. Whoever waits here for another finds the mirrors fresh
        afterwards.
        """
        with self._lock:
            self._forget_deleted(store, run_ids)
            read = stale = self._stale(run_ids)
            while stale:
                have = {i: self._mirrors[i].have if i in self._mirrors else Cursor() for i in stale}
                points = store.series.since(have, limit=ROWS_AT_ONCE)
                for run_id in stale:
                    self._take(run_id, points.get(run_id))
                stale = [i for i in stale if i in self._mirrors and not self._mirrors[i].complete]
            self._place_in_queue(store, read)
            for run_id in run_ids:
                if run_id in self._mirrors:
                    self._mirrors.move_to_end(run_id)
            yield {run_id: self._mirrors[run_id] for run_id in run_ids if run_id in self._mirrors}
            for remembered in (self._mirrors, self._missing):
                while len(remembered) > MOST:
                    remembered.popitem(last=False)

    def _forget_deleted(self, store: Store, run_ids: Sequence[str]) -> None:
        """Runs that are over are not read again; so look whether they are still there."""
        now = time.monotonic()
        settled = [i for i in run_ids if i in self._mirrors and self._mirrors[i].settled]
        unseen = [i for i in settled if now - self._mirrors[i].seen > SEEN_SECONDS]
        visible = store.runs.visible(unseen) if unseen else set()
        for run_id in unseen:
            if run_id in visible:
                self._mirrors[run_id].seen = now
            else:
                self._take(run_id, None)

    def _stale(self, run_ids: Sequence[str]) -> list[str]:
        now = time.monotonic()
        return [
            run_id
            for run_id in run_ids
            if (
                not self._mirrors[run_id].fresh(now)
                if run_id in self._mirrors
                else now - self._missing.get(run_id, float("-inf")) > AWAITED_SECONDS
            )
        ]

    def _take(self, run_id: str, points: RunDelta | None) -> None:
        if points is None:
            self._mirrors.pop(run_id, None)
            self._missing[run_id] = time.monotonic()
        elif run_id in self._mirrors and self._mirrors[run_id].attempt == points.attempt:
            self._mirrors[run_id].take(points)
        else:
            self._mirrors[run_id] = CachedRun(points)

    def _place_in_queue(self, store: Store, run_ids: Sequence[str]) -> None:
        mirrors = [self._mirrors[run_id] for run_id in run_ids if run_id in self._mirrors]
        queued = any(mirror.run.status == Status.QUEUED for mirror in mirrors)
        positions = store.queue.positions() if queued else {}
        for mirror in mirrors:
            mirror.place(positions.get(mirror.run.id))
