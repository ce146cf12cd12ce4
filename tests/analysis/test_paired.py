"""Paired differences against SciPy's own paired test."""

import numpy as np
import pytest
from scipy import stats

from batchviz.analysis.paired import paired_difference


def test_the_interval_is_that_of_the_paired_t_test():
    random = np.random.default_rng(0)
    first, second = random.normal(size=8), random.normal(size=8) + 1
    found = paired_difference(dict(enumerate(first)), dict(enumerate(second)))
    oracle = stats.ttest_rel(first, second).confidence_interval(0.95)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))


def test_only_shared_seeds_count_and_fewer_than_three_give_no_verdict():
    assert paired_difference({0: 1.0, 1: 1.0, 2: 1.0}, {1: 2.0, 2: 2.0, 3: 2.0}) is None
    found = paired_difference({0: 1.0, 1: 1.0, 2: 1.0, 9: 50.0}, {0: 2.0, 1: 2.1, 2: 1.9})
    assert found is not None
    assert found.seeds == 3
    assert found.mean == pytest.approx(-1.0)
    assert found.distinguishable


def test_a_setting_compared_with_itself_is_indistinguishable_in_95_of_100_trials():
    random = np.random.default_rng(1)
    trials = 400
    called = sum(
        paired_difference(
            dict(enumerate(random.normal(size=5))), dict(enumerate(random.normal(size=5)))
        ).distinguishable
        for _ in range(trials)
    )
    assert called / trials < 0.08, "the nominal 5 %, with three standard errors of room"
