"""The worker processes of this machine."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from concurrent.futures import Future
from typing import Any

from batchviz.engine.environment import tensorflow_environment
from batchviz.engine.worker_process import TrainingResult, WorkerProcess
from batchviz.experiment.records import Run
from batchviz.settings import Settings

logger = logging.getLogger(__name__)

MAX_PAUSE_SECONDS = 30.0
"""Seconds between attempts at starting a worker that will not start."""


class LocalBackend:
    """As many seats as the settings say. Not thread-safe; sets `wake` when something ended."""

    def __init__(self, settings: Settings, wake: threading.Event) -> None:
        os.environ.update(tensorflow_environment(settings.data_dir))
        context = multiprocessing.get_context(settings.start_method)
        if settings.start_method == "forkserver":
            context.set_forkserver_preload(["batchviz.engine.preload"])
        self._context, self._settings, self._wake = context, settings, wake
        self._threads = max(1, (os.cpu_count() or 1) // settings.workers)
        self._failures = 0
        self._pause_until = 0.0
        self._seats = [self._seat() for _ in range(settings.workers)]
        self._successors: dict[int, WorkerProcess] = {}

    @property
    def size(self) -> int:
        """Runs at a time."""
        return self._settings.workers

    @property
    def state(self) -> str:
        """Ready when a run would be trained, warming until then, down when workers keep failing to start."""
        if any(seat.warm for seat in self._seats):
            return "ready"
        return "down" if self._failures >= 3 else "warming"

    @property
    def free(self) -> int:
        """How many runs would be trained at once."""
        return sum(seat.free for seat in self._seats)

    @property
    def runs(self) -> list[Run]:
        """What is being trained."""
        return [seat.run for seat in self._seats if seat.run is not None]

    def train(self, run: Run) -> None:
        """Hand a run to a free seat, best to one that has compiled its graph before."""
        seats = [seat for seat in self._seats if seat.free]
        max(seats, key=lambda seat: (seat.cache_affinity(run.spec), -seat.runs)).train(run)

    def kill(self, run_id: str) -> None:
        """End the worker that trains a run, and the run with it."""
        for seat in self._seats:
            if seat.run is not None and seat.run.id == run_id:
                seat.kill()

    def settled(self) -> list[TrainingResult]:
        """The attempts that ended since the last call. Also replaces workers that broke or are worn."""
        ended = []
        for index, seat in enumerate(self._seats):
            settled = seat.settled()
            if settled is not None:
                ended.append(settled)
            if seat.run is None:
                self._look_after(index, lost=settled is not None and bool(settled.cause))
        return ended

    def close(self) -> None:
        """Stop all workers and wait for them."""
        threads = [seat.close() for seat in [*self._seats, *self._successors.values()]]
        for thread in threads:
            thread.join(timeout=8)

    def _look_after(self, index: int, *, lost: bool) -> None:
        seat, successor = self._seats[index], self._successors.get(index)
        if seat.failure is not None:
            self._replace_later(index, seat)
        elif lost or seat.broken:
            self._seats[index] = successor or self._seat()
            self._successors.pop(index, None)
            seat.close()
        elif seat.needs_recycling and successor is None:
            self._successors[index] = self._seat()  # the worn one serves until this one is warm
        elif successor is not None and (successor.warm or successor.broken or successor.failure):
            del self._successors[index]
            if successor.warm:
                self._seats[index], successor = successor, seat
            successor.close()

    def _replace_later(self, index: int, seat: WorkerProcess) -> None:
        now = time.monotonic()
        if not seat.given_up:
            seat.given_up = True
            self._failures += 1
            pause = min(MAX_PAUSE_SECONDS, 2.0**self._failures)
            self._pause_until = max(self._pause_until, now + pause)
            logger.error("A worker did not start; trying again in %.0f s. %s", pause, describe(seat.failure))
        elif now >= self._pause_until:
            seat.close()
            self._seats[index] = self._seat()

    def _seat(self) -> WorkerProcess:
        return WorkerProcess(self._context, self._settings.database_url, self._threads, self._rouse)

    def _rouse(self, future: Future[Any]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._failures = 0
        self._wake.set()


def describe(error: BaseException | None) -> str:
    """An error with its trace in the worker, where there is one."""
    return str(getattr(error, "traceback", "") or repr(error))
