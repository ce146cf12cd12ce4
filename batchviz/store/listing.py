"""The table `listing`: what lists sort, filter and group by, read once out of a run's spec and final values.

Its rows say by which version of that reading they were made. Those of another are made anew when a store is opened,
so that a new column, or a new meaning of one, needs no migration that reads specs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from batchviz.experiment.columns import experiment, settings
from batchviz.experiment.records import Source
from batchviz.experiment.spec import RunSpec
from batchviz.store.database import Database
from batchviz.store.search import ROWS_AT_ONCE
from batchviz.store.tables import listing, run

VERSION = 1
"""Raise it when `columns.settings` or `columns.experiment` tells something else of a run that is stored already."""
FINAL = ("val_metric", "train_loss", "train_metric", "updates")
"""Final values that a listing holds; validation loss and seconds stand in `run`."""


def add_listing(
    connection: Connection, key: int, spec: RunSpec, source: Source, title: str, final: Mapping[str, float]
) -> None:
    """The row of a new run."""
    connection.execute(insert(listing).values(**row(key, spec, source, title, final)))


def end_listing(connection: Connection, key: int, final: Mapping[str, float]) -> None:
    """Take in what a run came to."""
    connection.execute(_END, {"key": key, **{name: final.get(name) for name in FINAL}})


_END = update(listing).where(listing.c.run_id == bindparam("key"))


def row(key: int, spec: RunSpec, source: Source, title: str, final: Mapping[str, float]) -> dict[str, Any]:
    """The values of one row."""
    return {
        "run_id": key,
        "version": VERSION,
        "experiment": experiment(spec, source, title),
        **settings(spec, source, final),
        **{name: final.get(name) for name in FINAL},
    }


def bring_up_to_date(database: Database) -> None:
    """Make the rows that are missing or of another version. Some milliseconds when there are none."""
    outdated = (
        select(run.c.id, run.c.spec, run.c.spec_hash, run.c.source, run.c.title, run.c.final)
        .outerjoin(listing, listing.c.run_id == run.c.id)
        .where(or_(listing.c.run_id.is_(None), listing.c.version != VERSION))
        .limit(ROWS_AT_ONCE)
    )
    with database.reading() as connection:
        if connection.execute(outdated.limit(1)).first() is None:
            return
    while True:
        with database.writing(alone_with="listing") as connection:
            stale_rows = connection.execute(outdated).all()
            if not stale_rows:
                return
            connection.execute(
                delete(listing).where(listing.c.run_id.in_([stale.id for stale in stale_rows]))
            )
            # One by one: a row that cannot be read has fewer columns than others.
            for stale in stale_rows:
                connection.execute(insert(listing).values(**_read(stale)))


def _read(stored: Any) -> dict[str, Any]:
    try:
        spec, final = RunSpec.model_validate_json(stored.spec), json.loads(stored.final)
    except ValueError:  # damaged, or of a later version: a store is opened all the same
        return {"run_id": stored.id, "version": VERSION, "experiment": stored.spec_hash[:32]}
    return row(stored.id, spec, Source(stored.source), stored.title, final)
