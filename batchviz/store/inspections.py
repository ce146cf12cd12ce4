"""Finished runs that are to be trained once more so that one can look inside, and what was found: a row a run.

Who trains holds the request by name; the request of a holder that is not there any more is another's to take. What was
found can be found again, so the oldest make room for new ones.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from batchviz.errors import StoreError
from batchviz.experiment.inspection import Inspection
from batchviz.experiment.records import Run, Source
from batchviz.experiment.spec import RunSpec
from batchviz.store.clock_requests import RequestState
from batchviz.store.database import Database
from batchviz.store.limits import (
    MAX_CRASHES,
    MAX_INSPECTION_REQUESTS,
    MAX_INSPECTION_SECONDS,
    MAX_INSPECTIONS,
)
from batchviz.store.rows import find, to_spec
from batchviz.store.tables import inspection, run


@dataclass(frozen=True)
class InspectionRequest:
    """A run that somebody wants to look into; `reason` says why it failed."""

    run_id: str
    spec: RunSpec
    updates: int
    """That the run made: it may have been stopped, or had a budget of seconds."""
    state: RequestState
    reason: str
    gives_way: bool = True
    """Others may train meanwhile: nothing is timed."""


class Inspections:
    """What is to be looked into, who is at it, and what was found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, looked_into: Run) -> None:
        """Have a run trained once more; asked twice, it is done once. Raises StoreError where that cannot be."""
        check_can_be_inspected(looked_into)
        with self._database.writing(alone_with="inspections") as connection:
            key = find(connection, looked_into.id).id
            row = connection.execute(select(inspection.c.state).where(inspection.c.run_id == key)).first()
            if row is not None and row.state != RequestState.FAILED:
                return
            connection.execute(delete(inspection).where(inspection.c.run_id == key))
            counted = select(func.count()).select_from(inspection)
            waiting = counted.where(inspection.c.data.is_(None), inspection.c.state != RequestState.FAILED)
            if connection.execute(waiting).scalar_one() >= MAX_INSPECTION_REQUESTS:
                raise StoreError(
                    f"{MAX_INSPECTION_REQUESTS} runs wait to be looked into, the most there can be. "
                    "Try again when some of them are."
                )
            oldest = (
                select(inspection.c.run_id).order_by(inspection.c.asked.desc()).offset(MAX_INSPECTIONS - 1)
            )
            connection.execute(
                delete(inspection).where(inspection.c.run_id.in_(connection.execute(oldest).scalars().all()))
            )
            values = {"run_id": key, "updates": looked_into.progress.updates, "state": RequestState.WAITING}
            connection.execute(
                insert(inspection).values(**values, asked=time.time(), holder="", crashes=0, reason="")
            )

    def find(self, run_id: str) -> InspectionRequest | Inspection | None:
        """What was found, or where the request stands; None where nobody asked."""
        query = _requests().add_columns(inspection.c.data).where(run.c.public_id == run_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return _to_request(row) if row.data is None else Inspection.from_bytes(row.data)

    def claim(self, holder: str) -> InspectionRequest | None:
        """The next one, now held; None when nothing waits."""
        with self._database.writing(alone_with="inspections") as connection:
            first = connection.execute(
                _requests().where(_can_be_claimed(holder)).order_by(inspection.c.asked).limit(1)
            ).first()
            if first is None:
                return None
            connection.execute(
                update(inspection)
                .where(inspection.c.run_id == first.run_id)
                .values(state=RequestState.MEASURING, holder=holder)
            )
            return _to_request(first)

    def anything_waiting(self, holder: str) -> bool:
        """Whether a claim would find something. Cheap."""
        with self._database.reading() as connection:
            query = select(inspection.c.run_id).where(_can_be_claimed(holder)).limit(1)
            return connection.execute(query).first() is not None

    def save(self, request: InspectionRequest, content: Inspection) -> None:
        """Keep what was found; of a run that was purged meanwhile nothing."""
        self._change(request, state=RequestState.WAITING, holder="", reason="", data=content.to_bytes())

    def failed(self, request: InspectionRequest, reason: str) -> None:
        """It cannot be done, for this reason; kept, so that nobody waits for it."""
        self._change(request, state=RequestState.FAILED, holder="", reason=reason)

    def release(self, request: InspectionRequest, holder: str) -> None:
        """It waits again, through no fault of its own, if this holder has it."""
        self._change(request, inspection.c.holder == holder, state=RequestState.WAITING, holder="")

    def worker_crashed(self, request: InspectionRequest, holder: str, cause: str) -> None:
        """It waits again; the second time it failed."""
        held = _is(request.run_id) & (inspection.c.holder == holder)
        with self._database.writing(alone_with="inspections") as connection:
            row = connection.execute(select(inspection.c.crashes).where(held)).first()
            if row is not None:
                state = RequestState.FAILED if row.crashes + 1 >= MAX_CRASHES else RequestState.WAITING
                values = {"state": state, "crashes": row.crashes + 1, "holder": "", "reason": cause}
                connection.execute(update(inspection).where(held).values(values))

    def _change(self, request: InspectionRequest, *conditions: ColumnElement[bool], **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(inspection).where(_is(request.run_id), *conditions).values(**values))


def check_can_be_inspected(looked_into: Run) -> None:
    """Raise StoreError for a run that nobody can look into."""
    if not looked_into.status.final or not looked_into.progress.updates:
        raise StoreError(
            "This run has made no update that could be looked at, or is not over. Wait for its end."
        )
    if looked_into.source is Source.HISTORY:
        raise StoreError(
            "This run was trained by another program: neither its network nor its data is known here. Look into one "
            "that BatchViz trained."
        )
    if looked_into.progress.seconds > MAX_INSPECTION_SECONDS:
        raise StoreError(
            f"This run trained for {looked_into.progress.seconds:,.0f} seconds, and a look inside trains it once "
            f"more. Expected at most {MAX_INSPECTION_SECONDS:g}; look into a shorter one."
        )


def _is(run_id: str) -> ColumnElement[bool]:
    return inspection.c.run_id == select(run.c.id).where(run.c.public_id == run_id).scalar_subquery()


def _requests() -> Any:
    columns = (
        inspection.c.run_id,
        inspection.c.updates,
        inspection.c.state,
        inspection.c.reason,
        run.c.public_id,
        run.c.spec,
    )
    return select(*columns).join(run, run.c.id == inspection.c.run_id)


def _can_be_claimed(holder: str) -> ColumnElement[bool]:
    held_by_another = (inspection.c.state == RequestState.MEASURING) & (inspection.c.holder != holder)
    return inspection.c.data.is_(None) & ((inspection.c.state == RequestState.WAITING) | held_by_another)


def _to_request(row: Row[Any]) -> InspectionRequest:
    return InspectionRequest(
        row.public_id, to_spec(row.spec), row.updates, RequestState(row.state), row.reason
    )
