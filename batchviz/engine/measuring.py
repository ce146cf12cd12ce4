"""When clocks are measured and runs are looked into: one at a time.

A look into a run begins as soon as a worker is free, and runs go on meanwhile: nothing is timed. A clock is measured
only while nothing trains on this machine.

A measurement begins when the machine has been idle for a moment, and a run that is asked for meanwhile starts at
once: the worker sees it, throws away what it has and puts the request back. After a few times it insists, and the
dispatcher holds back runs for the seconds that it takes: the backend's `measuring` is the lock among its own runs. What
trains in other processes of this machine, and what wants to, is kept apart by `experiment.machine_lock`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from cachetools import TTLCache

from batchviz.engine.backend import Backend, MeasuringRequest, MeasuringResult
from batchviz.errors import StoreError
from batchviz.experiment import machine_lock
from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.spec import RunSpec
from batchviz.store import HeldRequests, InspectionRequest, Store

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
"""Without any run, before a measurement begins: whoever trains one often trains another."""
LOOK_SECONDS = 0.25
MAX_REMEMBERED = 1000
REMEMBERED_SECONDS = 10.0
"""For which a network is not asked for again."""
MAX_HELD_SECONDS = 15.0
"""For which runs may wait for a worker that measures. A compilation cannot be interrupted."""
MAX_MEASURING_SECONDS = 120.0


class Measuring:
    """What the dispatcher does about clocks, and looks into runs."""

    def __init__(self, store: Store, backend: Backend, holder: str, *, first: RunSpec | None = None) -> None:
        self._store, self._backend, self._holder = store, backend, holder
        self._first = first
        self._ended: list[MeasuringResult] = []
        # Hundreds of runs of one network end within seconds.
        self._requested: TTLCache[tuple[str | None, str], bool] = TTLCache(MAX_REMEMBERED, REMEMBERED_SECONDS)
        self._last_busy = self._looked = self._begun = float("-inf")

    @property
    def holds_back_runs(self) -> bool:
        """Whether no run may begin now."""
        request = self._backend.measuring
        return request is not None and not request.gives_way

    def request_first(self) -> None:
        """Ask for the clock of the first network, once it is known whose."""
        if self._first is not None and self._backend.machine:
            self.request_clocks([self._first])
            self._first = None

    def request_clocks(self, specs: Sequence[RunSpec]) -> None:
        """Ask for the clocks of networks that were trained, or likely will be, where there are none."""
        machine = self._backend.machine
        if not machine:
            return
        for network, spec in {clock_key(spec): spec for spec in specs}.items():
            if (network, machine) in self._requested:
                continue
            try:
                self._store.clock_requests.add_if_unknown(spec, ClockPath.LOOP, machine)
                self._requested[network, machine] = True
            except StoreError as error:
                logger.error("%s The clock of %s is not asked for.", error, spec)

    def record(self) -> None:
        """Write what became of measurements. Raises StoreError, and keeps what was not written for the next time."""
        self._ended.extend(self._backend.measured())
        while self._ended:
            result = self._ended[0]
            requests = self._requests_of(result.request)
            if result.trace:
                logger.warning("%s: %s", _name(result.request), result.trace)
            if result.cause and not result.interrupted:
                requests.worker_crashed(result.request, self._holder, result.cause)
            else:
                # Answered or given back by its worker by now; when not, the worker could not write it.
                requests.release(result.request, self._holder)
            logger.info("%s ended.", _name(result.request))
            del self._ended[0]

    def turn(self, now: float, *, busy: bool) -> None:
        """Begin a measurement when it is time, end one that takes too long. `busy`: a run trains."""
        if busy:
            self._last_busy = now
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        self.request_first()
        if self._backend.measuring is not None:
            waits = not busy and self._store.queue.anything_queued()
            if now - self._begun > (MAX_HELD_SECONDS if waits else MAX_MEASURING_SECONDS):
                self._backend.stop_measuring()
        elif self._backend.free and not self._look_into_run(now) and now - self._last_busy >= IDLE_SECONDS:
            self._measure_clock(now)

    def _look_into_run(self, now: float) -> bool:
        """Begin the next look into a run that is over, if one waits."""
        inspections = self._store.inspections
        return inspections.anything_waiting(self._holder) and self._begin(inspections, now)

    def _measure_clock(self, now: float) -> None:
        """Begin to measure the next clock, if one waits and nothing trains."""
        requests = self._store.clock_requests
        if not requests.anything_waiting(self._holder) or self._store.queue.anything_unfinished():
            return
        if not machine_lock.busy():  # by a notebook, the command line or another installation
            self._begin(requests, now)

    def _begin(self, requests: HeldRequests[Any], now: float) -> bool:
        request = requests.claim(self._holder)
        if request is None:
            return False
        self._begun = now
        self._backend.measure(request, self._holder)
        logger.info("%s begins.", _name(request))
        return True

    def hand_back(self, request: MeasuringRequest | None) -> None:
        """At a clean stop: what was being measured waits again, if it was not answered. Raises StoreError."""
        if request is not None:
            self._requests_of(request).release(request, self._holder)

    def _requests_of(self, request: MeasuringRequest) -> HeldRequests[Any]:
        """The part of the store that a request came from."""
        if isinstance(request, InspectionRequest):
            return self._store.inspections
        return self._store.clock_requests


def _name(request: MeasuringRequest) -> str:
    if isinstance(request, InspectionRequest):
        return f"The look into run {request.run_id}"
    return f"The clock of {request.network[:8]} ({request.path})"
