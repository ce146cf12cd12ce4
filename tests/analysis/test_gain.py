"""What a class gained: exact where it can be worked out, and never said of classes without an effect."""

import itertools
import math

import numpy as np
import pytest

from batchviz.analysis.gain import gain, interval, power, taught

SHARES = (0.1, 0.3, 0.5, 0.8)


def test_a_class_that_learned_is_said_to_have() -> None:
    found = gain([(False, True)] * 14 + [(True, True)] * 8 + [(True, False)] * 2 + [(False, False)] * 6)
    assert found is not None
    assert (found.members, found.gained, found.lost) == (30, 14, 2)
    assert (found.before, found.after) == (10 / 30, 22 / 30)
    assert found.mean == pytest.approx(12 / 30)
    assert found.low < found.mean < found.high
    assert found.taught
    assert not found.harmed


def test_as_many_that_lose_are_told_as_well() -> None:
    found = gain([(True, False)] * 14 + [(False, True)] * 2 + [(True, True)] * 14)
    assert found is not None
    assert found.harmed
    assert not found.taught


@pytest.mark.parametrize("pairs", [[(True, True)] * 30, [(False, False)] * 5, [(False, True)] * 6])
def test_no_change_and_few_members_tell_nothing(pairs: list[tuple[bool, bool]]) -> None:
    found = gain(pairs)
    assert found is not None
    assert not found.taught
    assert not found.harmed
    assert found.low <= found.mean <= found.high
    assert gain([]) is None


@pytest.mark.parametrize("changed", range(1, 21))
def test_the_interval_says_what_the_exact_sign_test_says(changed: int) -> None:
    for gained in range(changed + 1):
        chance = sum(math.comb(changed, k) for k in range(gained, changed + 1)) / 2**changed
        assert taught(30, gained, changed - gained) == (chance <= 0.01), gained


@pytest.mark.parametrize(("share", "changes"), [*itertools.product(SHARES, (0.2, 0.5))])
def test_of_a_thousand_classes_without_an_effect_at_most_one_in_a_hundred_taught(
    share: float, changes: float
) -> None:
    """Some guess anew before and after, which changes answers both ways."""
    random = np.random.default_rng(7)
    members = random.integers(5, 41, 1000)
    said = 0
    for count in members:
        before = random.random(count) < share
        anew = random.random(count) < changes
        after = np.where(anew, random.random(count) < share, before)
        said += taught(int(count), int((after & ~before).sum()), int((before & ~after).sum()))
    assert said <= 10


def test_the_interval_holds_the_true_gain_in_19_of_20_classes() -> None:
    random = np.random.default_rng(3)
    for gains, loses in ((0.4, 0.05), (0.15, 0.15), (0.6, 0.1)):
        drawn = random.multinomial(30, (gains, loses, 1 - gains - loses), 1000)
        ends = [interval(30, int(row[0]), int(row[1])) for row in drawn]
        assert sum(low <= gains - loses <= high for low, high in ends) >= 950


@pytest.mark.parametrize(
    ("members", "gains", "found"),
    [(30, 0.3, 0.38), (30, 0.4, 0.67), (30, 0.5, 0.87), (60, 0.4, 0.98)],
)
def test_power_is_what_simulated_classes_find(members: int, gains: float, found: float) -> None:
    """Of classes of 30 in which every second member gains and one in 20 loses, 17 of 20 are found."""
    drawn = np.random.default_rng(5).multinomial(members, (gains, 0.05, 0.95 - gains), 2000)
    assert power(members, gains, 0.05) == pytest.approx(found, abs=0.03)
    assert np.mean([taught(members, int(row[0]), int(row[1])) for row in drawn]) == pytest.approx(
        found, abs=0.04
    )


def test_there_is_no_power_without_an_effect_or_with_too_few() -> None:
    assert power(30, 0.1, 0.1) <= 0.01
    assert power(6, 1.0, 0.0) == 0.0
    assert power(7, 1.0, 0.0) == 1.0
    assert power(30, 0.0, 0.0) == 0.0
