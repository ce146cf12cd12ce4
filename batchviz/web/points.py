"""What is new of some runs, put together for one client from parts that all clients share."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Hashable, Mapping

from cachetools import LRUCache, cachedmethod

from batchviz.frontend.payload import RunMessage, about, epoch_rows, update_rows
from batchviz.store import Cursor, Store
from batchviz.store.codec import length
from batchviz.text.playground import describe
from batchviz.web.limits import MAX_RUNS_BYTES, MAX_SENTENCES_LENGTH
from batchviz.web.run_cache import CachedRun, RunCache

VERSION = 1
ENGINE_SECONDS = 0.25


class Feed:
    """Answers to `api/points`. Thread-safe: two threads may compute the same, none waits for the other."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._runs = RunCache()
        self._lock = threading.Lock()
        self._serialized: LRUCache[Hashable, bytes] = LRUCache(MAX_RUNS_BYTES, getsizeof=len)
        self._sentences: LRUCache[Hashable, str] = LRUCache(MAX_SENTENCES_LENGTH, getsizeof=len)
        self._engine = ("down", float("-inf"))

    def at_once(self, cursors: Mapping[str, Cursor]) -> bytes | None:
        """The answer when all runs are over and cached, None when the database must be asked. Never blocks."""
        runs = self._runs.final(list(cursors))
        state, read = self._engine
        if runs is None or time.monotonic() - read > ENGINE_SECONDS:
            return None
        return self._compose(cursors, runs, state)

    def answer(self, cursors: Mapping[str, Cursor]) -> bytes:
        """The answer, from the database where needed. Blocks; raises StoreError."""
        with self._runs.up_to_date(self._store(), list(cursors)) as runs:
            return self._compose(cursors, runs, self._engine_state())

    def _engine_state(self) -> str:
        if time.monotonic() - self._engine[1] > ENGINE_SECONDS:
            self._engine = (self._store().processes.engine_state(), time.monotonic())
        return self._engine[0]

    def _compose(self, cursors: Mapping[str, Cursor], runs: Mapping[str, CachedRun], engine: str) -> bytes:
        head = {
            "version": VERSION,
            "engine": engine,
            "sentence": self._sentence(runs),
            "missing": [run_id for run_id in cursors if run_id not in runs],
        }
        parts = [self._serialize(run, cursors[run_id]) for run_id, run in runs.items()]
        return json.dumps(head, separators=(",", ":")).encode()[:-1] + b',"runs":[' + b",".join(parts) + b"]}"

    @cachedmethod(
        lambda self: self._serialized,
        key=lambda _, run, cursor: (run.run.id, run.version, run.revision, cursor),
        lock=lambda self: self._lock,
    )
    def _serialize(self, run: CachedRun, cursor: Cursor) -> bytes:
        return serialize(run, cursor)

    @cachedmethod(
        lambda self: self._sentences,
        key=lambda _, runs: tuple((run_id, run.version, run.revision) for run_id, run in runs.items()),
        lock=lambda self: self._lock,
    )
    def _sentence(self, runs: Mapping[str, CachedRun]) -> str:
        return describe([run.run for run in runs.values()], {i: run.epochs.rows for i, run in runs.items()})


def serialize(run: CachedRun, cursor: Cursor) -> bytes:
    """What is new for somebody at `cursor` (attempt: the cached run's version), as a JSON object."""
    continued = (
        cursor.attempt == run.version
        and cursor.epochs <= length(run.epochs.rows)
        and cursor.updates <= len(run.updates)
    )
    parts: RunMessage = {
        **about(run.run),
        "attempt": run.version,
        "reset": cursor.attempt != 0 and not continued,
        "queue_position": run.queue_position,
        "epochs": epoch_rows(run.epochs, cursor.epochs if continued else 0),
        "updates": update_rows(run.updates, cursor.updates if continued else 0),
    }
    return json.dumps(parts, separators=(",", ":"), allow_nan=False).encode()
