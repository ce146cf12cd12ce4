"""Recorded rows, out of the database again: whole, or what is new for somebody who has some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, insert, or_, select, true, update

from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import SERIES, Series, join, rows
from batchviz.store import codec
from batchviz.store.database import Database
from batchviz.store.rows import ROW_COUNTS, find, select_runs, to_run
from batchviz.store.tables import attempt, run, series_chunk

SPARE_CHUNKS = 3
"""Of a kind, beside those that it takes, which a finished run may have."""


@dataclass(frozen=True)
class Cursor:
    """How much of a run somebody has: rows of each kind, of one attempt (0: nothing yet)."""

    attempt: int = 0
    epochs: int = 0
    updates: int = 0
    measured: int = 0


@dataclass(frozen=True)
class RunDelta:
    """A run and the rows that are new. They follow the rows had, or start at 0 when `attempt` is another one.

    `attempt` is the one on show, which lags behind `run.attempt` while a run that was started again catches
    up. `complete` is False when a limit held rows back.
    """

    run: Run
    attempt: int
    first: Mapping[str, int]
    """By kind, the number of the first of its rows here."""
    epochs: Series
    updates: Series
    measured: Series
    complete: bool

    def rows(self, kind: str) -> Series:
        """Those of one kind."""
        return {"epochs": self.epochs, "updates": self.updates, "measured": self.measured}[kind]


class SeriesStore:
    """The recorded rows of every run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(
        self,
        cursors: Mapping[str, Cursor],
        *,
        limit: int | None = None,
        kinds: Sequence[str] = tuple(SERIES),
    ) -> dict[str, RunDelta]:
        """For every run that exists, in the order asked for, what is new since its cursor.

        One read; at most `limit` rows of a kind and run.
        """
        with self._database.reading() as connection:
            rows = list(connection.execute(select_runs().where(run.c.public_id.in_(list(cursors)))))
            order = {run_id: place for place, run_id in enumerate(cursors)}
            rows.sort(key=lambda row: order[row._mapping[run.c.public_id]])
            slices = [
                _Slice(row, kind, cursors[row._mapping[run.c.public_id]], limit)
                for row in rows
                for kind in kinds
            ]
            with_news = [part for part in slices if part.stop > part.start]
            stored = (
                connection.execute(_IN_ORDER.where(_chunks_of(with_news, limit))).all() if with_news else []
            )
        chunks: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
        for chunk in stored:
            chunks[chunk.run_id, chunk.kind].append(chunk)
        series = {(part.key, part.kind): part.take(chunks[part.key, part.kind]) for part in slices}
        starts = {(part.key, part.kind): part.start for part in slices}
        held_back = {part.key for part in slices if part.stop < part.count}
        return {
            row._mapping[run.c.public_id]: RunDelta(
                run=to_run(row),
                attempt=row._mapping[run.c.shown],
                first={kind: starts.get((key, kind), 0) for kind in SERIES},
                epochs=series.get((key, "epochs"), SERIES["epochs"].empty()),
                updates=series.get((key, "updates"), SERIES["updates"].empty()),
                measured=series.get((key, "measured"), SERIES["measured"].empty()),
                complete=key not in held_back,
            )
            for row in rows
            for key in [row._mapping[run.c.id]]
        }

    def whole(self, run_ids: Sequence[str], kind: str = "epochs") -> dict[str, Series]:
        """All rows of one kind of every run that exists, in one read."""
        deltas = self.since({run_id: Cursor() for run_id in run_ids}, kinds=[kind])
        return {run_id: delta.rows(kind) for run_id, delta in deltas.items()}

    def compact(self, run_id: str) -> None:
        """Pack the many small chunks of a finished run into few large ones.

        A few are left as they are: to read them costs less than to pack them. A long run has dozens of large ones:
        they are packed one by one, and nobody who writes waits for more than the exchange.
        """
        with self._database.reading() as connection:
            row = find(connection, run_id, deleted=True)
            of_run = {"run_id": row.id, "attempt": row.shown}
            extents = connection.execute(_EXTENTS, of_run).all() if Status(row.status).final else []
        for kind, of_kind in groupby(extents, attrgetter("kind")):
            chunks = list(of_kind)
            needed = 1 + sum(chunk.rows for chunk in chunks) // codec.CHUNK_ROWS
            if len(chunks) > needed + SPARE_CHUNKS:
                for group in _grouped(chunks):
                    self._merge(row, kind, group)

    def _merge(self, row: Row[Any], kind: str, group: Sequence[Row[Any, Any, Any]]) -> None:
        """Make one chunk of these neighbours, unless they are gone."""
        of_group = and_(
            series_chunk.c.run_id == row.id,
            series_chunk.c.attempt == row.shown,
            series_chunk.c.kind == kind,
            series_chunk.c.first.between(group[0].first, group[-1].first),
        )
        with self._database.reading() as connection:
            chunks = connection.execute(_IN_ORDER.where(of_group)).all()
        if len(chunks) != len(group):
            return
        whole = join((codec.decode(chunk.data, kind, chunk.codec) for chunk in chunks), kind)
        (merged,) = codec.pack(whole, kind)
        saved = sum(len(chunk.data) for chunk in chunks) - len(merged["data"])
        with self._database.writing() as connection:
            find(connection, row.public_id, lock=True, deleted=True)
            if len(connection.execute(select(series_chunk.c.first).where(of_group)).all()) != len(group):
                return
            connection.execute(delete(series_chunk).where(of_group))
            keys = {"run_id": row.id, "attempt": row.shown}
            connection.execute(insert(series_chunk), {**keys, **merged, "first": group[0].first})
            connection.execute(
                update(attempt)
                .where(attempt.c.run_id == row.id, attempt.c.number == row.shown)
                .values(bytes=attempt.c.bytes - saved)
            )


