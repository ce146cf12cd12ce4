"""Pages that are opened at the same moment are drawn in turn.

Python runs one thread at a time. A hundred pages that are drawn beside each other are all there late, and what answers
those who watch a run is one thread among a hundred; in turn the first page is there at once, the last no later, and
the others wait for two threads at most. Two, because a script waits for the database now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PAGES_AT_ONCE = 2
PATIENCE_SECONDS = 3.0
"""Then a page is drawn beside the others: what is in front of it waits for something else than the processor."""


class Turns:
    """So many at once. Thread-safe."""

    def __init__(self, at_once: int = PAGES_AT_ONCE, patience: float = PATIENCE_SECONDS) -> None:
        self._free, self._patience = threading.Semaphore(at_once), patience

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for one's turn, and have it inside the context. Blocks, but not for longer than the patience."""
        got = self._free.acquire(timeout=self._patience)
        try:
            yield
        finally:
            if got:
                self._free.release()


OPENING = Turns()
"""Of the pages of this process that somebody comes to."""
