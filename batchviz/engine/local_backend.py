"""The worker processes of this machine."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Hashable, Sequence
from concurrent.futures import Future
from typing import Any

from batchviz.engine.backend import MeasuringRequest, MeasuringResult, TrainingResult
from batchviz.engine.environment import tensorflow_environment
from batchviz.engine.limits import MAX_PAUSE_SECONDS
from batchviz.engine.worker_process import WorkerProcess, graph_keys, look_often
from batchviz.experiment.environment import machine_name
from batchviz.experiment.records import Run
from batchviz.settings import Settings

logger = logging.getLogger(__name__)


class LocalBackend:
    """As many worker processes as the settings say: a Backend. Not thread-safe; sets `wake` when something ended."""

    def __init__(self, settings: Settings, wake: threading.Event) -> None:
        os.environ.update(tensorflow_environment(settings.data_dir))
        context = multiprocessing.get_context(settings.start_method)
        if settings.start_method == "forkserver":
            context.set_forkserver_preload(["batchviz.engine.preload"])
        self._context, self._settings, self._wake = context, settings, wake
        self._threads = max(1, (os.cpu_count() or 1) // settings.workers)
        self._failures = 0
        self._pause_until = 0.0
        self._workers = [self._new_worker() for _ in range(settings.workers)]
        self._successors: dict[int, WorkerProcess] = {}

    @property
    def size(self) -> int:
        """Workers."""
        return self._settings.workers

    @property
    def state(self) -> str:
        """Ready when a run would be trained, warming until then, down when workers keep failing to start."""
        if any(worker.warm for worker in self._workers):
            return "ready"
        return "down" if self._failures >= 3 else "warming"

    @property
    def free(self) -> int:
        """How many workers would begin at once."""
        return sum(worker.free for worker in self._workers)

    @property
    def busy(self) -> int:
        """How many workers train."""
        return sum(bool(worker.runs) for worker in self._workers)

    @property
    def runs(self) -> list[Run]:
        """What is being trained."""
        return [run for worker in self._workers for run in worker.runs]

    @property
    def machine(self) -> str:
        """This machine, and the threads that a worker has of it."""
        return machine_name(self._threads)

    @property
    def measuring(self) -> MeasuringRequest | None:
        """What is being measured."""
        return next((worker.request for worker in self._workers if worker.request is not None), None)

    def start(self, runs: Sequence[Run]) -> None:
        """Hand a run or a group to a free worker, best to one that has compiled its graph before."""
        self._free_worker(graph_keys([run.spec for run in runs])).train(runs)

    def measure(self, request: MeasuringRequest, holder: str) -> None:
        """Have a free worker measure, best one that has the graph."""
        self._free_worker(graph_keys([request.spec])).measure(request, holder, self.machine)

    def stop_measuring(self) -> None:
        """End the worker that measures."""
        for worker in self._workers:
            if worker.request is not None:
                worker.stop()

    def stop(self, run_id: str) -> None:
        """End the worker that trains a run, and what it trains with it."""
        for worker in self._workers:
            if any(run.id == run_id for run in worker.runs):
                worker.stop()

    def finished(self) -> list[TrainingResult]:
        """The attempts that ended since the last call. Also replaces workers that broke or have trained enough."""
        results: list[TrainingResult] = []
        for index, worker in enumerate(self._workers):
            ended = worker.finished()
            results += ended
            if not worker.busy:
                self._look_after(index, lost=any(result.cause for result in ended))
        look_often(any(worker.busy or not worker.warm for worker in self._workers))
        return results

    def measured(self) -> list[MeasuringResult]:
        """The measurement that ended since the last call, if one did."""
        results = []
        for index, worker in enumerate(self._workers):
            result = worker.measured()
            if result is not None:
                results.append(result)
                self._look_after(index, lost=bool(result.cause))
        return results

    def close(self) -> None:
        """Stop all workers and wait for them."""
        threads = [worker.close() for worker in [*self._workers, *self._successors.values()]]
        for thread in threads:
            thread.join(timeout=8)

    def _free_worker(self, keys: set[Hashable]) -> WorkerProcess:
        free = [worker for worker in self._workers if worker.free]
        return max(free, key=lambda worker: (len(keys & worker.graph_keys), -worker.tasks))

    def _look_after(self, index: int, *, lost: bool) -> None:
        worker, successor = self._workers[index], self._successors.get(index)
        if worker.failure is not None:
            self._replace_later(index, worker)
        elif lost or worker.broken:
            self._workers[index] = successor or self._new_worker()
            self._successors.pop(index, None)
            worker.close()
        elif worker.needs_renewal and successor is None:
            self._successors[index] = self._new_worker()  # the old one serves until this one is warm
        elif successor is not None and (successor.warm or successor.broken or successor.failure):
            del self._successors[index]
            if successor.warm:
                self._workers[index], successor = successor, worker
            successor.close()

    def _replace_later(self, index: int, worker: WorkerProcess) -> None:
        now = time.monotonic()
        if not worker.given_up:
            worker.given_up = True
            self._failures += 1
            pause = min(MAX_PAUSE_SECONDS, 2.0**self._failures)
            self._pause_until = max(self._pause_until, now + pause)
            logger.error(
                "A worker did not start; trying again in %.0f s. %s", pause, describe(worker.failure)
            )
        elif now >= self._pause_until:
            worker.close()
            self._workers[index] = self._new_worker()

    def _new_worker(self) -> WorkerProcess:
        settings = self._settings
        limits = (self._threads, settings.max_run_seconds)
        return WorkerProcess(self._context, settings.database_url, *limits, self._wake_dispatcher)

    def _wake_dispatcher(self, future: Future[Any]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._failures = 0
        self._wake.set()


def describe(error: BaseException | None) -> str:
    """An error with its trace in the worker, where there is one."""
    return str(getattr(error, "traceback", "") or repr(error))
