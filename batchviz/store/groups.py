"""Runs of a library as groups of replicates: one experiment, several seeds; in SQL, as there may be thousands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, case, false, func, select

from batchviz.experiment.columns import MEASURED
from batchviz.experiment.library import GroupPage, LibraryEntry, RunGroup, Spread
from batchviz.experiment.query import Query
from batchviz.experiment.records import Status
from batchviz.store.database import Database
from batchviz.store.rows import select_entries, to_entry
from batchviz.store.search import LISTED, VALUES, in_library, matches, portions
from batchviz.store.tables import entry, listing, run

_DONE = run.c.status == Status.DONE


class Groups:
    """The experiments of a visitor. `owner` None stands for the administrator: everybody's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, owner: str | None, query: Query) -> GroupPage:
        """One page of the groups that the runs found by a query make. What has no run that is done has no spreads."""
        where = [*in_library(owner), *matches(query)]
        grouped = _ordered(
            select(
                listing.c.experiment,
                func.max(entry.c.run_id).label("newest"),
                func.count(listing.c.seed.distinct()).label("seeds"),
                func.count().label("runs"),
                func.sum(case((_DONE, 1), else_=0)).label("done"),
                *_spreads(),
            )
            .select_from(LISTED)
            .where(*where)
            .group_by(listing.c.experiment),
            query,
        )
        counted = select(func.count(listing.c.experiment.distinct()), func.count()).select_from(LISTED)
        with self._database.reading() as connection:
            total, runs = connection.execute(counted.where(*where)).one()
            grouped_rows = connection.execute(
                grouped.limit(query.page_size).offset(query.page * query.page_size)
            ).all()
            newest = [group.newest for group in grouped_rows]
            rows = connection.execute(
                select_entries().where(*in_library(owner), entry.c.run_id.in_(newest))
            ).all()
            entries = {row._mapping[entry.c.run_id]: to_entry(row) for row in rows}
        return GroupPage(tuple(_group(group, entries[group.newest]) for group in grouped_rows), total, runs)

    def members(self, owner: str | None, query: Query, experiments: Sequence[str]) -> dict[str, list[str]]:
        """The ids of the runs in these groups, newest first."""
        members: dict[str, list[str]] = {experiment: [] for experiment in experiments}
        with self._database.reading() as connection:
            for part in portions(list(members)):
                in_part = (
                    select(listing.c.experiment, run.c.public_id)
                    .select_from(LISTED)
                    .where(*in_library(owner), *matches(query), listing.c.experiment.in_(part))
                    .order_by(entry.c.run_id.desc())
                )
                for row in connection.execute(in_part):
                    members[row.experiment].append(row.public_id)
        return members


def _spreads() -> list[ColumnElement[Any]]:
    return [
        how(_of_done(column)).label(f"{column}_{name}")
        for column in MEASURED
        for name, how in (("mean", func.avg), ("low", func.min), ("high", func.max))
    ]


def _of_done(column: str) -> ColumnElement[Any]:
    return case((_DONE, VALUES[column]))


def _group(row: Any, newest: LibraryEntry) -> RunGroup:
    values = row._mapping
    spreads = {
        column: Spread(*(float(values[f"{column}_{name}"]) for name in ("mean", "low", "high")))
        for column in MEASURED
        if values[f"{column}_mean"] is not None
    }
    return RunGroup(row.experiment, newest, row.seeds, int(row.done), row.runs, spreads)


def _ordered(query: Select[Any], by: Query) -> Select[Any]:
    newest = func.max(entry.c.run_id)
    if by.order in ("newest", "oldest"):
        return query.order_by(newest.desc() if (by.order == "newest") != by.reverse else newest)
    lacking, value = _key(by.order)
    return query.order_by(lacking, value.desc() if by.reverse else value, newest.desc())


def _key(order: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Whether a group lacks what it is sorted by, and that itself: a mean, or what its runs share."""
    if order == "favourite":
        value: ColumnElement[Any] = func.min(case((entry.c.favourite, 0), else_=1))
    elif order == "name":
        value = func.min(case((entry.c.name != "", func.lower(entry.c.name))))
    elif order in MEASURED:
        value = func.avg(_of_done(order))
    elif order == "bytes":
        value = func.sum(VALUES[order])
    elif isinstance(VALUES[order].type, Boolean):  # of which PostgreSQL knows no least
        value = func.min(case((VALUES[order], 1), (VALUES[order] == false(), 0)))
    else:
        value = func.min(VALUES[order])
    return case((value.is_(None), 1), else_=0), value
