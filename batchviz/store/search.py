"""A query over a shelf, in SQL."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, func, or_

from batchviz.records import ORDERS, Query
from batchviz.store.tables import entry, run

MOST_WORDS = 10


def matches(query: Query) -> list[Any]:
    """The conditions that a run on a shelf must meet."""
    found: list[Any] = [
        entry.c.words.contains(word, autoescape=True) for word in query.text.lower().split()[:MOST_WORDS]
    ]
    for column, values in (
        (run.c.dataset, query.datasets),
        (run.c.batch_size, query.batch_sizes),
        (run.c.status, query.statuses),
    ):
        if values:
            found.append(column.in_(list(values)))
    if query.tags:
        # As it stands in the list: in quotation marks, so that `a` does not find `ab`.
        marked = [json.dumps(tag, ensure_ascii=False) for tag in query.tags]
        found.append(or_(*(entry.c.tags.contains(tag, autoescape=True) for tag in marked)))
    if query.favourite:
        found.append(entry.c.favourite.is_(True))
    if query.since is not None:
        found.append(run.c.created >= query.since)
    if query.until is not None:
        found.append(run.c.created < query.until)
    return found


def ordered(select: Select[Any], order: str) -> Select[Any]:
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
    return select.order_by(*columns.get(order, columns["newest"]))
