"""Is the clock true? Five networks measured for real, against batch sizes it was not shown and runs timed alone.

In seconds of the processor, so that what else this machine does is left out of the runs as it is of the clock.
"""

from __future__ import annotations

import functools
import math
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import combinations
from types import SimpleNamespace
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from batchviz.analysis.comparison import compare
from batchviz.analysis.pace import Clocks, pace
from batchviz.experiment import datasets, optimizers
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint, clock_key
from batchviz.experiment.limits import MAX_SCATTER
from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.training import fit, loop, use_threads
from batchviz.training.calibration import STOPWATCHES, measure
from batchviz.training.run import cached_model, objective, seeded_model
from batchviz.training.stopwatch import STEADY_FROM, FitStopwatch, LoopStopwatch, Moment
from tests.analysis.recorded import training

NETWORKS = {
    "article": RunSpec(),
    "large": RunSpec(hidden=(128, 128), optimizer="sgd"),
    "batch norm": RunSpec(hidden=(16,), batch_norm=True, optimizer="momentum"),
    "digits": RunSpec(dataset="digits", hidden=(32,), activation="tanh"),
    "convolutions": RunSpec(dataset="digits", model="convnet", hidden=(4,), optimizer="sgd"),
}
HELD_OUT = {
    "article": (6, 32),
    "large": (6, 128),
    "batch norm": (8, 512),
    "digits": (5, 128),
    "convolutions": (8, 512),
}
TOLERANCE = 1.3
PLACEMENT = 1.15
"""Where in memory the code and the weights of a process came to lie: an update of two examples took 10.4 to 11.9
microseconds in seven processes of a quiet machine, one of three 10.6 to 11.1. What lies closer cannot be told apart.
"""
MEASUREMENTS = 3
"""At the most: what says of itself that it was disturbed is measured again, and the quickest counts, as in one."""


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


@pytest.fixture(scope="module")
def of_network(worker: Executor) -> Callable[[str], Measured]:
    """What was measured of a network, once for all tests, in whichever order they ask."""
    return functools.cache(
        lambda name: worker.submit(_measured, ClockPath.LOOP, name, HELD_OUT[name]).result()
    )


@pytest.fixture(params=NETWORKS)
def measured(request: pytest.FixtureRequest, of_network: Callable[[str], Measured]) -> Measured:
    return of_network(request.param)


@pytest.fixture(scope="module")
def measured_fit(worker: Executor) -> Measured:
    return worker.submit(_measured, ClockPath.FIT, "digits", (4, 512)).result()


def _measured(path: ClockPath, name: str, held_out: Sequence[int]) -> Measured:
    """The ladder and what is held out of the clock take turns, so that a machine that slows down slows both."""
    spec = NETWORKS[name]
    stopwatch = STOPWATCHES[path](spec)
    quickest: dict[int, ClockPoint] = {}
    for _ in range(MEASUREMENTS):
        points = measure(stopwatch, sorted({*stopwatch.ladder, *held_out}))
        assert points is not None
        for each in points:
            quickest[each.batch_size] = min(
                each, quickest.get(each.batch_size, each), key=lambda p: p.seconds
            )
        if all(each.scatter <= MAX_SCATTER for each in points):
            break
    shown = tuple(quickest[size] for size in stopwatch.ladder)
    clock = Clock(clock_key(spec) or "", path, "", 0.0, shown)
    return Measured(spec, clock, tuple(quickest[size] for size in held_out))


def near(one: float, other: float) -> bool:
    return max(one, other) / min(one, other) < TOLERANCE


def test_more_examples_take_more_time_within_the_interval(measured: Measured) -> None:
    points = measured.clock.points
    assert [each.batch_size for each in points] == list(LoopStopwatch.ladder)
    _rise(measured)


def test_a_batch_size_that_was_not_measured_is_predicted(measured: Measured) -> None:
    _predicts(measured)


def test_the_clock_of_keras_fit_rises_and_predicts_as_well(measured_fit: Measured) -> None:
    assert [each.batch_size for each in measured_fit.clock.points] == list(FitStopwatch.ladder)
    assert measured_fit.clock.seconds_per_update(1) > 1e-4, "no loop of ours"
    _rise(measured_fit)
    _predicts(measured_fit)


def _rise(measured: Measured) -> None:
    points = measured.clock.points
    assert points[-1].seconds > points[0].seconds
    for smaller, larger in combinations(points, 2):
        far = larger.batch_size >= 4 * smaller.batch_size
        assert smaller.low <= larger.high * (1 if far else PLACEMENT), (smaller, larger)
    for each in points:
        assert near(measured.clock.seconds_per_update(each.batch_size), each.seconds)


def _predicts(measured: Measured) -> None:
    assert len(measured.held_out) == 2
    for each in measured.held_out:
        assert near(measured.clock.seconds_per_update(each.batch_size), each.seconds), each


@pytest.mark.parametrize("measured", ["article"], indirect=True)
def test_runs_timed_alone_come_in_the_order_of_the_clock(measured: Measured, worker: Executor) -> None:
    """Of equal epochs and of equal updates: 1,000 rows at batch size 1 never again beat those at 8."""
    alone = worker.submit(_epochs_alone, measured.spec, (1, 8)).result()
    clock = measured.clock.seconds_per_update
    assert alone[1] > alone[8]
    assert 10_000 * clock(1) > 1_250 * clock(8)
    assert alone[1] / 10_000 < alone[8] / 1_250
    assert clock(1) < clock(8)


@pytest.mark.parametrize("measured", ["digits"], indirect=True)
def test_losses_at_equal_seconds_rank_as_those_of_runs_stopped_by_the_time(
    measured: Measured, worker: Executor
) -> None:
    _rank_alike(worker.submit(_equal_seconds, measured.clock, 1_000).result())


