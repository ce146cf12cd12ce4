"""The expected time recovers the law it was measured under."""

import numpy as np
import pytest

from batchviz.analysis.run_time import expected_speed


def test_overhead_and_slope_are_recovered_from_measurements_over_decades():
    work = np.array([1e2, 1e3, 1e4, 1e6, 1e8])
    speed = expected_speed(work, 3e-5 + 2e-10 * work)
    assert speed is not None
    assert speed.seconds_an_update == pytest.approx(3e-5, rel=1e-3)
    assert speed.seconds_a_multiplication == pytest.approx(2e-10, rel=1e-3)
    assert speed.seconds(5e5) == pytest.approx(3e-5 + 1e-4, rel=1e-3)


def test_one_size_alone_is_answered_with_what_it_took():
    speed = expected_speed([1000.0, 1000.0], [1e-4, 1e-4])
    assert speed is not None
    assert speed.seconds(1000.0) == pytest.approx(1e-4)


def test_nothing_measured_expects_nothing():
    assert expected_speed([], []) is None
    assert expected_speed([1.0], [0.0]) is None
