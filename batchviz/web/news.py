"""Waiting for the database to change: an answer that is held back until there is something to tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from batchviz.store import Changes, Store

T = TypeVar("T")

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

    async def held(self, answer: Callable[[], Awaitable[T]], tells: Callable[[T], bool], seconds: float) -> T:
        """The answer once it tells something, asked for anew after every write; after so many seconds as it is then."""
        if self._changes is None:
            self._changes = Changes(self._store().database)
        until = time.monotonic() + seconds
        while True:
            self._look()
            latest = self._number  # what is read from now on has it
            answered = await answer()
            if tells(answered) or not await self._written(latest, until):
                return answered

    async def _written(self, after: int, until: float) -> bool:
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
