"""The clocks of runs as the store knows them now: measured, asked for, or refused."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.pace import Clocks, network
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.records import Run
from batchviz.frontend import payload
from batchviz.frontend.payload import ClocksPayload
from batchviz.store import RequestState, Store


def clocks(store: Store, runs: Sequence[Run], path: ClockPath) -> Clocks:
    """The clocks of these runs on one path. Raises StoreError."""
    networks = {key for run in runs if (key := network(run)) is not None}
    requests = store.clock_requests.find(networks, path) if networks else {}
    return Clocks(
        path,
        store.clocks.find(networks, path) if networks else {},
        frozenset(key for key, request in requests.items() if request.state != RequestState.FAILED),
        {key: request.reason for key, request in requests.items() if request.state == RequestState.FAILED},
    )


def answer(store: Store, run_ids: Sequence[str]) -> ClocksPayload:
    """What api/clocks tells of those of the runs that exist. Raises StoreError."""
    runs = list(store.runs.by_id(run_ids).values())
    return payload.clocks(runs, [clocks(store, runs, path) for path in ClockPath])


def request_clocks(store: Store, runs: Sequence[Run], path: ClockPath) -> None:
    """Have every clock measured that these runs lack, and again what was disturbed. Raises StoreError."""
    for run in clocks(store, runs, path).offered(runs).values():
        store.clock_requests.add(run.spec, path)
