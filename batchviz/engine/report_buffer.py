"""What a worker recorded on its way into the database, which may be away for a while.

A locked file, a full disk or a server that restarts is no reason to end a training: what cannot be written now waits
here, in order, and is written when the database is back. Nothing is written twice, whatever became of the write that
seemed to fail: each goes with the number of rows that must be there before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from batchviz.engine.limits import MAX_OUTAGE_SECONDS
from batchviz.errors import StoreError
from batchviz.experiment.records import Report, RowCounts
from batchviz.store import StaleAttempt

RETRY_SECONDS = 1.0


class ReportBuffer:
    """Hands reports to `append`, which writes one that follows so many rows and says whether the run shall stop."""

    def __init__(
        self,
        append: Callable[[Report, RowCounts], bool],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._append, self._clock, self._sleep = append, clock, sleep
        self._written = RowCounts()
        self._waiting: Report | None = None
        self.writes = 0
        """That the database took."""
        self._retry_at = 0.0

    def keep(self, report: Report) -> None:
        """Have this report wait, after what waits."""
        self._waiting = report if self._waiting is None else self._waiting.followed_by(report)

    @property
    def waiting(self) -> tuple[Report | None, RowCounts]:
        """What waits, and how many rows must be there before it."""
        return self._waiting, self._written

    def add(self, report: Report) -> bool:
        """Write this report after what waits, or keep it; True when the run is asked to stop. Raises StaleAttempt."""
        self.keep(report)
        if self._clock() < self._retry_at:
            return False
        try:
            return self._write()
        except StaleAttempt:
            raise
        except StoreError:
            self._retry_at = self._clock() + RETRY_SECONDS
            return False

    def flush(self) -> None:
        """Write what waits, however long the database is away. Raises StaleAttempt, and StoreError in the end."""
        begun = self._clock()
        while self._waiting is not None:
            try:
                self._write()
            except StaleAttempt:
                raise
            except StoreError:
                if self._clock() - begun > MAX_OUTAGE_SECONDS:
                    raise
                self._sleep(RETRY_SECONDS)

    def _write(self) -> bool:
        assert self._waiting is not None
        stop = self._append(self._waiting, self._written)
        self._written, self._waiting = self._written.after(self._waiting), None
        self.writes += 1
        return stop
