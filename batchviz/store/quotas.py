"""What one visitor, one network address and all together may have waiting and kept, and what they have.

A visitor without a cookie is a new one each time, an address is not: what it may have is what so many visitors may who
share it, a class behind one line. Addresses are kept as long as they count: of a run until it is over.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select, text

from batchviz.errors import StoreError
from batchviz.store.database import Database
from batchviz.store.rows import UNFINISHED, VISIBLE
from batchviz.store.tables import attempt, run, upload


class QuotaError(StoreError):
    """Somebody has as much as is allowed; the text says how much that is, and what to do."""


@dataclass(frozen=True)
class Quota:
    """The limits of an installation; 0: none."""

    runs: int = 0
    """That wait or train, a visitor. Those of sweeps have a limit of their own and wait behind all others."""
    sweep_runs: int = 0
    """Of one sweep."""
    class_members: int = 0
    visitor_bytes: int = 0
    """Of recorded runs and own data, a visitor."""
    total_bytes: int = 0
    """Of the database."""
    free_bytes: int = 0
    """That stay free on the disk of an SQLite database."""
    visitors_an_address: int = 1
    """How many times a visitor's share a network address has."""


@dataclass(frozen=True)
class Usage:
    """What somebody has."""

    runs: int
    bytes: int


class Quotas:
    """The limits, and who has how much of them."""

    def __init__(self, database: Database, quota: Quota) -> None:
        self._database, self.quota = database, quota

    def usage(self, owner: str) -> Usage:
        """What a visitor has waiting or training, and keeps."""
        with self._database.reading() as connection:
            return Usage(_runs(connection, run.c.owner == owner), _bytes(connection, owner=owner))

    def check_runs(self, connection: Connection, owner: str, network: str, added: int) -> None:
        """Raises QuotaError where the `added` runs, which stand in the database already, are too many."""
        if not added:
            return
        self.check_bytes(connection, owner, network)
        most = self.quota.runs
        if not most:
            return
        if (runs := _runs(connection, run.c.owner == owner)) > most:
            raise QuotaError(
                f"{runs - added} of your runs wait or train, and {added} more would be {runs}; expected at most "
                f"{most}. Wait until some have ended, stop some, or train fewer."
            )
        most *= self.quota.visitors_an_address
        if network and (runs := _runs(connection, run.c.network == network)) > most:
            raise QuotaError(
                f"{runs - added} runs from your network wait or train; expected at most {most} with the {added} you "
                "ask for. Wait until some have ended."
            )

    def check_sweep(self, runs: int) -> None:
        """Raises QuotaError where one sweep would have too many runs."""
        if (most := self.quota.sweep_runs) and runs > most:
            raise QuotaError(
                f"The sweep would be {runs:,} runs; expected at most {most:,} on this server. Leave out batch sizes, "
                "rates or seeds."
            )

    def check_members(self, members: int) -> None:
        """Raises QuotaError where a class would have too many members."""
        if (most := self.quota.class_members) and members > most:
            raise QuotaError(f"A class has at most {most:,} members here, and this one is full.")

    def check_bytes(self, connection: Connection, owner: str, network: str, added: int = 0) -> None:
        """Raises QuotaError where there is no room for so many bytes more."""
        quota = self.quota
        if (most := quota.visitor_bytes) and (size := _bytes(connection, owner=owner) + added) > most:
            raise QuotaError(
                f"Your runs and data would take {_megabytes(size)}; expected at most {_megabytes(most)}. Delete on the "
                "page Runs or Data what you no longer need."
            )
        most *= quota.visitors_an_address
        if most and network and (size := _bytes(connection, network=network) + added) > most:
            raise QuotaError(
                f"The data from your network would take {_megabytes(size)}; expected at most {_megabytes(most)}. "
                "Somebody there has to delete some on the page Data."
            )
        if (most := quota.total_bytes) and (size := self._database_bytes(connection) + added) > most:
            raise QuotaError(
                f"All runs and data here would take {_megabytes(size)}; expected at most {_megabytes(most)}. Whoever "
                "administers this server has to delete some, or allow more."
            )
        if quota.free_bytes and self._database.sqlite:
            free = shutil.disk_usage(self._database.path.parent).free
            if free - added < quota.free_bytes:
                raise QuotaError(
                    f"The disk of this server has {_megabytes(free)} left, of which {_megabytes(quota.free_bytes)} "
                    "stay free. Whoever administers it has to delete something. What is recorded stays."
                )

    def total_bytes(self) -> int:
        """What the database takes."""
        with self._database.reading() as connection:
            return self._database_bytes(connection)

    def _database_bytes(self, connection: Connection) -> int:
        """Pages in use: what was deleted counts no more, though the file stays as long."""
        if not self._database.sqlite:
            return int(
                connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one() or 0
            )
        pages, unused, size = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - unused) * size


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def _runs(connection: Connection, whose: ColumnElement[bool]) -> int:
    counted = UNFINISHED & VISIBLE & run.c.of_sweep.is_(False)
    requested = select(func.count()).select_from(run).where(whose, counted)
    return int(connection.execute(requested).scalar_one())


def _bytes(connection: Connection, *, owner: str = "", network: str = "") -> int:
    """Of recorded runs and of own data. Of an address's runs it is not known: they count by their visitors alone."""
    whose = upload.c.owner == owner if owner else upload.c.network == network
    data = select(func.coalesce(func.sum(upload.c.bytes), 0)).where(whose, upload.c.deleted.is_(None))
    total = int(connection.execute(data).scalar_one())
    if owner:
        recorded = (
            select(func.coalesce(func.sum(attempt.c.bytes), 0))
            .join(run, run.c.id == attempt.c.run_id)
            .where(run.c.owner == owner, run.c.deleted.is_(None))
        )
        total += int(connection.execute(recorded).scalar_one())
    return total
