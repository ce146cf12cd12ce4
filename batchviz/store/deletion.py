"""Deleting runs, undoing it, and purging for good."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, desc, exists, literal, or_, select, update

from batchviz.store.database import Database
from batchviz.store.queue import ask_to_stop
from batchviz.store.rows import UNFINISHED, VISIBLE
from batchviz.store.search import portions, visible_rows
from batchviz.store.tables import board, entry, run, sweep, upload

_holder = entry.alias("holder")
IN_A_LIBRARY = exists().where(_holder.c.run_id == run.c.id, _holder.c.deleted.is_(None))
"""Whether anybody has the run."""


class DeletedRun(NamedTuple):
    """A run that was deleted, as long as that can be undone."""

    at: float
    """When, in Unix seconds: runs that were deleted together share it."""
    run_id: str
    name: str
    """What its owner called it, or the title it came with; may be empty."""
    batch_size: int


class Deletion:
    """Nothing is lost at once. `owner` None stands for the administrator.

    A visitor takes runs out of a library; a run that is in none is hidden. The administrator hides a run while it is in
    libraries, which is how it is known for the administrator's doing, and comes back to all of them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def delete(self, owner: str | None, run_ids: Sequence[str]) -> list[str]:
        """Take runs out of the library; returns the ids that were in it. What nobody has any more is hidden everywhere,
        and stopped. The administrator hides runs whoever has them.
        """
        now = time.time()
        with self._database.writing() as connection:
            rows = visible_rows(connection, run_ids, owner=owner)
            for part in portions([row.id for row in rows]):
                hidden: list[ColumnElement[bool]] = [run.c.id.in_(part)]
                if owner is not None:
                    entries = [entry.c.run_id.in_(part), entry.c.owner == owner, entry.c.deleted.is_(None)]
                    connection.execute(update(entry).where(*entries).values(deleted=now))
                    hidden.append(~IN_A_LIBRARY)
                connection.execute(update(run).where(*hidden).values(deleted=now))
                for row in connection.execute(
                    select(run).where(
                        run.c.id.in_(part), run.c.deleted.is_not(None), run.c.finished.is_(None)
                    )
                ).all():
                    ask_to_stop(connection, row)
            return [row.public_id for row in rows]

    def restore(self, owner: str | None, run_ids: Sequence[str]) -> list[str]:
        """Undo `delete`, as long as nothing was purged; returns the ids that are back.

        What the administrator deleted comes back by the administrator alone.
        """
        with self._database.writing() as connection:
            rows = visible_rows(connection, run_ids, owner=owner, deleted=True)
            for part in portions([row.id for row in rows]):
                hidden = [run.c.id.in_(part), IN_A_LIBRARY if owner is None else ~IN_A_LIBRARY]
                connection.execute(update(run).where(*hidden).values(deleted=None))
                if owner is not None:
                    entries = [entry.c.run_id.in_(part), entry.c.owner == owner]
                    connection.execute(update(entry).where(*entries).values(deleted=None))
            back = visible_rows(connection, [row.public_id for row in rows], owner=owner)
            return [row.public_id for row in back]

    def restorable(self, owner: str | None, limit: int = 1000) -> list[DeletedRun]:
        """What `restore` would bring back, last deleted first."""
        if owner is None:
            query = select(run.c.deleted.label("at"), literal("").label("name")).where(~VISIBLE, IN_A_LIBRARY)
        else:
            query = (
                select(entry.c.deleted.label("at"), entry.c.name)
                .join(run, entry.c.run_id == run.c.id)
                .where(entry.c.owner == owner, entry.c.deleted.is_not(None), or_(VISIBLE, ~IN_A_LIBRARY))
            )
        query = query.add_columns(run.c.public_id, run.c.title, run.c.batch_size)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(desc("at"), run.c.id.desc()).limit(limit)).all()
        return [DeletedRun(row.at, row.public_id, row.name or row.title, row.batch_size) for row in rows]

    def kept_by_others(self, owner: str, run_ids: Sequence[str]) -> set[str]:
        """Those of the runs that stay when this owner deletes them, because somebody else has them."""
        query = select(run.c.public_id).join(entry, entry.c.run_id == run.c.id)
        query = query.where(entry.c.owner != owner, entry.c.deleted.is_(None), VISIBLE)
        with self._database.reading() as connection:
            return {
                run_id
                for part in portions(run_ids)
                for run_id in connection.execute(query.where(run.c.public_id.in_(part))).scalars()
            }

    def purge(self, before: float) -> int:
        """Delete for good what was deleted before that time: runs, boards, uploads, sweeps; and from which network runs
        that are over were asked for. Returns how many runs.
        """
        with self._database.writing() as connection:
            for table in (board, upload, entry, sweep):
                connection.execute(delete(table).where(table.c.deleted < before))
            over = (run.c.network != "") & ~UNFINISHED
            connection.execute(update(run).where(over).values(network=""))
            return connection.execute(delete(run).where(run.c.deleted < before)).rowcount
