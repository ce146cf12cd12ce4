"""What the worker of a run writes, from its first report to how it ended. Every write is fenced.

An attempt is one start of a run. Only the current attempt of a running run may write: its row is locked first
(`lock_attempt`), and any other raises StaleAttempt.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from batchviz.experiment.environment import of_group
from batchviz.experiment.records import Outcome, Report, RowCounts, Status
from batchviz.experiment.series import length, rows
from batchviz.store import codec
from batchviz.store.database import Database
from batchviz.store.inserts import insert_attempt
from batchviz.store.limits import MAX_CRASHES
from batchviz.store.listing import end_listing
from batchviz.store.queue import stop_at_once
from batchviz.store.rows import ROW_COUNTS, lock_attempt
from batchviz.store.tables import attempt, run, series_chunk

_EARLIER = "The points are from before the new start, which did not come as far."


@dataclass(frozen=True)
class RunningRun:
    """A run that is being trained, and the last sign of life of the worker that holds it (`host:pid`)."""

    id: str
    attempt: int
    stop_requested: bool
    worker: str
    beat: float


class Attempts:
    """What workers write, and what the dispatcher does with an attempt whose worker is gone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, run_id: str, number: int, report: Report, after: RowCounts | None = None) -> bool:
        """Add the rows of a report, all or none; True when the run is asked to stop. Raises StaleAttempt.

        `after` is how many rows must be there before them. Where there are more, an earlier call wrote them, of which
        the caller heard no answer: they are not written again.
        """
        added = _Added(report, after)
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            values = {"beat": time.time(), **added.insert(connection, row.id, number)}
            _change(connection, row.id, number, values | asdict(report.progress))
            if row.shown != number and _caught_up(connection, row, number):
                _put_on_show(connection, row.id, number)
            return bool(row.stop_requested)

    def heartbeat(self, run_id: str, number: int, worker: str) -> bool:
        """A sign of life from the worker of an attempt; True when the run is asked to stop. Raises StaleAttempt."""
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            _change(connection, row.id, number, {"beat": time.time(), "worker": worker})
            return bool(row.stop_requested)

    def stop_requested(self, run_id: str, number: int) -> bool:
        """Whether the run is asked to stop, read without a lock. Raises StaleAttempt."""
        with self._database.reading() as connection:
            return bool(lock_attempt(connection, run_id, number).stop_requested)

    def finish(
        self,
        run_id: str,
        number: int,
        outcome: Outcome,
        report: Report | None = None,
        after: RowCounts | None = None,
    ) -> None:
        """Record how an attempt ended, and the rows of a last `report` with it, as `append` would. Raises StaleAttempt.

        One that is stopped or fails before it has recorded as much as the attempt on show leaves that one's points
        in place. Then there are no final values, since those handed in belong to fewer points.
        """
        added = None if report is None else _Added(report, after)
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            values = {} if added is None else added.insert(connection, row.id, number)
            _change(connection, row.id, number, values | asdict(outcome.progress))
            whole = outcome.status in (Status.DONE, Status.DIVERGED)
            on_show = number if whole or _caught_up(connection, row, number) else row.shown
            if row.shown != number:
                _put_on_show(connection, row.id, on_show)
            reasons = (row.reason, outcome.reason, "" if on_show == number else _EARLIER)
            final = dict(outcome.final) if on_show == number else {}
            seconds = final.get("seconds")
            if seconds is None:
                seconds = _attempt(connection, row.id, on_show).seconds
            together = outcome.final.get("trained_together", 1) > 1
            ended = {
                "status": outcome.status,
                "reason": " ".join(filter(None, reasons)),
                "final": json.dumps(final),
                "finished": time.time(),
                "fingerprint": of_group(row.fingerprint) if together else row.fingerprint,
                "val_loss": final.get("val_loss"),
                "seconds": seconds,
            }
            connection.execute(_END_RUN, {"key": row.id, **ended})
            end_listing(connection, row.id, final)

    def worker_crashed(self, run_id: str, number: int, cause: str) -> Status:
        """The worker of an attempt died of `cause` ("its worker was killed"): start the run again, once.

        What the crashed attempt recorded stays on show until the new one has recorded as much. Returns where
        the run stands now; raises StaleAttempt when the attempt had ended anyway.
        """
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            crashes = row.worker_crashes + 1
            if crashes < MAX_CRASHES:
                return _queue_again(connection, row, cause, worker_crashes=crashes)
            reason = (
                f"Given up: {cause}, for the second time. Too little memory is the usual cause; "
                "try a smaller network, fewer rows or a smaller batch size."
            )
            values: dict[str, Any] = {"status": Status.FAILED, "reason": reason, "finished": time.time()}
            connection.execute(update(run).where(run.c.id == row.id).values(worker_crashes=crashes, **values))
            return Status.FAILED

    def release(self, run_id: str, number: int, cause: str) -> Status:
        """Put a run back that was interrupted through no fault of its own, such as the server's stop."""
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            return _queue_again(connection, row, cause)

    def running(self) -> list[RunningRun]:
        """Every run that is being trained."""
        query = (
            select(
                run.c.public_id.label("id"),
                run.c.attempt,
                run.c.stop_requested,
                attempt.c.worker,
                attempt.c.beat,
            )
            .join(attempt, (attempt.c.run_id == run.c.id) & (attempt.c.number == run.c.attempt))
            .where(run.c.status == Status.RUNNING)
        )
        with self._database.reading() as connection:
            return [RunningRun(**row._mapping) for row in connection.execute(query)]


