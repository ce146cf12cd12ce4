"""The workers of a Dask cluster, as the dispatcher sees them."""

from __future__ import annotations

import itertools
import logging
import secrets
import threading
import time
from collections.abc import Callable, Hashable, Sequence

from batchviz.engine.backend import MeasuringRequest, MeasuringResult, TrainingResult
from batchviz.engine.cluster import on_worker
from batchviz.engine.cluster.connection import (
    Arrived,
    Connected,
    Connection,
    Disconnected,
    Ended,
    Event,
    Gone,
)
from batchviz.engine.cluster.worker import ClusterWorker
from batchviz.engine.limits import MAX_PAUSE_SECONDS
from batchviz.engine.worker import WorkerReply
from batchviz.engine.worker_process import graph_keys, needs_renewal
from batchviz.experiment.environment import fingerprint
from batchviz.experiment.records import Run
from batchviz.settings import Settings

logger = logging.getLogger(__name__)

_CLOSED = "its worker was closed"
_GONE = "its worker was gone"
_ENDED = "its worker did not react and was ended"
_NO_SCHEDULER = "the scheduler of the cluster was gone"


class ClusterBackend:
    """As many workers as the scheduler at `settings.engine` has: a Backend. Not thread-safe; sets `wake`."""

    def __init__(self, settings: Settings, wake: threading.Event) -> None:
        self._address = settings.engine
        self._installation = on_worker.Installation(
            settings.database_url, settings.max_run_seconds, fingerprint()
        )
        self._names, self._numbers = secrets.token_hex(4), itertools.count()
        self._connected: bool | None = None
        self._failures = 0
        self._workers: dict[str, ClusterWorker] = {}
        self._results: list[TrainingResult] = []
        self._measured: list[MeasuringResult] = []
        self._connection = Connection(self._address, wake)

    @property
    def size(self) -> int:
        """Workers that the scheduler has."""
        return len(self._workers)

    @property
    def state(self) -> str:
        """As any backend; "unreachable" without a scheduler, "workerless" where it has no workers."""
        if any(worker.ready for worker in self._workers.values()):
            return "ready"
        if not self._connected:
            return "warming" if self._connected is None else "unreachable"
        if not self._workers:
            return "workerless"
        return "down" if self._failures >= 3 else "warming"

    @property
    def free(self) -> int:
        """How many workers would begin at once."""
        return sum(worker.free for worker in self._workers.values())

    @property
    def busy(self) -> int:
        """How many workers train."""
        return sum(bool(worker.runs) for worker in self._workers.values())

    @property
    def runs(self) -> list[Run]:
        """What is being trained, and what ended and was not told of yet."""
        training = [run for worker in self._workers.values() for run in worker.runs]
        return training + [result.run for result in self._results]

    @property
    def machine(self) -> str:
        """That of the first worker that became ready, and those like it; "" before."""
        return next((worker.ready.machine for worker in self._workers.values() if worker.ready), "")

    @property
    def measuring(self) -> MeasuringRequest | None:
        """What is being measured."""
        requests = (worker.request for worker in self._workers.values())
        return next((request for request in requests if request is not None), None)

    def start(self, runs: Sequence[Run]) -> None:
        """Hand a run or a group to a free worker, best to one that has compiled its graph before."""
        keys = graph_keys([run.spec for run in runs])
        worker = self._free_worker(keys)
        worker.runs = runs
        worker.graph_keys |= keys
        self._submit(worker, on_worker.train, runs)

    def measure(self, request: MeasuringRequest, holder: str) -> None:
        """Have a free worker measure, best one that has the graph."""
        worker = self._free_worker(graph_keys([request.spec]), self.machine)
        worker.request = request
        worker.graph_keys.add(request.spec.graph_key())
        assert worker.ready is not None
        self._submit(worker, on_worker.measure, request, holder, worker.ready.machine)

    def stop_measuring(self) -> None:
        """End the worker that measures."""
        for worker in self._workers.values():
            if worker.request is not None:
                self._end(worker)

    def stop(self, run_id: str) -> None:
        """End the worker that trains a run, and what it trains with it."""
        for worker in self._workers.values():
            if any(run.id == run_id for run in worker.runs):
                self._end(worker)

    def finished(self) -> list[TrainingResult]:
        """The attempts that ended since the last call. Also prepares workers, and renews those that trained enough."""
        for event in self._connection.events():
            self._take(event)
        now = time.monotonic()
        for worker in self._workers.values():
            if now >= worker.retry_at:
                self._prepare(worker)
        self._renew_one()
        results, self._results = self._results, []
        return results

    def measured(self) -> list[MeasuringResult]:
        """The measurements that ended since the last call."""
        results, self._measured = self._measured, []
        return results

    def close(self) -> None:
        """End the workers that train or measure; what is idle is there for whoever comes next."""
        busy = [worker for worker in self._workers.values() if worker.runs or worker.request]
        self._connection.close(*((worker.address, worker.ready.pid) for worker in busy if worker.ready))

    def _take(self, event: Event) -> None:
        if isinstance(event, Connected):
            self._connected = True
            logger.info("The scheduler at %s answers.", self._address)
        elif isinstance(event, Disconnected):
            self._disconnected(event.reason)
        elif isinstance(event, Arrived):
            self._workers[event.address] = worker = ClusterWorker(event.address)
            self._prepare(worker)
        elif isinstance(event, Gone):
            if event.address in self._workers:
                self._gone(self._workers.pop(event.address), in_order=event.in_order)
        else:
            for worker in self._workers.values():
                if worker.key == event.key:
                    self._ended(worker, event)
                    return

    def _gone(self, worker: ClusterWorker, *, in_order: bool) -> None:
        cause = _ENDED if worker.ending else _CLOSED if in_order else _GONE
        self._lose(worker, cause, interrupted=in_order and not worker.ending)

    def _disconnected(self, reason: str) -> None:
        if self._connected is not False:
            logger.error(
                "The scheduler at %s does not answer (%s). Start it, or correct BATCHVIZ_ENGINE; runs wait.",
                self._address,
                reason or "it was restarted",
            )
        self._connected = False
        for worker in self._workers.values():
            self._lose(worker, _NO_SCHEDULER, interrupted=True)
        self._workers.clear()

    def _prepare(self, worker: ClusterWorker) -> None:
        worker.retry_at = float("inf")
        self._submit(worker, on_worker.prepare)

    def _submit(self, worker: ClusterWorker, function: Callable[..., object], *arguments: object) -> None:
        worker.key = f"batchviz-{self._names}-{next(self._numbers)}"
        worker.tasks += 1
        self._connection.submit(worker.address, worker.key, function, self._installation, *arguments)

    def _ended(self, worker: ClusterWorker, event: Ended) -> None:
        worker.key = ""
        if worker.ready is None:
            self._prepared(worker, event)
            return
        if event.error is not None:
            self._lose(worker, _ENDED if worker.ending else _GONE, trace=repr(event.error))
            self._end(worker)  # if it is there after all, nobody knows what it does
            return
        reply: WorkerReply = event.result
        worker.grown_bytes = reply.grown_bytes
        if worker.request is not None:
            self._measured.append(MeasuringResult(worker.request, trace=reply.results[0].trace))
        else:
            pairs = zip(worker.runs, reply.results, strict=True)
            self._results += [
                TrainingResult(run, "", result.unrecorded, result.trace) for run, result in pairs
            ]
        worker.runs, worker.request = (), None

    def _prepared(self, worker: ClusterWorker, event: Ended) -> None:
        if isinstance(event.result, on_worker.Ready):
            worker.ready, self._failures = event.result, 0
            logger.info("The worker %s is ready: process %d.", worker.address, worker.ready.pid)
            return
        self._failures += 1
        pause = min(MAX_PAUSE_SECONDS, 2.0**self._failures)
        worker.retry_at = time.monotonic() + pause
        problem = event.error if isinstance(event.error, Exception) else event.result
        logger.error("The worker %s cannot train; trying again in %.0f s. %s", worker.address, pause, problem)

    def _lose(self, worker: ClusterWorker, cause: str, *, trace: str = "", interrupted: bool = False) -> None:
        self._results += [TrainingResult(run, cause, None, trace, interrupted) for run in worker.runs]
        if worker.request is not None:
            self._measured.append(MeasuringResult(worker.request, cause, trace, interrupted))
        worker.runs, worker.request = (), None

    def _renew_one(self) -> None:
        """An idle worker that has grown too large is ended, and its nanny starts another."""
        if any(worker.ending for worker in self._workers.values()):
            return
        for worker in self._workers.values():
            if worker.free and needs_renewal(worker.tasks, worker.grown_bytes):
                self._end(worker)
                return

    def _end(self, worker: ClusterWorker) -> None:
        if worker.ready is not None and not worker.ending:
            worker.ending = True
            self._connection.end(worker.address, worker.ready.pid)

    def _free_worker(self, keys: set[Hashable], machine: str = "") -> ClusterWorker:
        """Best one of this machine, then one that has the graph."""

        def merit(worker: ClusterWorker) -> tuple[bool, int, int]:
            there = worker.ready is not None and worker.ready.machine == machine
            return there, len(keys & worker.graph_keys), -worker.tasks

        return max((worker for worker in self._workers.values() if worker.free), key=merit)
