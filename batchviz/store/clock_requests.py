"""Networks that wait to be measured: a row for a network and a path, until a clock answers it."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, update

from batchviz.errors import StoreError
from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.spec import RunSpec
from batchviz.store.held_requests import HeldRequests, RequestState
from batchviz.store.limits import MAX_CLOCK_REQUESTS, MAX_GIVEN_WAY
from batchviz.store.rows import to_spec
from batchviz.store.tables import clock, clock_request


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


class ClockRequests(HeldRequests[ClockRequest]):
    """What is to be measured, and who is at it: what people asked for first, then the oldest."""

    _table, _alone_with = clock_request, "clocks"

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
            return {row.network: self._to_request(row) for row in connection.execute(query)}

    def gave_way(self, request: ClockRequest, holder: str) -> None:
        """It waits again, because somebody wanted to train."""
        held = clock_request.c.holder == holder
        again = clock_request.c.given_way + 1
        self._change(request, held, state=RequestState.WAITING, holder="", given_way=again)

    def _request(self, network: str, spec: RunSpec, path: ClockPath, *, again: bool) -> bool:
        with self._database.writing(alone_with="clocks") as connection:
            this = _row_of(network, path)
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

    def _order(self) -> Sequence[ColumnElement[Any]]:
        return clock_request.c.automatic, clock_request.c.asked

    def _query(self) -> Select[Any]:
        return select(clock_request)

    def _is(self, request: ClockRequest) -> ColumnElement[bool]:
        return _row_of(request.network, request.path)

    def _to_request(self, row: Row[Any]) -> ClockRequest:
        return ClockRequest(
            row.network,
            ClockPath(row.path),
            to_spec(row.spec),
            RequestState(row.state),
            row.given_way,
            row.reason,
        )


def _row_of(network: str, path: str) -> ColumnElement[bool]:
    return (clock_request.c.network == network) & (clock_request.c.path == path)