def _queue_again(connection: Connection, row: Row[Any], cause: str, **values: int) -> Status:
    if row.stop_requested:
        stop_at_once(connection, row)
        return Status.STOPPED
    number = row.attempt + 1
    insert_attempt(connection, row.id, number)
    values = {"attempt": number, **values}
    reason = f"Started again, because {cause}."
    connection.execute(
        update(run).where(run.c.id == row.id).values(status=Status.QUEUED, reason=reason, **values)
    )
    return Status.QUEUED


class _Added:
    """The rows of a report on their way into the database, packed before anybody is kept from writing."""

    def __init__(self, report: Report, after: RowCounts | None) -> None:
        self._series, self._after = report.series, after
        self._chunks = {kind: codec.pack(self._series[kind], kind) for kind in ROW_COUNTS}

    def insert(self, connection: Connection, key: int, number: int) -> dict[str, Any]:
        """Insert them; returns how much the attempt has recorded then, by column."""
        current = _attempt(connection, key, number)
        if self._after is not None and self._after != _row_counts(current):
            for kind, count in ROW_COUNTS.items():
                written = getattr(current, count.name) - getattr(self._after, kind)
                self._series[kind] = rows(self._series[kind], written, length(self._series[kind]))
                self._chunks[kind] = codec.pack(self._series[kind], kind)
        recorded: dict[str, Any] = {"bytes": current.bytes}
        inserted = []
        for kind, count in ROW_COUNTS.items():
            first = getattr(current, count.name)
            for chunk in self._chunks[kind]:
                inserted.append({"run_id": key, "attempt": number, **chunk, "first": first + chunk["first"]})
                recorded["bytes"] += len(chunk["data"])
            recorded[count.name] = first + length(self._series[kind])
        if inserted:
            connection.execute(_INSERT_CHUNKS, inserted)
        return recorded


# Statements that every run needs several times are put together once: that takes longer than carrying them out.
_INSERT_CHUNKS = insert(series_chunk)
_FIND_ATTEMPT = select(attempt).where(
    attempt.c.run_id == bindparam("key"), attempt.c.number == bindparam("of_number")
)
_END_RUN = update(run).where(run.c.id == bindparam("key"))
_CHANGE_ATTEMPT = update(attempt).where(
    attempt.c.run_id == bindparam("key"), attempt.c.number == bindparam("of_number")
)


def _attempt(connection: Connection, key: int, number: int) -> Row[Any]:
    return connection.execute(_FIND_ATTEMPT, {"key": key, "of_number": number}).one()


def _change(connection: Connection, key: int, number: int, values: dict[str, Any]) -> None:
    connection.execute(_CHANGE_ATTEMPT, {"key": key, "of_number": number, **values})


def _row_counts(row: Row[Any]) -> RowCounts:
    return RowCounts(**{kind: getattr(row, count.name) for kind, count in ROW_COUNTS.items()})


def _caught_up(connection: Connection, row: Row[Any], number: int) -> bool:
    """Whether an attempt has recorded as much as the one on show."""
    current, on_show = _attempt(connection, row.id, number), _attempt(connection, row.id, row.shown)
    return all(getattr(current, count.name) >= getattr(on_show, count.name) for count in ROW_COUNTS.values())


def _put_on_show(connection: Connection, key: int, number: int) -> None:
    """Show an attempt and forget the rows of every other."""
    connection.execute(update(run).where(run.c.id == key).values(shown=number))
    others = (series_chunk.c.run_id == key) & (series_chunk.c.attempt != number)
    connection.execute(delete(series_chunk).where(others))
