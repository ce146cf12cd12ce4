"""From table rows to records."""

from __future__ import annotations

import functools
import json
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from batchviz.errors import StoreError
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store.tables import attempt, entry, listing, run


class StaleAttempt(StoreError):
    """A worker wrote for an attempt that is over: the run was stopped, or started again elsewhere."""


ATTEMPT_ON_SHOW = (attempt.c.run_id == run.c.id) & (attempt.c.number == run.c.shown)
"""Joins a run to the attempt on show."""

UNFINISHED = run.c.status.in_([status for status in Status if not status.final])
"""Waits or trains."""
READY = (run.c.status == Status.QUEUED) & run.c.held.is_(False)
"""Waits, and no paused sweep holds it back."""
VISIBLE = run.c.deleted.is_(None)

ROW_COUNTS = {
    "epochs": attempt.c.epoch_rows,
    "updates": attempt.c.update_rows,
    "measured": attempt.c.measured_rows,
}
"""By kind of series, where an attempt counts its rows."""


def select_runs() -> Select[Any]:
    """Every run that was not deleted, beside the attempt that is shown."""
    return select(run, attempt).join(attempt, ATTEMPT_ON_SHOW).where(VISIBLE)


def to_run(row: Row[Any]) -> Run:
    """The record of one row of `select_runs`."""
    value = row._mapping
    return Run(
        id=value[run.c.public_id],
        attempt=value[run.c.attempt],
        spec=to_spec(value[run.c.spec]),
        status=Status(value[run.c.status]),
        reason=value[run.c.reason],
        owner=value[run.c.owner],
        created=value[run.c.created],
        started=value[run.c.started],
        finished=value[run.c.finished],
        progress=Progress(
            value[attempt.c.updates],
            value[attempt.c.examples],
            value[attempt.c.epochs],
            value[attempt.c.seconds],
            value[attempt.c.elapsed],
        ),
        final=json.loads(value[run.c.final]),
        measure_at=_updates(value[run.c.measure_at]),
        source=Source(value[run.c.source]),
        title=value[run.c.title],
    )


def _updates(text: str) -> tuple[int, ...] | None:
    updates = json.loads(text)
    return None if updates is None else tuple(updates)


def select_entries() -> Select[Any]:
    """Every run that was not deleted, beside what a list tells of it."""
    return (
        select(run, attempt, entry)
        .join(attempt, ATTEMPT_ON_SHOW)
        .join(entry, entry.c.run_id == run.c.id)
        .join(listing, listing.c.run_id == run.c.id)
        .where(VISIBLE)
    )


def to_entry(row: Row[Any]) -> LibraryEntry:
    """The record of one row of `select_entries`."""
    value = row._mapping
    return LibraryEntry(
        run=to_run(row),
        name=value[entry.c.name],
        note=value[entry.c.note],
        tags=tuple(json.loads(value[entry.c.tags])),
        favourite=value[entry.c.favourite],
        added=value[entry.c.added],
        bytes=value[attempt.c.bytes],
    )


# Put together once: that takes longer than carrying it out, which every write does.
_FIND = select(run).where(run.c.public_id == bindparam("id_of_run"))
_FIND_TO_LOCK = _FIND.with_for_update()


def find(connection: Connection, run_id: str, *, lock: bool = False, deleted: bool = False) -> Row[Any]:
    """The row of one run, locked against other writers when asked. Raises StoreError when there is none.

    `deleted` finds a deleted run as well: its worker may be at work still.
    """
    row = connection.execute(_FIND_TO_LOCK if lock else _FIND, {"id_of_run": run_id}).first()
    if row is None or (row.deleted is not None and not deleted):
        raise missing(run_id)
    return row


def missing(run_id: str) -> StoreError:
    """Why a run cannot be shown."""
    return StoreError(
        f"There is no run {run_id[:40]!r} here: it was deleted, or the link is damaged or comes from another "
        "installation. Ask whoever sent the link, or train it anew."
    )


def lock_attempt(connection: Connection, run_id: str, number: int) -> Row[Any]:
    """The row of a run that `number` may write to, locked. Raises StaleAttempt when it may not."""
    row = find(connection, run_id, lock=True, deleted=True)
    if row.status != Status.RUNNING or row.attempt != number:
        raise StaleAttempt(
            f"Attempt {number} of run {run_id} no longer records: "
            f"the run is {row.status}, at attempt {row.attempt}."
        )
    return row


@functools.lru_cache(maxsize=2048)
def to_spec(text: str) -> RunSpec:
    """The spec of a run as the table holds it."""
    return RunSpec.model_validate_json(text)
