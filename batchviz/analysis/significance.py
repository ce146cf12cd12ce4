"""The one rule behind every verdict: which differences between two groups are found, and which cannot be.

Each look at a pair asks two tests of its paired differences: Student's t, and the exact sign test, which asks how many
seeds go the same way and minds no spread. A difference is clear when either finds it. Their levels are small enough for
a reader to add seeds and look again as often as a page allows, and to look at every pair on it: of equal pairs fewer
than 2 % are ever called clear, and 1.5 % up to 20 seeds; of comparisons of equal groups fewer than 6 % ever hold one.
`tests/analysis/test_calibration.py` measures this on real runs, whose skew costs more than theory says.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.limits import MIN_SEEDS, RACE_SEEDS
from batchviz.experiment.limits import MAX_RUNS_SHOWN

CONFIDENCE = 0.99
"""At least that of an interval at any one look, on real runs; by theory it is above 99.7 %."""
LEVELS = {
    RACE_SEEDS - 1: (0.00005, 0.002),
    RACE_SEEDS: (0.0002, 0.002),
    20: (0.0001, 0.0005),
    MAX_RUNS_SHOWN: (0.00005, 0.00005),
}
"""Up to so many shared seeds: of the t test, of the sign test.

Below RACE_SEEDS skew misleads the t test most, and it finds little. There 10 of 10 seeds pass the sign test, whose
probability is 2 / 2**10 if either way is as likely. Later looks get less, as there are many of them.
"""
PAIRS = 15
"""The levels hold for so many pairs on a page, those of six groups; of more pairs each has less (Bonferroni)."""
POWER = 0.8
"""With which a number of seeds finds what it is said to find."""


def levels(seeds: int, pairs: int, times: float = 1) -> tuple[float, float]:
    """Of the t test and of the sign test, at one look at one of so many pairs."""
    share = times * min(1.0, PAIRS / max(pairs, 1))
    t, sign = LEVELS[min(most for most in LEVELS if min(seeds, MAX_RUNS_SHOWN) <= most)]
    return share * t, share * sign


def interval(
    differences: NDArray[np.float64], pairs: int, least_spread: float = 0.0, times: float = 1
) -> tuple[float, float]:
    """The true differences that neither test rejects: where Student's interval meets that of the order statistics.

    `differences` (seeds,) are paired; `least_spread` is the least standard deviation that is believed. Infinite
    below MIN_SEEDS.
    """
    seeds = len(differences)
    if seeds < MIN_SEEDS:
        return -math.inf, math.inf
    mean = float(differences.mean())
    error = max(float(differences.std(ddof=1)), least_spread) / math.sqrt(seeds)
    reach = critical_t(seeds, pairs, times) * error
    low, high = mean - reach, mean + reach
    allowed = dissenters(seeds, pairs, times)
    if allowed >= 0:
        ordered = np.sort(differences)
        low, high = max(low, float(ordered[allowed])), min(high, float(ordered[-1 - allowed]))
    # Where skew pulls the mean away from the middle, the two may not meet, or not at the mean: nothing between is
    # ruled out then, and no difference is found that goes against the mean.
    return min(low, high, mean), max(low, high, mean)


def critical_t(seeds: int, pairs: int, times: float = 1) -> float:
    """So many standard errors from zero the t test finds a mean."""
    from scipy.special import stdtrit  # here and below, because it takes the web process 18 MB

    return float(stdtrit(seeds - 1, 1 - levels(seeds, pairs, times)[0] / 2))


@functools.lru_cache(maxsize=1024)
def dissenters(seeds: int, pairs: int, times: float = 1) -> int:
    """With so many seeds the other way, or no way, the sign test still finds a difference; -1: with none it does.

    What passed with fewer seeds passes with one more that agrees: to have looked before, or not, decides nothing.
    """
    return max(_passing(fewer, pairs, times) for fewer in range(MIN_SEEDS, seeds + 1))


def _passing(seeds: int, pairs: int, times: float) -> int:
    from scipy.special import bdtr

    chances = 2 * bdtr(np.arange(seeds // 2), seeds, 0.5)
    return int((chances <= levels(seeds, pairs, times)[1]).sum()) - 1


def chance(differences: NDArray[np.float64], least_spread: float = 0.0) -> float:
    """At most so often are differences that strong found where there are none: the p-value of both tests as one rule.

    Each test's own p-value is weighed by its level (Bonferroni, weighted), so that a difference is clear from the sum
    of both levels down. 1 below MIN_SEEDS. `differences` and `least_spread` as for `interval`.
    """
    seeds = len(differences)
    if seeds < MIN_SEEDS:
        return 1.0
    from scipy.special import bdtr, stdtr

    mean = float(differences.mean())
    error = max(float(differences.std(ddof=1)), least_spread) / math.sqrt(seeds)
    by_size = 2 * float(stdtr(seeds - 1, -abs(mean) / error)) if error else float(not mean)
    agreeing = int(((differences > 0) if mean > 0 else (differences < 0)).sum())
    by_sign = 2 * float(bdtr(seeds - agreeing, seeds, 0.5))
    level_of_size, level_of_sign = levels(seeds, 1)
    strength = min(by_size / level_of_size, by_sign / level_of_sign)
    return min(1.0, strength * (level_of_size + level_of_sign))


def smallest_found(seeds: int, pairs: int = 1) -> float:
    """The smallest difference, in standard deviations of the paired differences, found with POWER by so many seeds.

    Of normal differences, by the test that finds the smaller one: noncentral t, or binomial.
    """
    if seeds < MIN_SEEDS:
        return math.inf
    from scipy.special import bdtri, nctdtrinc, ndtri

    by_size = float(nctdtrinc(seeds - 1, 1 - POWER, critical_t(seeds, pairs))) / math.sqrt(seeds)
    allowed = dissenters(seeds, pairs)
    by_sign = -float(ndtri(bdtri(allowed, seeds, POWER))) if allowed >= 0 else math.inf
    return min(by_size, by_sign)
