"""Deleting runs, undoing it, and purging for good."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, desc, exists, literal, or_, select, update

from batchviz.store.database import Database
from batchviz.store.queue import ask_to_stop
from batchviz.store.rows import VISIBLE
from batchviz.store.search import parts, rows
from batchviz.store.tables import board, entry, run, upload

_holder = entry.alias("holder")
HELD = exists().where(_holder.c.run_id == run.c.id, _holder.c.deleted.is_(None))
"""Whether a run stands on a shelf."""


class Deleted(NamedTuple):
    """A run that was deleted, as long as that can be undone."""

    at: float
    """When, in Unix seconds: runs that were deleted together share it."""
    run_id: str
    name: str
    """What its owner called it, or the title it came with; may be empty."""
    batch_size: int


class Deletion(Database):
    """The database as a place where nothing is lost at once. `owner` None stands for the administrator.

    A visitor takes runs off a shelf; a run that stands on no shelf is hidden. The administrator hides a run while it
    stands on shelves, which is how it is known for the administrator's doing, and comes back to all of them.
    """

    def delete_runs(self, owner: str | None, run_ids: Sequence[str]) -> list[str]:
        """Take runs off the shelf; returns the ids that were on it. What nobody has any more is hidden everywhere,
        and stopped. The administrator hides runs whoever has them.
        """
        now = time.time()
        with self.writing() as connection:
            found = rows(connection, run_ids, owner=owner)
            for part in parts([row.id for row in found]):
                hidden: list[ColumnElement[bool]] = [run.c.id.in_(part)]
                if owner is not None:
                    mine = [entry.c.run_id.in_(part), entry.c.owner == owner, entry.c.deleted.is_(None)]
                    connection.execute(update(entry).where(*mine).values(deleted=now))
                    hidden.append(~HELD)
                connection.execute(update(run).where(*hidden).values(deleted=now))
                for row in connection.execute(
                    select(run).where(
                        run.c.id.in_(part), run.c.deleted.is_not(None), run.c.finished.is_(None)
                    )
                ).all():
                    ask_to_stop(connection, row)
            return [row.public_id for row in found]

    def restore_runs(self, owner: str | None, run_ids: Sequence[str]) -> list[str]:
        """Undo `delete_runs`, as long as nothing was purged; returns the ids that are back.

        What the administrator deleted comes back by the administrator alone.
        """
        with self.writing() as connection:
            found = rows(connection, run_ids, owner=owner, deleted=True)
            for part in parts([row.id for row in found]):
                hidden = [run.c.id.in_(part), HELD if owner is None else ~HELD]
                connection.execute(update(run).where(*hidden).values(deleted=None))
                if owner is not None:
                    mine = [entry.c.run_id.in_(part), entry.c.owner == owner]
                    connection.execute(update(entry).where(*mine).values(deleted=None))
            return [row.public_id for row in rows(connection, [row.public_id for row in found], owner=owner)]

    def deleted(self, owner: str | None, limit: int = 1000) -> list[Deleted]:
        """What `restore_runs` would bring back, last deleted first."""
        if owner is None:
            query = select(run.c.deleted.label("at"), literal("").label("name")).where(~VISIBLE, HELD)
        else:
            query = (
                select(entry.c.deleted.label("at"), entry.c.name)
                .join(run, entry.c.run_id == run.c.id)
                .where(entry.c.owner == owner, entry.c.deleted.is_not(None), or_(VISIBLE, ~HELD))
            )
        query = query.add_columns(run.c.public_id, run.c.title, run.c.batch_size)
        with self.reading() as connection:
            found = connection.execute(query.order_by(desc("at"), run.c.id.desc()).limit(limit)).all()
        return [Deleted(row.at, row.public_id, row.name or row.title, row.batch_size) for row in found]

    def kept_by_others(self, owner: str, run_ids: Sequence[str]) -> set[str]:
        """Those of the runs that stay when this owner deletes them, because somebody else has them."""
        query = select(run.c.public_id).join(entry, entry.c.run_id == run.c.id)
        query = query.where(entry.c.owner != owner, entry.c.deleted.is_(None), VISIBLE)
        with self.reading() as connection:
            return {
                run_id
                for part in parts(run_ids)
                for run_id in connection.execute(query.where(run.c.public_id.in_(part))).scalars()
            }

    def purge(self, before: float) -> int:
        """Delete for good what was deleted before that time: runs, boards, uploads. Returns how many runs."""
        with self.writing() as connection:
            for table in (board, upload, entry):
                connection.execute(delete(table).where(table.c.deleted < before))
            return connection.execute(delete(run).where(run.c.deleted < before)).rowcount
