"""Deleting runs, undoing it, and purging for good."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, exists, select, update

from batchviz.store.database import Database
from batchviz.store.queue import ask_to_stop
from batchviz.store.search import parts, rows
from batchviz.store.tables import board, entry, run, upload


class Deletion(Database):
    """The database as a place where nothing is lost at once. `owner` None stands for the administrator."""

    def delete_runs(self, owner: str | None, run_ids: Sequence[str]) -> list[str]:
        """Take runs off the shelf; returns the ids that were on it. What nobody has any more is hidden everywhere,
        and stopped. The administrator takes them off every shelf.
        """
        now = time.time()
        with self.writing() as connection:
            found = rows(connection, run_ids, owner=owner)
            for part in parts([row.id for row in found]):
                standing = [entry.c.run_id.in_(part), entry.c.deleted.is_(None), *_owned_by(owner)]
                connection.execute(update(entry).where(*standing).values(deleted=now))
                others = exists().where(entry.c.run_id == run.c.id, entry.c.deleted.is_(None))
                connection.execute(update(run).where(run.c.id.in_(part), ~others).values(deleted=now))
                for row in connection.execute(
                    select(run).where(
                        run.c.id.in_(part), run.c.deleted.is_not(None), run.c.finished.is_(None)
                    )
                ).all():
                    ask_to_stop(connection, row)
            return [row.public_id for row in found]

    def restore_runs(self, owner: str | None, run_ids: Sequence[str]) -> list[str]:
        """Undo `delete_runs`, as long as nothing was purged; returns the ids that are back."""
        with self.writing() as connection:
            found = rows(connection, run_ids, owner=owner, deleted=True)
            for part in parts([row.id for row in found]):
                taken = [entry.c.run_id.in_(part), *_owned_by(owner)]
                if owner is None:  # what a visitor had deleted before stays deleted
                    together = select(run.c.deleted).where(run.c.id == entry.c.run_id).scalar_subquery()
                    taken.append(entry.c.deleted == together)
                connection.execute(update(entry).where(*taken).values(deleted=None))
                connection.execute(update(run).where(run.c.id.in_(part)).values(deleted=None))
            return [row.public_id for row in found]

    def purge(self, before: float) -> int:
        """Delete for good what was deleted before that time: runs, boards, uploads. Returns how many runs."""
        with self.writing() as connection:
            for table in (board, upload, entry):
                connection.execute(delete(table).where(table.c.deleted < before))
            return connection.execute(delete(run).where(run.c.deleted < before)).rowcount


def _owned_by(owner: str | None) -> list[Any]:
    return [] if owner is None else [entry.c.owner == owner]
