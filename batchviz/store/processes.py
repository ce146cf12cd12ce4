"""Who is at work on this database: the one dispatcher, and the web processes that need it.

A beat is a Unix time written by its owner. Whoever must decide that somebody is dead does not compare it
with a clock of its own (machines disagree, clocks are set) but watches whether it still changes: see
engine.heartbeat.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from batchviz.store.database import Database
from batchviz.store.tables import runner

ENGINE = "engine"
STALE_SECONDS = 5.0
"""A dispatcher that has not beaten for this long is shown as down."""


@dataclass(frozen=True)
class Process:
    """One process at work. `token` tells it from any other that ever had its name."""

    name: str
    token: str
    host: str
    pid: int
    state: str
    beat: float


class Processes:
    """Where processes learn of each other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked = float("-inf")
        self._engine_beat = self._engine_alive = float("-inf")
        """The beat of the dispatcher last seen, and since when it can have been there: by the clock of this process."""

    def all(self) -> list[Process]:
        """Everybody who said they are at work, dead or alive."""
        with self._database.reading() as connection:
            return [
                Process(**row._mapping) for row in connection.execute(select(runner).order_by(runner.c.name))
            ]

    def take_leadership(self, token: str, host: str, pid: int, *, instead_of: Process | None) -> bool:
        """Become the dispatcher. False when the holder is not `instead_of`, the one last seen, any more."""
        with self._database.writing(alone_with="leadership") as connection:
            holder = connection.execute(select(runner).where(runner.c.name == ENGINE)).first()
            if (None if holder is None else Process(**holder._mapping)) != instead_of:
                return False
            connection.execute(delete(runner).where(runner.c.name == ENGINE))
            values = {"token": token, "host": host, "pid": pid, "state": "warming", "beat": time.time()}
            connection.execute(insert(runner).values(name=ENGINE, **values))
            return True

    def heartbeat(self, name: str, token: str, state: str) -> bool:
        """A sign of life; False when another has the name now."""
        registered = (runner.c.name == name) & (runner.c.token == token)
        with self._database.writing() as connection:
            result = connection.execute(
                update(runner).where(registered).values(state=state, beat=time.time())
            )
            return result.rowcount == 1

    def register(self, name: str, token: str, host: str, pid: int) -> None:
        """Say that a web process is there and wants an engine."""
        values = {"token": token, "host": host, "pid": pid, "state": "", "beat": time.time()}
        with self._database.writing(alone_with=name) as connection:
            connection.execute(delete(runner).where(runner.c.name == name))
            connection.execute(insert(runner).values(name=name, **values))

    def unregister(self, name: str, token: str) -> None:
        """Take one's name off the list."""
        with self._database.writing() as connection:
            connection.execute(delete(runner).where(runner.c.name == name, runner.c.token == token))

    def engine_state(self) -> str:
        """ "ready", "warming" while no worker can take a run yet, or "down"; of a cluster more: engine.backend.

        Who asks often sees whether it beats. Who asks seldom must compare clocks, which may disagree.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                select(runner.c.state, runner.c.beat).where(runner.c.name == ENGINE)
            ).first()
        if row is None:
            return "down"
        now = time.monotonic()
        if row.beat != self._engine_beat:
            self._engine_beat, self._engine_alive = row.beat, self._looked
        self._looked = now
        beats = now - self._engine_alive < STALE_SECONDS or abs(time.time() - row.beat) < STALE_SECONDS
        return str(row.state) if beats else "down"
