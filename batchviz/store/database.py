"""One database, SQLite or PostgreSQL: connections, transactions, and errors in words."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from batchviz.errors import StoreError
from batchviz.store.migrations import migrate

logger = logging.getLogger(__name__)

LOG_SECONDS = 60.0
BUSY_SECONDS = 10.0
"""How long a writer waits for another before it gives up. Writes take milliseconds: an emergency."""


class Database:
    """Transactions on one database. Thread-safe; open one a process, after forking, not before."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Connect and bring the tables up to date. Raises StoreError when that is not possible."""
        self.url = url
        self._busy_seconds = busy_seconds
        self._silent_until = 0.0
        self._engine = self._create_engine()
        self.sqlite = self._engine.dialect.name == "sqlite"
        if self.sqlite:
            event.listen(self._engine, "connect", self._prepare)
            event.listen(self._engine, "begin", _begin)
            self._writer: Engine = self._engine.execution_options(immediate=True)
            self._reader: Engine = self._engine
        else:
            self._writer = self._engine
            # Two statements of one read must see the same moment, as they do in SQLite.
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with self._errors_in_words():
            migrate(self._writer)

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: everything in it sees the same moment."""
        with self._errors_in_words(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone_with: str = "") -> Iterator[Connection]:
        """A write transaction, rolled back on any error.

        `alone_with` names what must not be done twice at the same time. SQLite has one writer anyway;
        PostgreSQL takes an advisory lock of that name.
        """
        with self._errors_in_words(), self._writer.begin() as connection:
            if alone_with and not self.sqlite:
                key = int.from_bytes(hashlib.sha256(alone_with.encode()).digest()[:8], "big", signed=True)
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
            yield connection

    def _create_engine(self) -> Engine:
        try:
            url = make_url(self.url)
            if url.drivername == "postgresql":
                url = url.set(drivername="postgresql+psycopg")
            if url.get_backend_name() not in ("sqlite", "postgresql"):
                raise StoreError(f"The database is {url.get_backend_name()}; expected sqlite or postgresql.")
            if url.get_backend_name() == "sqlite":
                self.path = Path(url.database or "")
                if not url.database or url.database == ":memory:":
                    raise StoreError(
                        "The database must be a file, because the web server and the workers share it."
                    )
                self.path.parent.mkdir(parents=True, exist_ok=True)
                return create_engine(url, connect_args={"timeout": self._busy_seconds})
            return create_engine(url, pool_pre_ping=True)
        except (ArgumentError, NoSuchModuleError):
            raise StoreError(
                "The database address could not be read; expected something like sqlite:////data/batchviz.db "
                "or postgresql://user:password@host/name. Correct BATCHVIZ_DATABASE_URL."
            ) from None
        except ModuleNotFoundError as error:
            raise StoreError(
                f"PostgreSQL needs the package {error.name}: pip install 'batchviz[postgres]'."
            ) from None
        except OSError as error:
            logger.error("The folder of the database cannot be used: %s", error)
            raise StoreError(
                "The folder of the database cannot be used. Correct BATCHVIZ_DATA_DIR or BATCHVIZ_DATABASE_URL, or "
                "allow writing to it."
            ) from None

    def _prepare(self, connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: see _begin
        connection.execute(f"PRAGMA busy_timeout={int(self._busy_seconds * 1000)}")
        # In WAL mode a power cut costs the last moments, never the file.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @contextmanager
    def _errors_in_words(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:  # the second where SQLAlchemy only opens the file
            sentence = self._explain(error)
            self._log(sentence, error)
            raise StoreError(sentence) from error

    def _explain(self, error: DBAPIError | sqlite3.Error) -> str:
        """For whoever looks at the screen, who may be a stranger: no path, no host, no user's name."""
        for sign, sentence in _SENTENCES.items():
            if sign in _cause(error):
                return sentence.format(seconds=self._busy_seconds)
        if isinstance(error, OperationalError) and not self.sqlite:
            return "The database does not answer. Its administrator finds the reason in the server's log."
        return "The database refused. Its administrator finds the reason in the server's log."

    def _log(self, sentence: str, error: DBAPIError | sqlite3.Error) -> None:
        """For whoever runs the server, once a minute: every open page meets the same fault several times a second."""
        if (now := time.monotonic()) < self._silent_until:
            return
        self._silent_until = now + LOG_SECONDS
        place = str(self.path) if self.sqlite else make_url(self.url).render_as_string(hide_password=True)
        logger.error("%s The database is %s. It said: %s", sentence, place, _cause(error))


def _cause(error: DBAPIError | sqlite3.Error) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]


_FULL = "The disk is full: nothing more can be stored. Free some space, then try again."
_SENTENCES = {
    "disk is full": _FULL,
    "No space left": _FULL,
    "disk I/O error": (
        "The disk refused to write. It is full, over a quota, or failing. "
        "Free some space or move the data, then try again."
    ),
    "locked": (
        "The database is locked: another program has held it for {seconds:g} seconds. "
        "Close that program (a database browser, a backup), then try again."
    ),
    "readonly": "The database cannot be written. Allow writing to the file and to its folder.",
    "unable to open": "The database cannot be opened. Its folder must exist and allow writing.",
    "not a database": "The file is not a BatchViz database. Move it away, or change BATCHVIZ_DATABASE_URL.",
    "malformed": "The database is damaged. Restore a backup, or move it away to start afresh.",
}
"""What a database says, and what a person should read instead."""


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once, busy timeout or not, when another
    # writer was faster. Writers therefore announce themselves at BEGIN, where waiting works.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
