"""What the worker of a run writes, from its first report to how it ended. Every write is fenced.

An attempt is one start of a run. Only the current attempt of a running run may write: its row is locked first
(`lock_attempt`), and any other raises StaleAttempt.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

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
        series = report.series
        chunks = {kind: codec.pack(series[kind], kind) for kind in ROW_COUNTS}
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            current = _attempt(connection, row.id, number)
            if after is not None and after != _row_counts(current):
                for kind, count in ROW_COUNTS.items():
                    written = getattr(current, count.name) - getattr(after, kind)
                    series[kind] = rows(series[kind], written, length(series[kind]))
                    chunks[kind] = codec.pack(series[kind], kind)
            counts = {}
            for kind, count in ROW_COUNTS.items():
                first = getattr(current, count.name)
                keys = {"run_id": row.id, "attempt": number}
                for chunk in chunks[kind]:
                    values = {**keys, **chunk, "first": first + chunk["first"]}
                    connection.execute(insert(series_chunk).values(**values))
                counts[count.name] = first + length(series[kind])
            size = current.bytes + sum(len(chunk["data"]) for packed in chunks.values() for chunk in packed)
            connection.execute(
                update(attempt)
                .where(_is(current))
                .values(beat=time.time(), bytes=size, **counts, **asdict(report.progress))
            )
            if row.shown != number and _caught_up(connection, row, number):
                _put_on_show(connection, row.id, number)
            return bool(row.stop_requested)

    def heartbeat(self, run_id: str, number: int, worker: str) -> bool:
        """A sign of life from the worker of an attempt; True when the run is asked to stop. Raises StaleAttempt."""
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            current = (attempt.c.run_id == row.id) & (attempt.c.number == number)
            connection.execute(update(attempt).where(current).values(beat=time.time(), worker=worker))
            return bool(row.stop_requested)

    def stop_requested(self, run_id: str, number: int) -> bool:
        """Whether the run is asked to stop, read without a lock. Raises StaleAttempt."""
        with self._database.reading() as connection:
            return bool(lock_attempt(connection, run_id, number).stop_requested)

    def finish(self, run_id: str, number: int, outcome: Outcome) -> None:
        """Record how an attempt ended. Raises StaleAttempt.

        One that is stopped or fails before it has recorded as much as the attempt on show leaves that one's points
        in place. Then there are no final values, since those handed in belong to fewer points.
        """
        with self._database.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            current = _attempt(connection, row.id, number)
            connection.execute(update(attempt).where(_is(current)).values(**asdict(outcome.progress)))
            whole = outcome.status in (Status.DONE, Status.DIVERGED)
            on_show = number if whole or _caught_up(connection, row, number) else row.shown
            if row.shown != number:
                _put_on_show(connection, row.id, on_show)
            reasons = (row.reason, outcome.reason, "" if on_show == number else _EARLIER)
            final = dict(outcome.final) if on_show == number else {}
            together = outcome.final.get("trained_together", 1) > 1
            connection.execute(
                update(run)
                .where(run.c.id == row.id)
                .values(
                    status=outcome.status,
                    reason=" ".join(filter(None, reasons)),
                    final=json.dumps(final),
                    finished=time.time(),
                    fingerprint=of_group(row.fingerprint) if together else row.fingerprint,
                    val_loss=final.get("val_loss"),
                    seconds=final.get("seconds", _attempt(connection, row.id, on_show).seconds),
                )
            )
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


def _attempt(connection: Connection, key: int, number: int) -> Row[Any]:
    return connection.execute(
        select(attempt).where(attempt.c.run_id == key, attempt.c.number == number)
    ).one()


def _is(row: Row[Any]) -> ColumnElement[bool]:
    return and_(attempt.c.run_id == row.run_id, attempt.c.number == row.number)


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
