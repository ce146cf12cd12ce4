"""Whether anybody wrote into the database since one looked last, at a hundredth of the price of a query."""

from __future__ import annotations

import contextlib
import sqlite3

from batchviz.store.database import Database


class Changes:
    """For one thread that looks often. SQLite's `data_version` tells of every write by another connection.

    PostgreSQL has no such number: there `happened` is always true, and a look costs what the query costs.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None

    @property
    def cheap(self) -> bool:
        """Whether looking costs next to nothing."""
        return self._database.sqlite

    def happened(self) -> bool:
        """True when something may have been written since the last call, and at the first one."""
        if not self._database.sqlite:
            return True
        before, self._seen = self._seen, self._version()
        return self._seen is None or self._seen != before

    def _version(self) -> int | None:
        """None when it cannot be told; whoever then asks the database itself hears why."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._database.path)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            if self._connection is not None:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.close()
            self._connection = None
            return None
