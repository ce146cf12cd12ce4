"""Training the runs of a sweep: here one after another, or in processes of their own, one a core.

A process is given the seeds and rates of one batch size together, because they share what is compiled.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Self

from batchviz.errors import BatchVizError
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.notebook.swept_run import SweptRun, train, unrecorded

LOOK_SECONDS = 0.1
"""Between looks whether to stop."""
STOPPED = "Stopped before it began."

Task = tuple[RunSpec, tuple[int, ...]]
"""A run, and the updates after which it is measured."""

_stop: Any = None


class Trainer:
    """Trains lists of runs, one list after the other; processes are started for the first and kept until the end."""

    def __init__(self, workers: int, should_stop: Callable[[], bool]) -> None:
        self._workers, self._should_stop = workers, should_stop
        self._context = multiprocessing.get_context("spawn")  # TensorFlow does not survive a fork
        self._stop = self._context.Event()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def train(self, tasks: Sequence[Task]) -> Iterator[SweptRun]:
        """Each run as it ends. After `should_stop` those under way are handed on as stopped, and no other begins."""
        if self._workers > 1 and len(tasks) > 1:
            yield from self._in_processes(tasks)
            return
        for spec, measure_at in tasks:
            if self._should_stop():
                return
            yield train(spec, measure_at, self._should_stop)

    def _in_processes(self, tasks: Sequence[Task]) -> Iterator[SweptRun]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers, self._context, initializer=_begin, initargs=(self._stop,)
            )
        pool = self._pool
        try:
            waiting: set[Future[list[SweptRun]]] = {
                pool.submit(_train_group, group) for group in groups(tasks)
            }
            while waiting:
                done, waiting = concurrent.futures.wait(
                    waiting, LOOK_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED
                )
                if self._should_stop():
                    self._stop.set()
                for future in done:
                    yield from future.result()
        except BrokenProcessPool:
            raise BatchVizError(
                "A process that trained was ended from outside. Too little memory is the usual cause: use fewer "
                "workers. What had ended is kept; give the same command again to go on."
            ) from None


def groups(tasks: Sequence[Task]) -> list[list[Task]]:
    """The tasks of one batch size and seed, in the order in which the first of each stands."""
    grouped: dict[Any, list[Task]] = {}
    for task in tasks:
        grouped.setdefault((task[0].batch_size, task[0].seed), []).append(task)
    return list(grouped.values())


def _begin(stop: Any) -> None:
    """Of a process: Ctrl-C reaches all, and the first one decides."""
    global _stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)  # whatever libraries print is no part of the result
    _stop = stop
    from batchviz.training import use_threads

    use_threads(1)


def _train_group(tasks: list[Task]) -> list[SweptRun]:
    runs = []
    for spec, measure_at in tasks:
        if _stop.is_set():
            runs.append(unrecorded(spec, measure_at, STOPPED, Status.STOPPED))
        else:
            runs.append(train(spec, measure_at, _stop.is_set))
    return runs
