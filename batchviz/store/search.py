"""What is in a library, and a query over it, in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, or_, select

from batchviz.experiment.library import ORDERS, Query
from batchviz.store.limits import MAX_SEARCH_WORDS
from batchviz.store.rows import VISIBLE
from batchviz.store.tables import entry, run

ROWS_AT_ONCE = 500
"""Values in one statement, well below what SQLite and PostgreSQL accept."""


def matches(query: Query) -> list[Any]:
    """The conditions that a run in a library must meet."""
    conditions: list[Any] = [
        entry.c.words.contains(word, autoescape=True)
        for word in query.text.lower().split()[:MAX_SEARCH_WORDS]
    ]
    for column, values in (
        (run.c.dataset, query.datasets),
        (run.c.batch_size, query.batch_sizes),
        (run.c.status, query.statuses),
    ):
        if values:
            conditions.append(column.in_(list(values)))
    if query.tags:
        # As it stands in the list: in quotation marks, so that `a` does not find `ab`.
        marked = [json.dumps(tag, ensure_ascii=False) for tag in query.tags]
        conditions.append(or_(*(entry.c.tags.contains(tag, autoescape=True) for tag in marked)))
    if query.favourite:
        conditions.append(entry.c.favourite.is_(True))
    if query.since is not None:
        conditions.append(run.c.created >= query.since)
    if query.until is not None:
        conditions.append(run.c.created < query.until)
    return conditions


def ordered(query: Select[Any], order: str) -> Select[Any]:
    """In one of ORDERS; equals newest first, and what has no value last."""
    newest = entry.c.run_id.desc()  # as in the index
    columns: dict[str, list[Any]] = {
        "newest": [newest],
        "oldest": [entry.c.run_id],
        "name": [entry.c.name == "", func.lower(entry.c.name), newest],
        "batch_size": [run.c.batch_size, newest],
        "val_loss": [run.c.val_loss.is_(None), run.c.val_loss, newest],
        "seconds": [run.c.seconds.is_(None), run.c.seconds, newest],
        "favourite": [entry.c.favourite.desc(), newest],
    }
    assert set(columns) == set(ORDERS)
    return query.order_by(*columns.get(order, columns["newest"]))


def in_library(owner: str | None) -> list[Any]:
    """What is in the library. The administrator (None) sees every run once: in the library of who had it first."""
    present = [entry.c.deleted.is_(None), VISIBLE]
    if owner is not None:
        return [entry.c.owner == owner, *present]
    earlier = entry.alias("earlier")
    had_before = exists().where(
        earlier.c.run_id == entry.c.run_id, earlier.c.deleted.is_(None), earlier.c.id < entry.c.id
    )
    return [~had_before, *present]


def visible_rows(
    connection: Connection, run_ids: Sequence[str], *, owner: str | None = None, deleted: bool = False
) -> list[Row[Any]]:
    """Keys and public ids of visible runs (or, `deleted`, of all), in the owner's library where one is given."""
    rows: list[Row[Any]] = []
    for part in portions(list(dict.fromkeys(run_ids))):
        query = select(run.c.id, run.c.public_id).where(run.c.public_id.in_(part))
        if owner is not None:
            state = entry.c.deleted.is_not(None) if deleted else entry.c.deleted.is_(None)
            query = query.join(entry, entry.c.run_id == run.c.id).where(entry.c.owner == owner, state)
        if not deleted:
            query = query.where(VISIBLE)
        rows.extend(connection.execute(query))
    order = {run_id: place for place, run_id in enumerate(run_ids)}
    return sorted(rows, key=lambda row: order[row.public_id])


def portions(values: Sequence[Any]) -> list[Sequence[Any]]:
    """Values in portions that one statement can hold."""
    return [values[start : start + ROWS_AT_ONCE] for start in range(0, len(values), ROWS_AT_ONCE)]
