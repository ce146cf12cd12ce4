"""Is the clock true? Five networks measured for real, against batch sizes it was not shown and runs timed alone.

In seconds of the processor, so that what else this machine does is left out of the runs as it is of the clock.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import pairwise
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from batchviz.experiment import datasets
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint
from batchviz.experiment.spec import RunSpec
from batchviz.training import fit, loop, use_threads
from batchviz.training.calibration import STOPWATCHES, measure
from batchviz.training.run import objective, seeded_model
from batchviz.training.stopwatch import LADDER, FitStopwatch, LoopStopwatch, Moment, drawn

NETWORKS = {
    "article": RunSpec(),
    "large": RunSpec(hidden=(128, 128), optimizer="sgd"),
    "batch norm": RunSpec(hidden=(16,), batch_norm=True, optimizer="momentum"),
    "digits": RunSpec(dataset="digits", hidden=(32,), activation="tanh"),
    "convolutions": RunSpec(dataset="digits", model="convnet", hidden=(4,), optimizer="sgd"),
}
HELD_OUT = (64,)
TOLERANCE = 1.3


class Measured(NamedTuple):
    spec: RunSpec
    clock: Clock
    held_out: tuple[ClockPoint, ...]


@pytest.fixture(scope="module")
def worker() -> Iterator[Executor]:
    """A process that computes on one thread, as a worker does on this machine.

    With two, XLA shares out the updates of a small network at batch size 1, which makes them slower.
    """
    with ProcessPoolExecutor(
        1, multiprocessing.get_context("spawn"), initializer=use_threads, initargs=(1,)
    ) as one:
        yield one


@pytest.fixture(scope="module", params=NETWORKS.values(), ids=NETWORKS)
def measured(request: pytest.FixtureRequest, worker: Executor) -> Measured:
    """The ladder and what is held out of the clock take turns, so that a machine that slows down slows both."""
    points = worker.submit(_points, ClockPath.LOOP, request.param, sorted({*LADDER, *HELD_OUT})).result()
    shown = tuple(each for each in points if each.batch_size in LADDER)
    held_out = tuple(each for each in points if each.batch_size in HELD_OUT)
    return Measured(request.param, Clock("", ClockPath.LOOP, "", 0.0, shown), held_out)


def _points(path: ClockPath, spec: RunSpec, sizes: Sequence[int]) -> tuple[ClockPoint, ...]:
    points = measure(STOPWATCHES[path](spec), sizes)
    assert points is not None
    return points


def near(one: float, other: float) -> bool:
    return max(one, other) / min(one, other) < TOLERANCE


def test_more_examples_take_more_time_within_the_interval(measured: Measured) -> None:
    points = measured.clock.points
    assert [each.batch_size for each in points] == list(LADDER)
    assert points[-1].low > points[0].high
    for smaller, larger in pairwise(points):
        assert smaller.low <= larger.high
    for each in points:
        assert near(measured.clock.seconds_per_update(each.batch_size), each.seconds)


def test_a_batch_size_that_was_not_measured_is_predicted(measured: Measured) -> None:
    assert [each.batch_size for each in measured.held_out] == list(HELD_OUT)
    for each in measured.held_out:
        assert near(measured.clock.seconds_per_update(each.batch_size), each.seconds), each


@pytest.mark.parametrize("measured", [NETWORKS["article"]], ids=["article"], indirect=True)
def test_runs_timed_alone_come_in_the_order_of_the_clock(measured: Measured, worker: Executor) -> None:
    """Of equal epochs and of equal updates: 1,000 rows at batch size 1 never again beat those at 8."""
    alone = worker.submit(_alone, measured.spec, (1, 8)).result()
    clock = measured.clock.seconds_per_update
    assert alone[1] > alone[8]
    assert 10_000 * clock(1) > 1_250 * clock(8)
    assert alone[1] / 10_000 < alone[8] / 1_250
    assert clock(1) < clock(8)


def _alone(spec: RunSpec, sizes: Sequence[int]) -> dict[int, float]:
    """Seconds of ten epochs of 1,000 rows by `fit`, on the path of the clock; the quickest of four runs."""
    loop.time = SimpleNamespace(perf_counter=time.process_time)  # type: ignore[assignment]
    x, y = datasets.load(spec.dataset, 1000, spec.noise, spec.data_seed)
    model = seeded_model(spec)
    model.compile(optimizer=spec.optimizer, **objective(spec))
    ours, compiled = loop.Loop(model, x, y), LoopStopwatch(spec).compiled
    return {
        size: min(
            fit(model, x, y, batch_size=size, epochs=10, compiled=compiled, loop=ours).progress.seconds
            for _ in range(4)
        )
        for size in sizes
    }


def test_the_clock_of_keras_fit_is_another_and_orders_runs_of_fit(worker: Executor) -> None:
    points = worker.submit(_points, ClockPath.FIT, NETWORKS["article"], (1, 8, 64, 512)).result()
    clock = Clock("", ClockPath.FIT, "", 0.0, tuple(each for each in points if each.batch_size != 64))
    assert near(clock.seconds_per_update(64), next(p.seconds for p in points if p.batch_size == 64))
    assert clock.seconds_per_update(1) > 1e-4, "no loop of ours"
    assert 64 * clock.seconds_per_update(8) > 8 * clock.seconds_per_update(64)
    alone = worker.submit(_epochs_of_fit, NETWORKS["article"], (8, 64)).result()
    assert alone[8] > alone[64]


def _epochs_of_fit(spec: RunSpec, sizes: Sequence[int]) -> dict[int, float]:
    """Seconds of an epoch of 512 rows; the quickest of three that follow one thrown away."""
    model, (x, y) = FitStopwatch(spec).model, drawn(spec, 512)
    quickest = {}
    for size in sizes:
        seconds = []
        for _ in range(4):
            begun = Moment.now()
            model.fit(x, y, batch_size=size, epochs=1, verbose=0)
            seconds.append(begun.seconds_since())
        quickest[size] = min(seconds[1:])
    return quickest
