"""What workers record: rows in, rows out, and how a run ends."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from batchviz.experiment.records import (
    EPOCH_COLUMNS,
    UPDATE_COLUMNS,
    Outcome,
    Progress,
    Report,
    Run,
    Series,
    Status,
    empty_series,
)
from batchviz.store import codec
from batchviz.store.database import Database
from batchviz.store.rows import find, lock_attempt, select_runs, to_run
from batchviz.store.tables import attempt, run, series_chunk

_ROWS = {"epochs": attempt.c.epoch_rows, "updates": attempt.c.update_rows}
_EARLIER = "The points are from before the new start, which did not come as far."


@dataclass(frozen=True)
class Cursor:
    """How much of a run somebody has: rows of each kind, of one attempt (0: nothing yet)."""

    attempt: int = 0
    epochs: int = 0
    updates: int = 0


@dataclass(frozen=True)
class RunDelta:
    """A run and the rows that are new. They follow the rows had, or start at 0 when `attempt` is another one.

    `attempt` is the one on show, which lags behind `run.attempt` while a run that was started again catches
    up. `complete` is False when a limit held rows back.
    """

    run: Run
    attempt: int
    first_epoch: int
    first_update: int
    epochs: Series
    updates: Series
    complete: bool


class Recordings(Database):
    """The database as the keeper of series. Every write is fenced by attempt and status."""

    def append(self, run_id: str, number: int, report: Report) -> bool:
        """Add the rows of a report, all or none; True when the run is asked to stop. Raises StaleAttempt."""
        chunks = {
            kind: [
                (start, codec.length(part), codec.encode(part, kind)) for start, part in codec.split(series)
            ]
            for kind, series in (("epochs", report.epochs), ("updates", report.updates))
        }
        with self.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            mine = _attempt(connection, row.id, number)
            for kind, pieces in chunks.items():
                have = getattr(mine, _ROWS[kind].name)
                for start, rows, data in pieces:
                    _insert_chunk(connection, mine, kind, have + start, rows, data)
            counts = {
                "epoch_rows": mine.epoch_rows + codec.length(report.epochs),
                "update_rows": mine.update_rows + codec.length(report.updates),
            }
            size = mine.bytes + sum(len(data) for pieces in chunks.values() for _, _, data in pieces)
            connection.execute(
                update(attempt)
                .where(_is(mine))
                .values(beat=time.time(), bytes=size, **counts, **_progress(report.progress))
            )
            if row.shown != number and _caught_up(connection, row, number):
                _show(connection, row.id, number)
            return bool(row.stop_requested)

    def alive(self, run_id: str, number: int, worker: str) -> bool:
        """A sign of life from the worker of an attempt; True when the run is asked to stop. Raises StaleAttempt."""
        with self.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            mine = (attempt.c.run_id == row.id) & (attempt.c.number == number)
            connection.execute(update(attempt).where(mine).values(beat=time.time(), worker=worker))
            return bool(row.stop_requested)

    def stop_requested(self, run_id: str, number: int) -> bool:
        """Whether the run is asked to stop, read without a lock. Raises StaleAttempt."""
        with self.reading() as connection:
            return bool(lock_attempt(connection, run_id, number).stop_requested)

    def finish(self, run_id: str, number: int, outcome: Outcome) -> None:
        """Record how an attempt ended. Raises StaleAttempt.

        One that is stopped or fails before it has recorded as much as the attempt on show leaves that one's points
        in place. Then there are no final values, since those handed in belong to fewer points.
        """
        with self.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            mine = _attempt(connection, row.id, number)
            connection.execute(update(attempt).where(_is(mine)).values(**_progress(outcome.progress)))
            whole = outcome.status in (Status.DONE, Status.DIVERGED)
            shown = number if whole or _caught_up(connection, row, number) else row.shown
            if row.shown != number:
                _show(connection, row.id, shown)
            reasons = (row.reason, outcome.reason, "" if shown == number else _EARLIER)
            final = dict(outcome.final) if shown == number else {}
            connection.execute(
                update(run)
                .where(run.c.id == row.id)
                .values(
                    status=outcome.status,
                    reason=" ".join(filter(None, reasons)),
                    final=json.dumps(final),
                    finished=time.time(),
                    val_loss=final.get("val_loss"),
                    seconds=final.get("seconds", _attempt(connection, row.id, shown).seconds),
                )
            )

    def compact(self, run_id: str) -> None:
        """Pack the many small chunks of a finished run into few large ones."""
        for kind in codec.COLUMNS:
            with self.reading() as connection:
                row = find(connection, run_id, deleted=True)
                chunks = _chunks(connection, row.id, row.shown, kind)
            if (
                not Status(row.status).final
                or len(chunks) <= 1 + sum(c.rows for c in chunks) // codec.CHUNK_ROWS
            ):
                continue
            whole = codec.join((codec.decode(c.data, kind, c.codec) for c in chunks), kind)
            packed = [
                (start, codec.length(part), codec.encode(part, kind)) for start, part in codec.split(whole)
            ]
            with self.writing() as connection:
                mine = _attempt(connection, row.id, row.shown)
                connection.execute(
                    delete(series_chunk).where(
                        series_chunk.c.run_id == row.id,
                        series_chunk.c.attempt == row.shown,
                        series_chunk.c.kind == kind,
                    )
                )
                for start, rows, data in packed:
                    _insert_chunk(connection, mine, kind, start, rows, data)
                saved = sum(len(chunk.data) for chunk in chunks) - sum(len(data) for _, _, data in packed)
                connection.execute(update(attempt).where(_is(mine)).values(bytes=attempt.c.bytes - saved))

    def points(
        self,
        have: Mapping[str, Cursor],
        *,
        limit: int | None = None,
        kinds: Sequence[str] = ("epochs", "updates"),
    ) -> dict[str, RunDelta]:
        """For every run that exists, in the order asked for, what is new since `have`.

        One read; at most `limit` rows of a kind and run.
        """
        with self.reading() as connection:
            rows = list(connection.execute(select_runs().where(run.c.public_id.in_(list(have)))))
            order = {run_id: place for place, run_id in enumerate(have)}
            rows.sort(key=lambda row: order[row._mapping[run.c.public_id]])
            wanted = [
                _Wanted(row, kind, _start(row, kind, have[row._mapping[run.c.public_id]]), limit)
                for row in rows
                for kind in kinds
            ]
            terms = [want.term for want in wanted if want.stop > want.start]
            found = connection.execute(_IN_ORDER.where(or_(*terms))).all() if terms else []
        chunks: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
        for chunk in found:
            chunks[chunk.run_id, chunk.kind].append(chunk)
        parts = {(want.key, want.kind): want.take(chunks[want.key, want.kind]) for want in wanted}
        held_back = {want.key for want in wanted if want.stop < want.count}
        starts = {(want.key, want.kind): want.start for want in wanted}
        return {
            row._mapping[run.c.public_id]: RunDelta(
                run=to_run(row),
                attempt=row._mapping[run.c.shown],
                first_epoch=starts.get((key, "epochs"), 0),
                first_update=starts.get((key, "updates"), 0),
                epochs=parts.get((key, "epochs"), empty_series(EPOCH_COLUMNS)),
                updates=parts.get((key, "updates"), empty_series(UPDATE_COLUMNS)),
                complete=key not in held_back,
            )
            for row in rows
            for key in [row._mapping[run.c.id]]
        }

    def series(self, run_ids: Sequence[str], kind: str = "epochs") -> dict[str, Series]:
        """The whole series of every run that exists, in one read."""
        points = self.points({run_id: Cursor() for run_id in run_ids}, kinds=[kind])
        return {
            run_id: found.epochs if kind == "epochs" else found.updates for run_id, found in points.items()
        }


class _Wanted:
    """Rows `start` to `stop` of one kind of one run, of the `count` that are recorded."""

    def __init__(self, row: Row[Any], kind: str, start: int, limit: int | None) -> None:
        self.key: int = row._mapping[run.c.id]
        self.kind = kind
        self.count: int = row._mapping[_ROWS[kind]]
        self.start = start
        self.stop = self.count if limit is None else min(self.count, start + limit)
        self.term = and_(
            series_chunk.c.run_id == self.key,
            series_chunk.c.attempt == row._mapping[run.c.shown],
            series_chunk.c.kind == kind,
            series_chunk.c.first + series_chunk.c.rows > self.start,
            series_chunk.c.first < self.stop,
        )

    def take(self, chunks: Sequence[Row[Any]]) -> Series:
        """Exactly these rows out of the chunks that hold them."""
        parts = []
        for chunk in chunks:
            series = codec.decode(chunk.data, self.kind, chunk.codec)
            parts.append(codec.rows(series, max(0, self.start - chunk.first), self.stop - chunk.first))
        return codec.join(parts, self.kind)


def _start(row: Row[Any], kind: str, have: Cursor) -> int:
    had = have.epochs if kind == "epochs" else have.updates
    same = have.attempt == row._mapping[run.c.shown] and had <= row._mapping[_ROWS[kind]]
    return had if same else 0


_IN_ORDER = select(series_chunk).order_by(
    series_chunk.c.run_id, series_chunk.c.attempt, series_chunk.c.kind, series_chunk.c.first
)


def _attempt(connection: Connection, key: int, number: int) -> Row[Any]:
    return connection.execute(
        select(attempt).where(attempt.c.run_id == key, attempt.c.number == number)
    ).one()


def _is(row: Row[Any]) -> ColumnElement[bool]:
    return and_(attempt.c.run_id == row.run_id, attempt.c.number == row.number)


def _progress(progress: Progress) -> dict[str, float]:
    return {
        "updates": progress.updates,
        "examples": progress.examples,
        "epochs": progress.epochs,
        "seconds": progress.seconds,
    }


def _insert_chunk(
    connection: Connection, mine: Row[Any], kind: str, first: int, rows: int, data: bytes
) -> None:
    connection.execute(
        insert(series_chunk).values(
            run_id=mine.run_id,
            attempt=mine.number,
            kind=kind,
            first=first,
            rows=rows,
            codec=codec.CODEC,
            data=data,
        )
    )


def _caught_up(connection: Connection, row: Row[Any], number: int) -> bool:
    """Whether an attempt has recorded as much as the one on show."""
    mine, other = _attempt(connection, row.id, number), _attempt(connection, row.id, row.shown)
    return all(getattr(mine, count.name) >= getattr(other, count.name) for count in _ROWS.values())


def _show(connection: Connection, key: int, number: int) -> None:
    """Show an attempt and forget the rows of every other."""
    connection.execute(update(run).where(run.c.id == key).values(shown=number))
    others = (series_chunk.c.run_id == key) & (series_chunk.c.attempt != number)
    connection.execute(delete(series_chunk).where(others))


def _chunks(connection: Connection, key: int, number: int, kind: str) -> list[Row[Any]]:
    of_kind = (series_chunk.c.run_id == key, series_chunk.c.attempt == number, series_chunk.c.kind == kind)
    return list(connection.execute(_IN_ORDER.where(*of_kind)))
