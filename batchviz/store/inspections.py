"""Finished runs that are to be trained once more so that one can look inside, and what was found: a row a run.

What was found can be found again, so the oldest make room for new ones.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select

from batchviz.errors import StoreError
from batchviz.experiment.inspection import Inspection
from batchviz.experiment.records import Run, Source
from batchviz.experiment.spec import RunSpec
from batchviz.store.held_requests import HeldRequests, RequestState
from batchviz.store.limits import (
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


class Inspections(HeldRequests[InspectionRequest]):
    """What is to be looked into, who is at it, and what was found."""

    _table, _alone_with = inspection, "inspections"

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
        query = self._query().add_columns(inspection.c.data).where(run.c.public_id == run_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return self._to_request(row) if row.data is None else Inspection.from_bytes(row.data)

    def save(self, request: InspectionRequest, content: Inspection) -> None:
        """Keep what was found; of a run that was purged meanwhile nothing."""
        self._change(request, state=RequestState.WAITING, holder="", reason="", data=content.to_bytes())

    def _can_be_claimed(self, holder: str) -> ColumnElement[bool]:
        return inspection.c.data.is_(None) & super()._can_be_claimed(holder)

    def _query(self) -> Select[Any]:
        columns = (inspection.c.updates, inspection.c.state, inspection.c.reason, run.c.public_id, run.c.spec)
        return select(*columns).join(run, run.c.id == inspection.c.run_id)

    def _is(self, request: InspectionRequest) -> ColumnElement[bool]:
        key = select(run.c.id).where(run.c.public_id == request.run_id).scalar_subquery()
        return inspection.c.run_id == key

    def _to_request(self, row: Row[Any]) -> InspectionRequest:
        return InspectionRequest(
            row.public_id, to_spec(row.spec), row.updates, RequestState(row.state), row.reason
        )


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
