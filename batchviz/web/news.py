"""Waiting for the database to change: an answer that is held back until there is something to tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from batchviz.store import Changes, Store

WAIT_SECONDS = 1.0
LOOK_SECONDS = 0.004
"""Between looks while one request waits; of n that wait, n times as long, so that a class costs what one does."""
UNTOLD_LOOK_SECONDS = 0.04
"""The same for a database that does not tell of changes: every look is a query."""


class News:
    """Tells requests that wait of writes into the database. For one event loop."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._changes: Changes | None = None
        self._waiting = 0
        self._number = 0

    def latest(self) -> int:
        """The number of the latest write that is known of: what is read from now on has it."""
        if self._changes is None:
            self._changes = Changes(self._store().database)
        self._look()
        return self._number

    async def written(self, after: int, until: float) -> bool:
        """True once something may have been written after that write, False when it is `until` (monotonic seconds)."""
        look = LOOK_SECONDS if self._store().database.sqlite else UNTOLD_LOOK_SECONDS
        self._waiting += 1
        try:
            while self._number == after and time.monotonic() < until:
                await asyncio.sleep(look * self._waiting)
                self._look()
            return self._number != after
        finally:
            self._waiting -= 1

    def _look(self) -> None:
        """Whoever looks first of several that wait is told; the number tells the others."""
        if self._changes is not None and self._changes.happened():
            self._number += 1
