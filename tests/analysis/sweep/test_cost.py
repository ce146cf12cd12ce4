"""What an update costs: the line's error at sizes that were left out, on known constants and on real clocks."""

import math

import numpy as np
import pytest

from batchviz.analysis.sweep.cost import MAX_HELD_OUT, cost, held_out
from batchviz.analysis.sweep.memory import Fit, growth, largest_that_fits
from batchviz.experiment.clock import ClockPoint
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from tests.analysis.sweep import real
from tests.analysis.sweep.made import ladder_clock

SIZES = (1, 8, 64, 800)


def test_constants_and_the_size_of_half_the_throughput_are_recovered_from_noisy_times():
    off = []
    for seed in range(100):
        found = cost(ladder_clock(5e-6, 8e-8, noise=0.05, seed=seed), SIZES)
        off.append((found.line.overhead / 5e-6 - 1, found.line.per_example / 8e-8 - 1, found.half / 62.5 - 1))
    assert np.quantile(np.abs(off), 0.9, axis=0).max() <= 0.15


def test_a_size_left_out_is_predicted_within_thirty_per_cent_at_ten_per_cent_of_noise():
    errors = [cost(ladder_clock(5e-6, 8e-8, noise=0.1, seed=seed), SIZES).error for seed in range(100)]
    assert np.quantile(errors, 0.9) <= MAX_HELD_OUT


@pytest.mark.parametrize("network", real.CLOCKS)
def test_on_real_networks_every_size_left_out_is_predicted_within_thirty_per_cent(network):
    found = cost(real.clocks()[network], SIZES)
    assert found.error <= MAX_HELD_OUT
    assert found.trusted
    assert len(found.held_out) == 8


def test_a_size_is_predicted_without_its_own_time():
    """Of an exact line one time is taken ten times as long: the line through the others knows nothing of it."""
    points = [
        ClockPoint(64, *[10 * point.seconds] * 3) if point.batch_size == 64 else point
        for point in ladder_clock(5e-6, 8e-8).points
    ]
    assert held_out(points)[64] == pytest.approx(0.1 - 1)


def test_times_that_are_no_line_tell_no_size_of_half_the_throughput():
    """A cache too small from 64 on: eight times the time."""
    clock = ladder_clock(5e-6, 8e-8)
    points = tuple(
        point if point.batch_size < 64 else type(point)(point.batch_size, *[8 * point.seconds] * 3)
        for point in clock.points
    )
    found = cost(type(clock)(clock.network, clock.path, clock.machine, clock.measured, points), SIZES)
    assert found.error > MAX_HELD_OUT
    assert not found.trusted


def test_without_overhead_there_is_no_such_size():
    found = cost(ladder_clock(5e-6, 0.0), SIZES)
    assert not found.trusted
    assert cost(ladder_clock(0.0, 1e-7), SIZES).trusted is False


def test_throughput_is_examples_over_seconds():
    found = cost(ladder_clock(4e-6, 1e-7), (8, 64))
    assert found.throughput[64][0] == pytest.approx(64 / (4e-6 + 64e-7), rel=1e-3)


def test_memory_grows_between_the_smallest_and_the_largest_size():
    ladder = [Fit(size, 1000 + 10 * size, 1000 + 20 * size, 5e8 + 15 * size, True, False) for size in SIZES]
    found = growth(ladder)
    assert (found.low, found.high, found.measured) == (10, 20, pytest.approx(15))
    assert growth(ladder[:1]) is None


def test_the_largest_size_that_fits_leaves_room_for_what_does_not_grow():
    memory = plan_for(RunSpec(batch_size=1)).memory
    fixed = memory.high - memory.activations_high
    assert largest_that_fits(RunSpec(), fixed + 1000, 136) == 7
    assert largest_that_fits(RunSpec(), fixed, 136) is None
    assert largest_that_fits(RunSpec(), math.inf, 0) is None
