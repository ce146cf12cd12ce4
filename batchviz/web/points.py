"""What is new of some runs, put together for one client from parts that all clients share."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping

from batchviz.frontend.payload import RunMessage, about, epoch_rows, update_rows
from batchviz.store import Cursor, Store
from batchviz.store.codec import length
from batchviz.text.playground import describe
from batchviz.web.run_cache import CachedRun, RunCache

VERSION = 1
ENGINE_SECONDS = 0.25
MAX_BYTES = 16_000_000
"""Of encoded messages kept for the next who asks the same: a class that opens one link."""


class Feed:
    """Answers to `api/points`. Thread-safe."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._mirrors = RunCache()
        self._messages = Memory(MAX_BYTES)
        self._sentences = Memory(1_000_000)
        self._engine = ("down", float("-inf"))

    def at_once(self, have: Mapping[str, Cursor]) -> bytes | None:
        """The answer when all runs are over and known, None when the database must be asked. Never blocks."""
        mirrors = self._mirrors.settled(list(have))
        state, read = self._engine
        if mirrors is None or time.monotonic() - read > ENGINE_SECONDS:
            return None
        return self._compose(have, mirrors, state)

    def answer(self, have: Mapping[str, Cursor]) -> bytes:
        """The answer, from the database where needed. Blocks; raises StoreError."""
        with self._mirrors.up_to_date(self._store(), list(have)) as mirrors:
            return self._compose(have, mirrors, self._engine_state())

    def _engine_state(self) -> str:
        if time.monotonic() - self._engine[1] > ENGINE_SECONDS:
            self._engine = (self._store().processes.engine_state(), time.monotonic())
        return self._engine[0]

    def _compose(self, have: Mapping[str, Cursor], mirrors: Mapping[str, CachedRun], engine: str) -> bytes:
        head = {
            "version": VERSION,
            "engine": engine,
            "sentence": self._sentence(mirrors),
            "missing": [run_id for run_id in have if run_id not in mirrors],
        }
        messages = [self._message(mirror, have[run_id]) for run_id, mirror in mirrors.items()]
        return (
            json.dumps(head, separators=(",", ":")).encode()[:-1] + b',"runs":[' + b",".join(messages) + b"]}"
        )

    def _message(self, mirror: CachedRun, have: Cursor) -> bytes:
        key = (mirror.run.id, mirror.generation, mirror.revision, have)
        return self._messages.recall(key, lambda: message(mirror, have))

    def _sentence(self, mirrors: Mapping[str, CachedRun]) -> str:
        key = tuple((run_id, mirror.generation, mirror.revision) for run_id, mirror in mirrors.items())
        runs = [mirror.run for mirror in mirrors.values()]
        series = {run_id: mirror.epochs for run_id, mirror in mirrors.items()}
        return self._sentences.recall(key, lambda: describe(runs, series).encode()).decode()


class Memory:
    """The latest results by key, up to a total size. Two threads may compute the same; none waits."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._size = most_bytes, 0
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, bytes] = OrderedDict()

    def recall(self, key: Hashable, compute: Callable[[], bytes]) -> bytes:
        """The result of `compute`, remembered."""
        value = self._known.get(key)
        if value is None:
            value = compute()
            with self._lock:
                self._size += len(value) - len(self._known.pop(key, b""))
                self._known[key] = value
                while self._size > self._most and len(self._known) > 1:
                    self._size -= len(self._known.popitem(last=False)[1])
        return value


def message(mirror: CachedRun, have: Cursor) -> bytes:
    """What is new for somebody who has `have` (attempt: the mirror's generation), as a JSON object."""
    known = (
        have.attempt == mirror.generation
        and have.epochs <= length(mirror.epochs)
        and have.updates <= len(mirror.buckets)
    )
    parts: RunMessage = {
        **about(mirror.run),
        "attempt": mirror.generation,
        "reset": have.attempt != 0 and not known,
        "queue_position": mirror.position,
        "epochs": epoch_rows(mirror.thinned, have.epochs if known else 0),
        "updates": update_rows(mirror.buckets, have.updates if known else 0),
    }
    return json.dumps(parts, separators=(",", ":"), allow_nan=False).encode()
