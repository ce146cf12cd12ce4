"""What two groups' seeds say: against SciPy's own tests, on each scale, and at its edges."""

import math

import numpy as np
import pytest
from scipy import stats

from batchviz.analysis.evidence import Grade, Scale, evidence
from batchviz.analysis.significance import (
    LEVELS,
    PAIRS,
    critical_t,
    dissenters,
    interval,
    levels,
    smallest_found,
)
from tests.analysis.test_calibration import centred, drawn, looks, scaled


def by_seed(values):
    return dict(enumerate(values))


def found(first, second, **asked):
    return evidence(by_seed(first), by_seed(second), **asked)


def test_the_effect_on_losses_is_the_geometric_mean_of_their_ratios():
    said = found([0.1, 0.2, 0.1], [0.4, 0.4, 0.2])
    assert said.scale is Scale.RATIO
    assert math.exp(said.mean) == pytest.approx(stats.gmean([0.25, 0.5, 0.5]))
    assert (said.seeds, said.lower, said.higher, said.agreeing) == (3, 3, 0, 3)


def test_five_seeds_have_the_interval_of_the_paired_t_test_of_the_logarithms():
    random = np.random.default_rng(0)
    first, second = np.exp(random.normal(size=(2, 5)))
    said = found(first, second)
    oracle = stats.ttest_rel(np.log(first), np.log(second)).confidence_interval(1 - LEVELS[9][0])
    assert (said.low, said.high) == pytest.approx((oracle.low, oracle.high))


def test_ten_seeds_that_agree_are_clear_whatever_their_spread():
    second = np.exp(np.random.default_rng(0).normal(size=10))
    first = second / np.geomspace(1.1, 100, 10)
    said = found(first, second)
    assert stats.binomtest(10, 10).pvalue <= LEVELS[10][1]
    assert stats.ttest_rel(np.log(first), np.log(second)).pvalue > LEVELS[10][0]
    assert said.grade is Grade.CLEAR
    assert (math.exp(-said.high), math.exp(-said.low)) == pytest.approx((1.1, 100)), "lowest and highest seed"
    assert found([*first, 0.1], [*second, 0.2]).clear, "an eleventh that agrees takes nothing away"
    assert not found(first[:9], second[:9]).clear


@pytest.mark.parametrize("seeds", [3, 9, 10, 11, 15, 20, 21, 30, 64])
def test_as_many_seeds_may_dissent_as_the_exact_test_lets(seeds):
    allowed = dissenters(seeds, 1)
    passing = [
        against
        for n in range(3, seeds + 1)
        for against in range(n // 2)
        if stats.binomtest(against, n).pvalue <= levels(n, 1)[1]
    ]
    assert allowed == max(passing, default=-1)


def test_the_interval_leaves_out_zero_where_one_of_the_tests_finds_a_difference_on_real_runs():
    values = drawn(scaled("random"), 20)[:, :100]
    for a, b in ((0, 1), (1, 2), (0, 4)):
        differences = values[a] - values[b]
        expected = looks(differences)
        for trial, row in enumerate(differences):
            for seeds in (3, 9, 10, 14, 20):
                low, high = interval(row[:seeds], 1)
                assert (low > 0 or high < 0) == expected[trial, seeds - 3]


def test_the_interval_holds_the_true_ratio_in_99_of_100_trials():
    true = 1.5
    values = drawn(centred("random"), 10)
    held = [
        low <= true <= high
        for row in (values[0] - values[3] + true)[:1000]
        for low, high in [interval(row, 1)]
    ]
    assert np.mean(held) >= 0.99


def test_more_pairs_than_fifteen_share_the_levels():
    assert levels(10, 1) == levels(10, PAIRS) == LEVELS[10]
    assert levels(10, 3 * PAIRS) == pytest.approx(tuple(level / 3 for level in LEVELS[10]))
    assert critical_t(10, 45) > critical_t(10, 1)
    assert dissenters(10, 45) == -1


def test_only_shared_seeds_count_and_none_give_nothing():
    assert evidence({0: 1.0}, {1: 2.0}) is None
    said = evidence({0: 1.0, 1: 1.0, 2: 1.0, 9: 50.0}, {0: 2.0, 1: 2.1, 2: 1.9})
    assert said.seeds == 3
    assert said.mean < 0


@pytest.mark.parametrize(
    ("seeds", "grade"),
    [(1, "TOO_FEW_SEEDS"), (2, "TOO_FEW_SEEDS"), (3, "OPEN"), (7, "LIKELY"), (10, "CLEAR")],
)
def test_a_large_difference_in_every_seed_climbs_the_grades(seeds, grade):
    second = np.exp(np.random.default_rng(1).normal(size=seeds))
    assert found(second / np.geomspace(2, 30, seeds), second).grade is Grade[grade]


def test_ten_seeds_that_go_both_ways_are_not_distinguishable_and_rule_something_out():
    random = np.random.default_rng(0)
    said = found(np.exp(random.normal(0, 0.1, 10)), np.exp(random.normal(0, 0.1, 10)))
    assert said.grade is Grade.TIED
    assert -0.5 < said.low < 0 < said.high < 0.5


def test_a_loss_of_zero_and_an_accuracy_of_one_have_a_verdict():
    said = found([0.0] * 10, np.linspace(0.1, 0.2, 10))
    assert said.scale is Scale.DIFFERENCE
    assert said.clear
    said = found([1.0] * 10, [0.9] * 10, step=0.005)
    assert said.scale is Scale.SHARE
    assert said.mean == pytest.approx(0.1)
    assert said.clear


def test_a_few_seeds_that_differ_by_one_row_each_are_not_clear():
    """Their spread is zero, and one row of 200 says nothing."""
    assert found([0.905] * 5, [0.9] * 5, step=0.005).grade is Grade.OPEN
    assert found([0.5] * 5, [0.9] * 5, step=0.005).clear


def test_values_that_are_equal_to_32_bits_are_identical():
    values = np.float32(np.random.default_rng(0).random(10) + 0.1)
    said = found(values, np.nextafter(values, np.float32(2)))
    assert said.identical
    assert said.grade is Grade.TIED


@pytest.mark.parametrize("seeds", [5, 10, 20])
def test_the_smallest_difference_found_is_found_with_four_in_five_draws(seeds):
    """By at least the test that it was reckoned with; the two together find a little more."""
    size = smallest_found(seeds)
    draws = np.random.default_rng(0).normal(size, 1, (4000, seeds))
    assert 0.78 < looks(draws)[:, -1].mean() < 0.92
    assert looks(draws - size / 2)[:, -1].mean() < 0.5


def test_few_seeds_find_next_to_nothing_and_ten_find_twice_the_spread():
    assert smallest_found(2) == math.inf
    assert smallest_found(3) > 50
    assert smallest_found(5) > 5
    assert smallest_found(10) == pytest.approx(2.0, abs=0.1)
    assert smallest_found(20) < 1.4