def test_losses_at_equal_seconds_of_keras_fit_rank_as_those_of_its_own_runs(
    measured_fit: Measured, worker: Executor
) -> None:
    _rank_alike(worker.submit(_equal_seconds, measured_fit.clock, 200).result())


class Ranked(NamedTuple):
    """Validation losses by batch size and seed: as the page tells them, and of runs that ended with the time."""

    page: dict[int, dict[int, float]]
    alone: dict[int, dict[int, float]]


def _rank_alike(ranked: Ranked) -> None:
    """Pairs that the page resolves: every seed says the same."""
    resolved = 0
    for one, other in combinations(ranked.page, 2):
        below = {ranked.page[one][seed] < value for seed, value in ranked.page[other].items()}
        if len(below) == 1:
            resolved += 1
            alone = [math.fsum(ranked.alone[size].values()) for size in (one, other)]
            assert (alone[0] < alone[1]) is below.pop(), (one, other, ranked)
    assert resolved > 1, ranked


def _equal_seconds(clock: Clock, updates_of_one: int) -> Ranked:
    """The updates that the clock gives each batch size, compared by the page; and runs that have the time itself.

    The time is that of some updates at batch size 1, on any machine: far from where the curves of 1 and 256 cross.
    """
    seconds = updates_of_one * clock.seconds_per_update(1)
    base = next(spec for spec in NETWORKS.values() if clock_key(spec) == clock.network)
    alone = _LoopAlone(base) if clock.path is ClockPath.LOOP else _FitAlone(base)
    sizes, seeds = (1, 16, 256), range(3)
    specs = []
    for size in sizes:
        endless = base.replace(batch_size=size, budget_unit="updates", budget=10**5)
        updates = pace(plan_for(endless), clock).updates_within(seconds)
        specs += [endless.replace(budget=updates, seed=seed) for seed in seeds]
    runs, series = training(specs)
    comparison = compare(runs, series, unit="seconds", clocks=Clocks(clock.path, {clock.network: clock}))
    return Ranked(
        {place.group.batch_size: dict(place.values) for place in comparison.ranking.places},
        {
            size: {seed: alone.loss(base.replace(batch_size=size, seed=seed), seconds) for seed in seeds}
            for size in sizes
        },
    )


class _Rows:
    """The rows of a spec, the orders of many epochs one after another in one: what is between epochs is on no clock."""

    EPOCHS = 40

    def __init__(self, spec: RunSpec) -> None:
        x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
        self.count = plan_for(spec).training_rows
        self.training, self.validation = (
            (x[: self.count], y[: self.count]),
            (x[self.count :], y[self.count :]),
        )

    def in_order(self, seed: int) -> tuple[NDArray[Any], NDArray[Any]]:
        orders = [order(self.count, seed=seed, epoch=epoch) for epoch in range(self.EPOCHS)]
        x, y = (values[np.concatenate(orders)] for values in self.training)
        return x, y


class _LoopAlone:
    """Runs of the loop that end with the time, on the path of the clock."""

    def __init__(self, spec: RunSpec) -> None:
        self.rows, self.entry = _Rows(spec), cached_model(spec)
        self.compiled = LoopStopwatch(spec).compiled
        self.called: set[int] = set()
        loop.time = SimpleNamespace(perf_counter=time.process_time)  # type: ignore[assignment]

    def loss(self, spec: RunSpec, seconds: float) -> float:
        """The validation loss when the time is up; a first call is no part of it."""
        size = int(spec.batch_size)
        if size not in self.called:
            self.called.add(size)
            self.loss(spec, seconds / 10)
        self.entry.start_from(spec)
        recording = fit(
            self.entry.model, *self.rows.in_order(spec.seed), batch_size=size, shuffle=False, epochs=None,
            seconds=seconds, validation_data=self.rows.validation, compiled=self.compiled, loop=self.entry.loop,
            learning_rate=lambda epoch: spec.learning_rate,
        )  # fmt: skip
        return recording.history["val_loss"][-1]


class _FitAlone:
    """Runs of Keras' own `fit` that are told to stop when the time is up."""

    def __init__(self, spec: RunSpec) -> None:
        self.rows, self.model = _Rows(spec), seeded_model(spec)
        optimizer = optimizers.build(spec.optimizer, learning_rate=spec.learning_rate, momentum=spec.momentum)
        self.model.compile(optimizer=optimizer, **objective(spec))
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = [variable.numpy() for variable in self.model.optimizer.variables]

    def loss(self, spec: RunSpec, seconds: float) -> float:
        """The validation loss when the time is up; the first batches, with their tracing, are no part of it."""
        x, y = self.rows.in_order(spec.seed)
        self.model.set_weights(seeded_model(spec).get_weights())
        for variable, value in zip(self.model.optimizer.variables, self.start, strict=True):
            variable.assign(value)
        stop = _StopAfter(seconds)
        self.model.fit(x, y, batch_size=int(spec.batch_size), shuffle=False, verbose=0, callbacks=[stop])
        return float(self.model.evaluate(*self.rows.validation, verbose=0, return_dict=True)["loss"])


class _StopAfter(keras.callbacks.Callback):  # type: ignore[misc]
    """Ends training when the time since the first batches is up."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.begun: Moment | None = None

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if batch == STEADY_FROM:
            self.begun = Moment.now()
        elif self.begun is not None and Moment.now().seconds_from(self.begun) > self.seconds:
            self.model.stop_training = True


def _epochs_alone(spec: RunSpec, sizes: Sequence[int]) -> dict[int, float]:
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
