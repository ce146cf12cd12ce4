"""Training the runs of a sweep: here one after another, or in processes of their own, one a core.

The seeds and rates of one batch size are trained together, as one computation, where the network allows it
(`experiment.replica_groups`): such runs equal those that training each alone gives within 1e-5. What cannot be trained
together is trained one by one, by the same code and to the same bits as alone; a process is then given the rates of
one batch size and seed, because they share what is compiled.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Self

from batchviz.errors import BatchVizError
from batchviz.experiment.clock import Clock, ClockPath, clock_key
from batchviz.experiment.cost import cost
from batchviz.experiment.environment import machine_name
from batchviz.experiment.plan import plan_for
from batchviz.experiment.probes import Numbers, Probe
from batchviz.experiment.replica_groups import groups
from batchviz.experiment.spec import RunSpec
from batchviz.notebook.swept_run import SweptRun, train_together

LOOK_SECONDS = 0.1
"""Between looks whether to stop."""

MAX_CLOCK_SECONDS = 30.0
"""For a measurement, the wait for other work to end included."""

Task = tuple[RunSpec, tuple[int, ...]]
"""A run, and the updates after which it is measured."""
Group = tuple[list[RunSpec], tuple[int, ...]]
"""Runs that are trained together, or one, and the updates after which they are measured, being of one batch size."""

_stop: Any = None
_clocks: dict[tuple[str | None, str], Clock] = {}
"""Measured by this process, by network and machine."""


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
        for group in _groups(tasks):
            if self._should_stop():
                return
            yield from _train_group(group, self._should_stop)

    def measure(self, probes: Sequence[Probe]) -> Iterator[tuple[Probe, Numbers]]:
        """Each probe as it is carried out, none beside another: some of them measure time. None after `should_stop`."""
        for probe in probes:
            if self._should_stop():
                return
            yield probe, self._carry_out(probe)

    def clock(self, spec: RunSpec) -> Clock | None:
        """What an update of this network takes, in the process that trains: measured once, while nothing else trains.

        None after `should_stop`, and where other work of this machine does not end soon.
        """
        if self._should_stop():
            return None
        if self._workers == 1:
            return _clock(spec, self.machine, self._should_stop)
        with _ended_processes_explained():
            measured = self._processes().submit(_clock, spec, self.machine)
            while not measured.done():
                concurrent.futures.wait([measured], LOOK_SECONDS)
                if self._should_stop():
                    self._stop.set()
            return measured.result()

    @property
    def machine(self) -> str:
        """This one, and the threads that a run has of it."""
        return machine_name(1 if self._workers > 1 else os.cpu_count() or 1)

    def _carry_out(self, probe: Probe) -> Numbers:
        if self._workers == 1:
            return _measure(probe)
        with _ended_processes_explained():
            return self._processes().submit(_measure, probe).result()

    def _processes(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers, self._context, initializer=_begin, initargs=(self._stop,)
            )
        return self._pool

    def _in_processes(self, tasks: Sequence[Task]) -> Iterator[SweptRun]:
        pool = self._processes()
        with _ended_processes_explained():
            waiting: set[Future[list[SweptRun]]] = {
                pool.submit(_train_in_process, work) for work in _shares(_groups(tasks))
            }
            while waiting:
                done, waiting = concurrent.futures.wait(
                    waiting, LOOK_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED
                )
                if self._should_stop():
                    self._stop.set()
                for future in done:
                    yield from future.result()


@contextmanager
def _ended_processes_explained() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool:
        raise BatchVizError(
            "A process that trained was ended from outside. Too little memory is the usual cause: use fewer "
            "workers. What had ended is kept; give the same command again to go on."
        ) from None


def _groups(tasks: Sequence[Task]) -> list[Group]:
    """The tasks that are trained together, in the order in which the first of each group stands."""
    measured = dict(tasks)
    return [(group, measured[group[0]]) for group in groups([spec for spec, _ in tasks])]


def _shares(groups: Sequence[Group]) -> list[list[Group]]:
    """What a process is given at once: a group, or all runs of one batch size and seed that are trained alone.

    What takes longest comes first, so that no process is left with it while the others have nothing more to do.
    """
    shares: dict[Any, list[Group]] = {}
    for specs, measure_at in groups:
        first = specs[0]
        key = first if len(specs) > 1 else (first.batch_size, first.seed)
        shares.setdefault(key, []).append((specs, measure_at))
    return sorted(shares.values(), key=_expected_seconds, reverse=True)


def _expected_seconds(share: Sequence[Group]) -> float:
    total = 0.0
    for specs, _ in share:
        expected = cost(plan_for(specs[0]))
        total += expected.calls + len(specs) * (expected.typical - expected.calls)
    return total


def _begin(stop: Any) -> None:
    """Of a process: Ctrl-C reaches all, and the first one decides."""
    global _stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)  # whatever libraries print is no part of the result
    _stop = stop
    from batchviz.training import use_threads

    use_threads(1)


def _train_in_process(groups: list[Group]) -> list[SweptRun]:
    return [run for group in groups for run in _train_group(group, _stop.is_set)]


def _measure(probe: Probe) -> Numbers:
    from batchviz.training.probes import carry_out

    return carry_out(probe)


def _clock(spec: RunSpec, machine: str, should_stop: Callable[[], bool] | None = None) -> Clock | None:
    from batchviz.training import calibrate

    should_stop, until = should_stop or _stop.is_set, time.monotonic() + MAX_CLOCK_SECONDS
    key = (clock_key(spec), machine)
    if key not in _clocks:
        clock = calibrate(spec, ClockPath.LOOP, machine, lambda: should_stop() or time.monotonic() > until)
        if clock is None or not clock.steady:
            return clock
        _clocks[key] = clock
    return _clocks[key]


def _train_group(group: Group, should_stop: Callable[[], bool]) -> list[SweptRun]:
    specs, measure_at = group
    return train_together(specs, measure_at, should_stop)
