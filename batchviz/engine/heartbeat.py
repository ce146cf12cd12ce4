"""A worker's second thread: shows life, and hears of the learner's Stop between two reports."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Self

from batchviz.errors import StoreError
from batchviz.experiment.records import Run
from batchviz.store import ENGINE, StaleAttempt, Store


class HeartbeatMonitor:
    """Remembers for every name when its beat was last seen to change, by the watcher's own clock.

    Beats are never compared with a clock: machines disagree, and after a laptop's sleep everything looks old.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Hashable, tuple[Hashable, float]] = {}

    def seconds_silent(self, name: Hashable, beat: Hashable) -> float:
        """Seconds for which `beat` has stayed what it is; 0 when it is new."""
        now = self._clock()
        if name not in self._seen or self._seen[name][0] != beat:
            self._seen[name] = (beat, now)
        return now - self._seen[name][1]

    def forget_others(self, names: set[Hashable]) -> None:
        """Drop all but these names."""
        self._seen = {name: seen for name, seen in self._seen.items() if name in names}


LOOK_SECONDS = 0.2
MAX_LOOK_SHARE = 0.1
"""Of the time, for the looks themselves: those of a group take as long as it has runs."""
BEAT_SECONDS = 1.0
ORPHAN_SECONDS = 60.0
"""With no dispatcher for so long, nobody will be there to take over from this worker either."""


class HeartbeatThread:
    """Use as a context around the training of attempts; `should_stop` costs nothing to ask."""

    def __init__(self, store: Store, runs: Sequence[Run]) -> None:
        self._store = store
        self._attempts = {run.id: run.attempt for run in runs}
        self._worker = f"{socket.gethostname()}:{os.getpid()}"
        self._stopped: set[str] = set()
        self._ended = threading.Event()
        self._dispatcher_heartbeats = HeartbeatMonitor()
        self.orphaned = False
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def should_stop(self, run_id: str) -> bool:
        """Whether the training of a run should end at the next opportunity."""
        return self.orphaned or run_id in self._stopped

    def stop(self, run_id: str) -> None:
        """Make `should_stop` true."""
        self._stopped.add(run_id)

    def leave(self, run_id: str) -> None:
        """The run needs no sign of life any more, while others may."""
        self._attempts.pop(run_id, None)

    def _look(self) -> None:
        last_beat = took = 0.0
        # Not at once: the claim has just said so, and the run's first moments are what somebody waits for.
        while not self._ended.wait(max(LOOK_SECONDS, min(took / MAX_LOOK_SHARE, BEAT_SECONDS))):
            began = time.monotonic()
            beats = began - last_beat >= BEAT_SECONDS
            try:
                for run_id, attempt in list(self._attempts.items()):
                    self._look_after(run_id, attempt, beats=beats)
                if beats:
                    last_beat = began
                    self._look_for_dispatcher()
            except StoreError:
                # What nobody can write or read proves nobody's death.
                self._dispatcher_heartbeats.forget_others(set())
            took = time.monotonic() - began

    def _look_after(self, run_id: str, attempt: int, *, beats: bool) -> None:
        try:
            if beats:
                stop = self._store.attempts.heartbeat(run_id, attempt, self._worker)
            else:
                stop = self._store.attempts.stop_requested(run_id, attempt)
        except StaleAttempt:
            stop = True  # the run is somebody else's now, or over
            self.leave(run_id)
        if stop:
            self.stop(run_id)

    def _look_for_dispatcher(self) -> None:
        beat = next(((r.token, r.beat) for r in self._store.processes.all() if r.name == ENGINE), None)
        if self._dispatcher_heartbeats.seconds_silent(ENGINE, beat) > ORPHAN_SECONDS:
            self.orphaned = True
