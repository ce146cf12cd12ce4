"""New rows: a run, its attempts, its place in a library."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, insert, select, update

from batchviz.experiment.cost import cost
from batchviz.experiment.plan import plan_for
from batchviz.experiment.query import folded
from batchviz.experiment.records import Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store.listing import add_listing
from batchviz.store.tables import attempt, entry, run


def unguessable_id() -> str:
    """Twelve URL-safe characters, 71 bits; no leading dash, which a command line takes for an option."""
    while (text := secrets.token_urlsafe(9)).startswith("-"):
        pass
    return text


def insert_run(connection: Connection, spec: RunSpec, owner: str, fingerprint: str, **values: Any) -> int:
    """A run that waits, unless `values` (columns of the table) say otherwise, and its first attempt; its key."""
    begun: dict[str, Any] = {
        "status": Status.QUEUED,
        "reason": "",
        "final": "{}",
        "source": Source.HERE,
        "title": "",
        "created": time.time(),
    }
    expected = cost(plan_for(spec))
    inserted = connection.execute(
        insert(run).values(
            public_id=unguessable_id(),
            owner=owner,
            spec=spec.model_dump_json(),
            spec_hash=spec.hash,
            fingerprint=fingerprint,
            attempt=1,
            shown=1,
            worker_crashes=0,
            stop_requested=False,
            dataset=spec.dataset,
            batch_size=plan_for(spec).first.batch_size,
            long=expected.long,
            expected_seconds=expected.typical,
            **(begun | values),
        )
    )
    key = cast(tuple[int], inserted.inserted_primary_key)[0]
    insert_attempt(connection, key, 1)
    stored = begun | values
    add_listing(connection, key, spec, Source(stored["source"]), stored["title"], json.loads(stored["final"]))
    return key


def insert_attempt(connection: Connection, key: int, number: int) -> None:
    """An attempt that recorded nothing yet."""
    connection.execute(
        insert(attempt).values(
            run_id=key,
            number=number,
            worker="",
            beat=0.0,
            epoch_rows=0,
            update_rows=0,
            measured_rows=0,
            updates=0,
            examples=0,
            epochs=0.0,
            seconds=0.0,
            bytes=0,
        )
    )


def add_to_library(connection: Connection, owner: str, keys: Sequence[int], name: str = "") -> None:
    """Put runs into a library; one that was there before comes back with what was written on it."""
    of_owner = (entry.c.owner == owner) & entry.c.run_id.in_(keys)
    there = set(connection.execute(select(entry.c.run_id).where(of_owner)).scalars())
    connection.execute(update(entry).where(of_owner, entry.c.deleted.is_not(None)).values(deleted=None))
    for key in keys:
        if key in there:
            continue
        row = connection.execute(select(run.c.title).where(run.c.id == key)).one()
        connection.execute(
            insert(entry).values(
                owner=owner,
                run_id=key,
                name=name,
                note="",
                tags=json.dumps([]),
                words=searched_text(row.title, name),
                favourite=False,
                added=time.time(),
            )
        )


def searched_text(*texts: str) -> str:
    """What a search looks through."""
    return folded(" ".join(text for text in texts if text))
