"""Calibration, first with stopwatches that tell what they are told, then with real training."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from batchviz.errors import SpecError
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.limits import MAX_SCATTER
from batchviz.experiment.spec import RunSpec
from batchviz.training import calibration
from batchviz.training.calibration import calibrate, measure


class Told:
    """A stopwatch of `overhead + per_example B`, times what `disturbance` says at each reading."""

    def __init__(self, disturbance: Callable[[], float], overhead: float = 1e-5, per_example: float = 1e-7):
        self.disturbance, self.line = disturbance, (overhead, per_example)
        self.prepared: list[int] = []
        self.readings = 0

    def prepare(self, batch_size: int) -> None:
        self.prepared.append(batch_size)

    def repeats(self, batch_size: int) -> list[float]:
        assert batch_size in self.prepared
        self.readings += 1
        return [(self.line[0] + self.line[1] * batch_size) * self.disturbance()]


SIZES = (1, 32, 1024)


def test_a_steady_machine_is_measured_the_least_number_of_times() -> None:
    stopwatch = Told(lambda: 1.0)
    points = measure(stopwatch, SIZES)
    assert points is not None
    assert [(p.batch_size, p.seconds) for p in points] == [(b, 1e-5 + 1e-7 * b) for b in SIZES]
    assert stopwatch.readings == len(SIZES) * (calibration.MIN_REPEATS + 2)


def test_other_work_on_the_machine_does_not_reach_the_clock() -> None:
    """Half of all repeats take up to five times as long."""
    random = np.random.default_rng(0)
    stopwatch = Told(lambda: 1 + 4 * max(0.0, random.uniform(-1, 1)))
    points = measure(stopwatch, SIZES)
    assert points is not None
    for each in points:
        assert each.low <= 1e-5 + 1e-7 * each.batch_size == pytest.approx(each.seconds, rel=0.02)


def test_repeats_that_scatter_are_measured_again_and_then_said_to() -> None:
    random = np.random.default_rng(0)
    stopwatch = Told(lambda: random.uniform(1, 3))
    points = measure(stopwatch, SIZES)
    assert points is not None
    assert stopwatch.readings >= len(SIZES) * calibration.MAX_REPEATS
    assert max(each.scatter for each in points) > MAX_SCATTER


def test_a_disturbance_that_ends_is_waited_out() -> None:
    count = itertools.count()
    stopwatch = Told(lambda: 1 + (next(count) < 40) * (next(count) % 3))
    points = measure(stopwatch, SIZES)
    assert points is not None
    assert calibration.MIN_REPEATS < stopwatch.readings / len(SIZES) < calibration.MAX_REPEATS
    assert all(each.scatter <= MAX_SCATTER for each in points)


def test_batch_sizes_that_take_too_long_are_left_to_the_line() -> None:
    stopwatch = Told(lambda: 1.0, overhead=0.1, per_example=0.01)
    points = measure(stopwatch, (1, 8, 32, 1024))
    assert points is not None
    assert [each.batch_size for each in points] == [1, 8]
    assert 1024 not in stopwatch.prepared


def test_it_stops_when_somebody_wants_to_train() -> None:
    asked = itertools.count()
    stopwatch = Told(lambda: 1.0)
    assert measure(stopwatch, SIZES, lambda: next(asked) > 10) is None
    assert stopwatch.readings < len(SIZES) * calibration.MIN_REPEATS


def test_what_was_trained_elsewhere_cannot_be_measured() -> None:
    with pytest.raises(SpecError, match="trained elsewhere"):
        calibrate(RunSpec.parse({"dataset": "elsewhere.abcdef.1000.1", "rows": 1000}), ClockPath.LOOP, "here")
