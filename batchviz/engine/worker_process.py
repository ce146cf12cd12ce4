"""One worker process and what is known of it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from multiprocessing.context import BaseContext
from threading import Thread
from typing import Any

from pebble import CONSTS, ProcessExpired, ProcessPool

from batchviz.engine import worker
from batchviz.engine.backend import MeasuringRequest, MeasuringResult, TrainingResult
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec

MIN_TASKS = 40
MAX_GROWN_BYTES = 64_000_000
"""A worker that has had so many runs or groups and has grown by more is replaced. TensorFlow keeps 1-2 MB of each
network that it compiles, and .16 MB of each run of one that it has compiled before; to start a process and to load it
takes two seconds of a core, during which the others train half as fast.
"""

# From asking a worker to end to killing it. What is recorded is safe in the database, and one that sits in a
# compilation hears nothing. Seen in Pebble 5.2.3, which takes it from this one place for all pools, and by no argument.
CONSTS.term_timeout = 0.5

LOOK_SECONDS = 0.1
IDLE_LOOK_SECONDS = 1.0


def look_often(often: bool) -> None:
    """Whether Pebble's threads, two a worker, look ten times a second who died or was cancelled.

    While nothing trains there is nobody to miss; results and new runs wake them at once either way.
    """
    CONSTS.sleep_unit = LOOK_SECONDS if often else IDLE_LOOK_SECONDS


class WorkerProcess:
    """A Pebble pool of one process.

    One, because a pool's workers share a pipe and its locks: one killed at the wrong moment blocks the
    others, and a killed idle worker breaks the pool. Pools of one break alone. And one can be chosen: a worker
    that has trained a shape before has it compiled.
    """

    def __init__(
        self,
        context: BaseContext,
        database_url: str,
        threads: int,
        max_seconds: float,
        wake: Callable[[Any], None],
    ) -> None:
        self._pool = ProcessPool(max_workers=1, context=context)
        self._wake = wake
        self.graph_keys: set[Hashable] = set()
        """Of what it has compiled."""
        self._future: Future[worker.WorkerReply] | None = None
        self.runs: Sequence[Run] = ()
        """What it trains: one run, or several together."""
        self.request: MeasuringRequest | None = None
        self.tasks = self._grown_bytes = 0
        self.given_up = False
        self._ready: Future[None] = Future()
        self._ready.add_done_callback(wake)
        # In a thread: the first process of all waits ten seconds for the fork server to import TensorFlow.
        prepared = (database_url, threads, max_seconds)
        Thread(target=self._open, args=prepared, name="open worker", daemon=True).start()

    @property
    def warm(self) -> bool:
        """Whether the worker can take a run without delay."""
        return self._ready.done() and self._ready.exception() is None

    @property
    def free(self) -> bool:
        """Warm and without work."""
        return not self.busy and self.warm and not self.broken

    @property
    def busy(self) -> bool:
        """Whether it trains a run or measures a clock."""
        return bool(self.runs) or self.request is not None

    @property
    def broken(self) -> bool:
        """Whether the process is gone."""
        return self._ready.done() and not self._pool.active

    @property
    def failure(self) -> BaseException | None:
        """Why warming up failed, None while it has not."""
        return self._ready.exception() if self._ready.done() else None

    @property
    def needs_renewal(self) -> bool:
        """Whether it is to be replaced."""
        return needs_renewal(self.tasks, self._grown_bytes)

    def train(self, runs: Sequence[Run]) -> None:
        """Give it a run, or several to train together. Only when free."""
        self.runs = runs
        self.tasks += 1
        self.graph_keys |= graph_keys([run.spec for run in runs])
        self._schedule(worker.train, runs)

    def measure(self, request: MeasuringRequest, holder: str, machine: str) -> None:
        """Have it measure a clock, or look into a run. Only when free."""
        self.request = request
        self.tasks += 1
        self.graph_keys.add(request.spec.graph_key())
        self._schedule(worker.measure, request, holder, machine)

    def finished(self) -> list[TrainingResult]:
        """The runs it is through with, once; empty while there are none."""
        if not self.runs or (ended := self._ended()) is None:
            return []
        runs, (reply, cause, trace) = self.runs, ended
        self.runs, self._future = (), None
        if reply is None:
            return [TrainingResult(run, cause, trace=trace) for run in runs]
        self._grown_bytes = reply.grown_bytes
        pairs = zip(runs, reply.results, strict=True)
        return [TrainingResult(run, "", result.unrecorded, result.trace) for run, result in pairs]

    def measured(self) -> MeasuringResult | None:
        """The measurement it is through with, once; None while there is none."""
        if self.request is None or (ended := self._ended()) is None:
            return None
        request, (reply, cause, trace) = self.request, ended
        self.request = self._future = None
        if reply is None:
            return MeasuringResult(request, cause, trace)
        self._grown_bytes = reply.grown_bytes
        return MeasuringResult(request, cause, reply.results[0].trace)

    def stop(self) -> None:
        """End the process with what it does; `finished` will tell."""
        if self._future is not None:
            self._future.cancel()

    def close(self) -> Thread:
        """Stop the process, in the background: it may take seconds to go."""

        def end() -> None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()

        thread = Thread(target=end, name="close worker", daemon=True)
        thread.start()
        return thread

    def _schedule(self, function: Callable[..., worker.WorkerReply], *arguments: Any) -> None:
        try:
            self._future = self._pool.schedule(function, args=arguments)
        except RuntimeError as error:  # the process died this very moment
            self._future = Future()
            self._future.set_exception(error)
        self._future.add_done_callback(self._wake)

    def _ended(self) -> tuple[worker.WorkerReply | None, str, str] | None:
        """What the worker told, the cause of its loss and that one's trace; None while it goes on."""
        future = self._future
        if future is None or not (future.done() or self.broken):
            return None
        if not future.done():
            return None, "its worker was gone", ""
        if future.cancelled():
            return None, "its worker did not react and was ended", ""
        error = future.exception()
        if error is None:
            return future.result(), "", ""
        return None, _cause(error), getattr(error, "traceback", "") or repr(error)

    def _open(self, *prepared: object) -> None:
        try:
            self._ready.set_result(self._pool.schedule(worker.warm_up, args=prepared).result())
        except BaseException as error:
            self._ready.set_exception(error)


def needs_renewal(tasks: int, grown_bytes: int) -> bool:
    """Whether a process that has had so many tasks and has come to hold so much more is to be replaced."""
    return tasks >= MIN_TASKS and grown_bytes > MAX_GROWN_BYTES


def graph_keys(specs: Sequence[RunSpec]) -> set[Hashable]:
    """What of a spec, or of several that are trained together, decides which compiled graphs they need.

    As many as a worker has are compiled there: 2 all of it, 1 the graph for other sizes.
    """
    spec = specs[0]
    graph = (*spec.graph_key(), *(("together",) if len(specs) > 1 else ()))
    return {graph, (*graph, len(specs), spec.rows, spec.validation_split, spec.batch_size)}


def _cause(error: BaseException) -> str:
    code = error.exitcode if isinstance(error, ProcessExpired) else None
    if code is not None and code < 0:
        return f"its worker was killed ({signal.Signals(-code).name})"
    if code is not None:
        return f"its worker ended by itself (exit code {code})"
    return "its worker was gone"
