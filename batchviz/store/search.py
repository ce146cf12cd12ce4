"""What is in a library, and a query over it, in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, false, func, or_, select

from batchviz.experiment.columns import COLUMNS, SETTINGS
from batchviz.experiment.query import ORDERS, Condition, Query, Word
from batchviz.experiment.records import Source, Status
from batchviz.store.limits import MAX_SEARCH_WORDS
from batchviz.store.rows import ATTEMPT_ON_SHOW, VISIBLE
from batchviz.store.tables import attempt, entry, listing, run

ROWS_AT_ONCE = 500
"""Values in one statement, well below what SQLite and PostgreSQL accept."""

LISTED = (
    run.join(attempt, ATTEMPT_ON_SHOW)
    .join(entry, entry.c.run_id == run.c.id)
    .join(listing, listing.c.run_id == run.c.id)
)
"""Everything that a list of runs tells of one."""

_HISTORY = run.c.source == Source.HISTORY
_BEGUN = run.c.status != Status.QUEUED
VALUES: Mapping[str, ColumnElement[Any]] = {
    **{name: listing.c[name] for name in SETTINGS},
    "val_loss": run.c.val_loss,
    **{name: listing.c[name] for name in ("val_metric", "train_loss", "train_metric")},
    # Of a run that is under way as far as it has come; of a history what it says itself.
    "updates": case((_HISTORY, listing.c.updates), (_BEGUN, attempt.c.updates)),
    "seconds": case((_HISTORY, run.c.seconds), (_BEGUN, attempt.c.seconds)),
    "status": run.c.status,
    "source": run.c.source,
    "bytes": attempt.c.bytes,
}
"""The columns of a list, out of LISTED."""
assert set(VALUES) == set(COLUMNS)


def matches(query: Query) -> list[ColumnElement[bool]]:
    """The conditions that a run in a library must meet."""
    conditions: list[ColumnElement[bool]] = [
        *map(_occurs, query.words[:MAX_SEARCH_WORDS]),
        *map(_met, query.conditions),
    ]
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


def _occurs(word: Word) -> ColumnElement[bool]:
    written = entry.c.words.contains(word.text, autoescape=True)
    return or_(written, func.lower(run.c.public_id) == word.text, *map(_met, word.conditions))


def _met(condition: Condition) -> ColumnElement[bool]:
    column = VALUES[condition.column]
    if condition.values:
        present = [value for value in condition.values if value is not None]
        absent = column.is_(None) if None in condition.values else false()
        return or_(column.in_(present), absent)
    bounds: list[ColumnElement[bool]] = [column.is_not(None)]
    if condition.low is not None:
        bounds.append(column >= condition.low)
    if condition.high is not None:
        bounds.append(column < condition.high)
    return and_(*bounds)


def ordered(query: Select[Any], by: Query) -> Select[Any]:
    """In the order that is asked for; equals newest first, and what has no value last."""
    if by.order in ("newest", "oldest"):
        newest = (by.order == "newest") != by.reverse
        return query.order_by(entry.c.run_id.desc() if newest else entry.c.run_id)
    lacking, value = _key(by.order)
    return query.order_by(lacking, value.desc() if by.reverse else value, entry.c.run_id.desc())


def _key(order: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Whether a run lacks what it is sorted by, and that itself."""
    assert order in ORDERS
    if order == "name":
        return entry.c.name == "", func.lower(entry.c.name)
    if order == "favourite":
        return entry.c.favourite.is_(None), case((entry.c.favourite, 0), else_=1)
    return VALUES[order].is_(None), VALUES[order]


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
