"""Paired differences against SciPy's own paired test."""

import numpy as np
import pytest
from scipy import stats

from batchviz.analysis.significance import paired_difference


def test_the_interval_is_that_of_the_paired_t_test():
    random = np.random.default_rng(0)
    first, second = random.normal(size=8), random.normal(size=8) + 1
    found = paired_difference(dict(enumerate(first)), dict(enumerate(second)))
    oracle = stats.ttest_rel(first, second).confidence_interval(0.99)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))


def test_only_shared_seeds_count_and_fewer_than_three_give_no_verdict():
    assert paired_difference({0: 1.0, 1: 1.0, 2: 1.0}, {1: 2.0, 2: 2.0, 3: 2.0}) is None
    found = paired_difference({0: 1.0, 1: 1.0, 2: 1.0, 9: 50.0}, {0: 2.0, 1: 2.1, 2: 1.9})
    assert found is not None
    assert found.seeds == 3
    assert found.mean == pytest.approx(-1.0)
    assert found.distinguishable


def test_several_pairs_in_one_statement_have_wider_intervals():
    random = np.random.default_rng(0)
    first, second = random.normal(size=4), random.normal(size=4) + 1
    found = paired_difference(dict(enumerate(first)), dict(enumerate(second)), pairs=10)
    oracle = stats.ttest_rel(first, second).confidence_interval(0.999)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))


def test_one_in_a_hundred_settings_is_called_different_from_itself():
    random = np.random.default_rng(1)
    trials = 2000
    called = sum(
        paired_difference(
            dict(enumerate(random.normal(size=5))), dict(enumerate(random.normal(size=5)))
        ).distinguishable
        for _ in range(trials)
    )
    assert 0.003 < called / trials < 0.017, "the nominal 1 %, with three standard errors of room"
