"""A worker's second thread: shows life, and hears of the learner's Stop between two reports."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Hashable
from typing import Self

from batchviz.errors import StoreError
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
BEAT_SECONDS = 1.0
ORPHAN_SECONDS = 60.0
"""With no dispatcher for so long, nobody will be there to take over from this worker either."""


class HeartbeatThread:
    """Use as a context around the training of one attempt; `should_stop` costs nothing to ask."""

    def __init__(self, store: Store, run_id: str, attempt: int) -> None:
        self._store, self._run_id, self._attempt = store, run_id, attempt
        self._worker = f"{socket.gethostname()}:{os.getpid()}"
        self._stop, self._ended = threading.Event(), threading.Event()
        self._dispatcher_heartbeats = HeartbeatMonitor()
        self.orphaned = False
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def should_stop(self) -> bool:
        """Whether training should end at the next opportunity."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Make `should_stop` true."""
        self._stop.set()

    def _look(self) -> None:
        last_beat = 0.0
        # Not at once: the claim has just said so, and the run's first moments are what somebody waits for.
        while not self._ended.wait(LOOK_SECONDS):
            try:
                if time.monotonic() - last_beat >= BEAT_SECONDS:
                    stop = self._store.attempts.heartbeat(self._run_id, self._attempt, self._worker)
                    last_beat = time.monotonic()
                    self._look_for_dispatcher()
                else:
                    stop = self._store.attempts.stop_requested(self._run_id, self._attempt)
                if stop:
                    self._stop.set()
            except StaleAttempt:
                self._stop.set()  # the run is somebody else's now, or over
                return
            except StoreError:
                # What nobody can write or read proves nobody's death.
                self._dispatcher_heartbeats.forget_others(set())

    def _look_for_dispatcher(self) -> None:
        beat = next(((r.token, r.beat) for r in self._store.processes.all() if r.name == ENGINE), None)
        if self._dispatcher_heartbeats.seconds_silent(ENGINE, beat) > ORPHAN_SECONDS:
            self.orphaned = True
            self._stop.set()
