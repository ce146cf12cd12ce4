"""The one limit on the recorded rows that the web process keeps, whichever of its caches holds them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

from cachetools import LRUCache

from batchviz.web.limits import MAX_ROWS_BYTES

ENTRY_BYTES = 4000
"""Of an entry beside its rows: the run, its spec, its plan."""


class Rows(Protocol):
    """What can be kept. It may grow while it is."""

    @property
    def nbytes(self) -> int:
        """Its size, as of NumPy's arrays."""


Entry = TypeVar("Entry", bound=Rows)


class RowMemory:
    """Entries by key; those unused for longest go when all together are too large. Thread-safe: no call waits."""

    def __init__(self, max_bytes: int = MAX_ROWS_BYTES) -> None:
        self._entries: LRUCache[Hashable, Any] = LRUCache(
            max_bytes, getsizeof=lambda rows: ENTRY_BYTES + rows.nbytes
        )
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """The size of all entries, each as it was when last stored."""
        return int(self._entries.currsize)

    def get(self, key: Hashable) -> Any | None:
        """The entry, None if there is none."""
        with self._lock:
            return self._entries.get(key)

    def get_or_make(self, key: Hashable, make: Callable[[], Entry]) -> Entry:
        """The entry, the same for all who ask at once."""
        with self._lock:
            entry: Entry = self._entries.get(key) or make()
            self._store(key, entry)
            return entry

    def store(self, key: Hashable, entry: Rows) -> None:
        """Keep the entry; one that has grown is to be stored again, so that its size is known."""
        with self._lock:
            self._store(key, entry)

    def remove(self, key: Hashable) -> None:
        """Forget the entry, if it is there."""
        with self._lock:
            self._entries.pop(key, None)

    def _store(self, key: Hashable, entry: Rows) -> None:
        self._entries.pop(key, None)
        if self._entries.getsizeof(entry) <= self._entries.maxsize:
            self._entries[key] = entry


SHARED = RowMemory()
"""That of this process."""
