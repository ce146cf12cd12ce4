"""Networks that wait to be measured: a row for a network and a path, until a clock answers it.

Who measures holds the request by name; the request of a holder that is not there any more is another's to take, so
that nothing is ever locked for good.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from batchviz.errors import StoreError
from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.spec import RunSpec
from batchviz.store.database import Database
from batchviz.store.limits import MAX_CLOCK_REQUESTS, MAX_CRASHES, MAX_GIVEN_WAY
from batchviz.store.rows import to_spec
from batchviz.store.tables import clock, clock_request


class RequestState(StrEnum):
    """Where a request stands. One that was answered is gone."""

    WAITING = "waiting"
    MEASURING = "measuring"
    FAILED = "failed"


@dataclass(frozen=True)
class ClockRequest:
    """A network that somebody wants measured; `reason` says why it failed."""

    network: str
    path: ClockPath
    spec: RunSpec
    """Any run of the network."""
    state: RequestState
    given_way: int
    reason: str

    @property
    def gives_way(self) -> bool:
        """Whether a run that is asked for meanwhile comes first."""
        return self.given_way < MAX_GIVEN_WAY


class ClockRequests:
    """What is to be measured, and who is at it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, spec: RunSpec, path: ClockPath) -> None:
        """Have the network of a run measured, or measured again, once no run is training.

        Asked twice, it is measured once. Raises StoreError for a run that cannot be trained here, and for one
        request too many.
        """
        network = clock_key(spec)
        if network is None:
            raise StoreError("This run was trained elsewhere: its network cannot be measured here.")
        self._request(network, spec, path, again=True)

    def add_if_unknown(self, spec: RunSpec, path: ClockPath, machine: str) -> bool:
        """Ask for what this machine has no clock of and nobody asked for, in vain or not; whether it was asked."""
        network = clock_key(spec)
        if network is None:
            return False
        same = (clock.c.network == network) & (clock.c.path == path) & (clock.c.machine == machine)
        with self._database.reading() as connection:
            if connection.execute(select(clock.c.measured).where(same)).first() is not None:
                return False
        return self._request(network, spec, path, again=False)

    def find(self, networks: Collection[str | None], path: ClockPath) -> Mapping[str, ClockRequest]:
        """Those of these networks that wait, are being measured, or could not be."""
        of_networks = clock_request.c.network.in_([name for name in networks if name])
        query = select(clock_request).where(of_networks, clock_request.c.path == path)
        with self._database.reading() as connection:
            return {row.network: _to_request(row) for row in connection.execute(query)}

    def claim(self, holder: str) -> ClockRequest | None:
        """The next one to measure, now held; None when nothing waits. Of people first, then the oldest."""
        with self._database.writing(alone_with="clocks") as connection:
            first = connection.execute(
                select(clock_request)
                .where(_can_be_claimed(holder))
                .order_by(clock_request.c.automatic, clock_request.c.asked)
                .limit(1)
            ).first()
            if first is None:
                return None
            this = _is(first.network, first.path)
            connection.execute(
                update(clock_request).where(this).values(state=RequestState.MEASURING, holder=holder)
            )
            return _to_request(connection.execute(select(clock_request).where(this)).one())

    def anything_waiting(self, holder: str) -> bool:
        """Whether a claim would find something. Cheap."""
        with self._database.reading() as connection:
            query = select(clock_request.c.network).where(_can_be_claimed(holder)).limit(1)
            return connection.execute(query).first() is not None

    def gave_way(self, request: ClockRequest, holder: str) -> None:
        """It waits again, because somebody wanted to train."""
        self._release(request, holder, given_way=clock_request.c.given_way + 1)

    def release(self, request: ClockRequest, holder: str) -> None:
        """It waits again, through no fault of its own."""
        self._release(request, holder)

    def worker_crashed(self, request: ClockRequest, holder: str, cause: str) -> None:
        """It waits again; the second time it failed."""
        with self._database.writing(alone_with="clocks") as connection:
            this = _is(request.network, request.path) & (clock_request.c.holder == holder)
            row = connection.execute(select(clock_request).where(this)).first()
            if row is not None:
                state = RequestState.FAILED if row.crashes + 1 >= MAX_CRASHES else RequestState.WAITING
                values = {"state": state, "crashes": row.crashes + 1, "holder": "", "reason": cause}
                connection.execute(update(clock_request).where(this).values(values))

    def failed(self, request: ClockRequest, reason: str) -> None:
        """It cannot be measured, for this reason; kept, so that nobody waits for it."""
        with self._database.writing() as connection:
            this = _is(request.network, request.path)
            connection.execute(
                update(clock_request).where(this).values(state=RequestState.FAILED, holder="", reason=reason)
            )

    def _release(self, request: ClockRequest, holder: str, **values: Any) -> None:
        with self._database.writing() as connection:
            this = _is(request.network, request.path) & (clock_request.c.holder == holder)
            connection.execute(
                update(clock_request).where(this).values(state=RequestState.WAITING, holder="", **values)
            )

    def _request(self, network: str, spec: RunSpec, path: ClockPath, *, again: bool) -> bool:
        with self._database.writing(alone_with="clocks") as connection:
            this = _is(network, path)
            row = connection.execute(select(clock_request).where(this)).first()
            if row is not None and row.state == RequestState.FAILED and again:
                connection.execute(delete(clock_request).where(this))
            elif row is not None:
                if again and row.automatic:
                    connection.execute(update(clock_request).where(this).values(automatic=False))
                return False
            if connection.execute(select(func.count()).select_from(clock_request)).scalar_one() >= (
                MAX_CLOCK_REQUESTS
            ):
                if not again:
                    return False
                raise StoreError(
                    f"{MAX_CLOCK_REQUESTS} networks wait to be measured, the most there can be. "
                    "Try again when some of them are."
                )
            connection.execute(
                insert(clock_request).values(
                    network=network,
                    path=path,
                    spec=spec.model_dump_json(),
                    state=RequestState.WAITING,
                    automatic=not again,
                    asked=time.time(),
                    holder="",
                    crashes=0,
                    given_way=0,
                    reason="",
                )
            )
            return True


def _is(network: str, path: str) -> ColumnElement[bool]:
    return (clock_request.c.network == network) & (clock_request.c.path == path)


def _can_be_claimed(holder: str) -> ColumnElement[bool]:
    held_by_another = (clock_request.c.state == RequestState.MEASURING) & (clock_request.c.holder != holder)
    return (clock_request.c.state == RequestState.WAITING) | held_by_another


def _to_request(row: Row[Any]) -> ClockRequest:
    return ClockRequest(
        row.network,
        ClockPath(row.path),
        to_spec(row.spec),
        RequestState(row.state),
        row.given_way,
        row.reason,
    )