class _Slice:
    """Rows `start` to `stop` of one kind of one run, of the `count` that are recorded."""

    def __init__(self, row: Row[Any], kind: str, cursor: Cursor, limit: int | None) -> None:
        self.key: int = row._mapping[run.c.id]
        self.kind = kind
        self.count: int = row._mapping[ROW_COUNTS[kind]]
        self.attempt: int = row._mapping[run.c.shown]
        had = {"epochs": cursor.epochs, "updates": cursor.updates, "measured": cursor.measured}[kind]
        self.start = had if cursor.attempt == self.attempt and had <= self.count else 0
        self.stop = self.count if limit is None else min(self.count, self.start + limit)

    def take(self, chunks: Sequence[Row[Any]]) -> Series:
        """Exactly these rows out of the chunks that hold them."""
        parts = []
        for chunk in chunks:
            series = codec.decode(chunk.data, self.kind, chunk.codec)
            parts.append(rows(series, max(0, self.start - chunk.first), self.stop - chunk.first))
        return join(parts, self.kind)


def _chunks_of(slices: Sequence[_Slice], limit: int | None) -> ColumnElement[bool]:
    """The chunks of these slices. Runs that begin alike share a term: to make one for each run of a comparison took
    longer than to read its rows.
    """
    keys: dict[tuple[int, str, int], list[int]] = defaultdict(list)
    for part in slices:
        keys[part.attempt, part.kind, part.start].append(part.key)
    return or_(
        *(
            and_(
                series_chunk.c.run_id.in_(run_keys),
                series_chunk.c.attempt == shown,
                series_chunk.c.kind == kind,
                series_chunk.c.first + series_chunk.c.rows > start,
                true() if limit is None else series_chunk.c.first < start + limit,
            )
            for (shown, kind, start), run_keys in keys.items()
        )
    )


_IN_ORDER = select(series_chunk).order_by(
    series_chunk.c.run_id, series_chunk.c.attempt, series_chunk.c.kind, series_chunk.c.first
)


_EXTENTS = (
    select(series_chunk.c.kind, series_chunk.c.first, series_chunk.c.rows)
    .where(series_chunk.c.run_id == bindparam("run_id"), series_chunk.c.attempt == bindparam("attempt"))
    .order_by(series_chunk.c.kind, series_chunk.c.first)
)


def _grouped(chunks: Sequence[Row[Any, Any, Any]]) -> list[list[Row[Any, Any, Any]]]:
    """Neighbours that fit into one chunk together, wherever there are several."""
    groups: list[list[Row[Any, Any, Any]]] = []
    room = 0
    for chunk in chunks:
        room -= chunk.rows
        if room < 0:
            groups.append([])
            room = codec.CHUNK_ROWS - chunk.rows
        groups[-1].append(chunk)
    return [group for group in groups if len(group) > 1]
