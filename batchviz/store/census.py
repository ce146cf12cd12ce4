"""Who has what, for the administrator; and what may go because nobody shares it any more."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, exists, func, select, update

from batchviz.experiment.records import Source, Status
from batchviz.store.class_tables import class_point, class_round
from batchviz.store.database import Database
from batchviz.store.rows import UNFINISHED, VISIBLE
from batchviz.store.tables import attempt, board, board_run, entry, run, sweep_run, upload

MAX_VISITORS = 200
MAX_UNFINISHED = 200


@dataclass(frozen=True)
class Visitor:
    """What one visitor has: runs by how they stand, bytes recorded and of own data; when a run was last asked for."""

    owner: str
    training: int
    waiting: int
    runs: int
    bytes: int
    data_bytes: int
    last: float


@dataclass(frozen=True)
class Unfinished:
    """One run that waits or trains. Times are Unix seconds."""

    run_id: str
    owner: str
    status: Status
    created: float
    started: float | None
    expected_seconds: float
    of_sweep: bool


class Census:
    """Counts over everybody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def visitors(self) -> list[Visitor]:
        """Those who have most waiting, then those who keep most."""
        training = func.sum(case((run.c.status == Status.RUNNING, 1), else_=0))
        waiting = func.sum(case((run.c.status == Status.QUEUED, 1), else_=0))
        recorded = func.coalesce(func.sum(attempt.c.bytes), 0)
        counts = (
            select(run.c.owner, training, waiting, func.count(), recorded, func.max(run.c.created))
            .join(attempt, (attempt.c.run_id == run.c.id) & (attempt.c.number == run.c.shown))
            .where(VISIBLE)
            .group_by(run.c.owner)
            .order_by((training + waiting).desc(), recorded.desc())
            .limit(MAX_VISITORS)
        )
        data = select(upload.c.owner, func.sum(upload.c.bytes)).where(upload.c.deleted.is_(None))
        with self._database.reading() as connection:
            of_data: dict[str, int] = {
                owner: int(size) for owner, size in connection.execute(data.group_by(upload.c.owner))
            }
            rows = connection.execute(counts).all()
        return [
            Visitor(owner, int(trains), int(waits), runs, int(size), of_data.get(owner, 0), last)
            for owner, trains, waits, runs, size, last in rows
        ]

    def unfinished(self) -> list[Unfinished]:
        """What trains and waits, the oldest first."""
        query = (
            select(run)
            .where(VISIBLE, UNFINISHED)
            .order_by(run.c.status.desc(), run.c.id)
            .limit(MAX_UNFINISHED)
        )
        with self._database.reading() as connection:
            return [
                Unfinished(
                    row.public_id,
                    row.owner,
                    Status(row.status),
                    row.created,
                    row.started,
                    row.expected_seconds,
                    row.of_sweep,
                )
                for row in connection.execute(query)
            ]

    def unshared(self, before: float) -> tuple[int, int]:
        """How many runs `delete_unshared` would delete, and the bytes that they take."""
        query = (
            select(func.count(func.distinct(run.c.id)), func.coalesce(func.sum(attempt.c.bytes), 0))
            .join(attempt, attempt.c.run_id == run.c.id)
            .where(_unshared(before))
        )
        with self._database.reading() as connection:
            count, size = connection.execute(query).one()
        return int(count), int(size)

    def delete_unshared(self, before: float) -> int:
        """Hide runs that ended before that time and that nobody holds on to: on no board, in no sweep or class, not
        imported, in one library at most, and there without name, note, tag or star. Purged as other deletions are.
        Returns how many.
        """
        with self._database.writing() as connection:
            return connection.execute(
                update(run).where(_unshared(before)).values(deleted=time.time())
            ).rowcount


def _unshared(before: float) -> ColumnElement[bool]:
    held = entry.alias("held")
    here = (held.c.run_id == run.c.id) & held.c.deleted.is_(None)
    libraries = select(func.count()).select_from(held).where(here).scalar_subquery()
    marked = (held.c.name != "") | (held.c.note != "") | (held.c.tags != "[]") | held.c.favourite
    on_board = exists().where(
        board_run.c.run == run.c.public_id, board.c.id == board_run.c.board_id, board.c.deleted.is_(None)
    )
    return (
        VISIBLE
        & ~UNFINISHED
        & (run.c.finished < before)
        & (run.c.source == Source.HERE)
        & (libraries <= 1)
        & ~exists().where(here, marked)
        & ~on_board
        & ~exists().where(sweep_run.c.run_id == run.c.id)
        & ~exists().where(class_point.c.run == run.c.public_id)
        & ~exists().where(class_round.c.runs.contains(run.c.public_id))
    )
