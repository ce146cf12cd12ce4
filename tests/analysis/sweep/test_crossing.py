"""Updates to a target against curves whose crossing is known, smooth and noisy."""

import math

import numpy as np
import pytest

from batchviz.analysis.sweep.crossing import crossing
from batchviz.analysis.sweep.runs import LossCurve
from tests.analysis.sweep.made import moments


def curve(values, updates=None):
    values = np.array(values, float)
    at = np.arange(len(values), dtype=float) if updates is None else np.array(updates, float)
    return LossCurve(at, at * 8, values)


@pytest.mark.parametrize("ratio", [1.25, 2.0, 3.0])
def test_between_near_measurements_the_line_in_logarithms_is_read(ratio):
    """Of a power law exactly, since that is such a line."""
    at = moments(100_000, ratio)[1:]
    found = crossing(curve(3 * at**-0.5, at), 0.05)
    assert found.at == pytest.approx(3600, rel=1e-6)
    assert found.low < 3600 <= found.high


def test_measurements_far_apart_tell_an_interval_and_no_more():
    found = crossing(curve([1, 0.9, 0.2, 0.1], [0, 10, 50, 200]), 0.5)
    assert (found.low, found.high, found.at) == (10, 50, None)
    first = crossing(curve([1, 0.4, 0.3], [0, 100, 200]), 0.5)
    assert (first.low, first.high, first.at) == (0, 100, None), "the start has no logarithm"
    assert crossing(curve([1, 0.4, 0.3], [0, 1, 2]), 0.5).at == 1


def test_a_target_that_is_never_reached_has_no_crossing():
    assert crossing(curve([1, 0.8, 0.6]), 0.5) is None
    assert crossing(curve([]), 0.5) is None


def test_one_lucky_measurement_is_no_arrival():
    assert crossing(curve([1, 0.9, 0.4, 0.9, 0.8, 0.45, 0.4, 0.4]), 0.5).high == 5
    assert crossing(curve([1, 0.9, 0.45]), 0.5).high == 2, "the last measurement stands for itself"


def test_a_curve_that_starts_below_has_arrived_at_once():
    assert crossing(curve([0.4, 0.3]), 0.5).at == 0


@pytest.mark.parametrize(("noise", "most"), [(0.02, 0.02), (0.05, 0.06)])
def test_noise_hardly_moves_the_crossing_where_the_first_measurement_below_would_come_early(noise, most):
    """A slow power law, measured at log-spaced updates: the mean error of log updates over 400 noisy copies."""
    random = np.random.default_rng(0)
    at = moments(100_000, 1.15)[1:]
    smooth = 3 * at**-0.5
    off, naive = [], []
    for _ in range(400):
        noisy = smooth * np.exp(noise * random.normal(size=len(at)))
        off.append(math.log(crossing(curve(noisy, at), 0.05).at / 3600))
        naive.append(math.log(at[np.flatnonzero(noisy <= 0.05)[0]] / 3600))
    assert abs(np.mean(off)) <= most
    assert abs(np.mean(off)) < abs(np.mean(naive)) or noise == 0.02
