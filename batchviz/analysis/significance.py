"""How sure a leader is: which of the others it can be told from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from batchviz.analysis.limits import MIN_SEEDS
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.ranking import Ranked, Ranking

CONFIDENCE = 0.99
"""Of a single pair. A 95 % interval calls one in twenty settings different from itself, by design: too often for a page
on which many pairs are looked at, and whose readers take "different" for a fact."""


@dataclass(frozen=True)
class Difference:
    """Mean of first minus second over shared seeds, with its interval (Student's t on the paired differences)."""

    seeds: int
    mean: float
    low: float
    high: float

    @property
    def distinguishable(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def paired_difference(
    first: Mapping[int, float], second: Mapping[int, float], *, pairs: int = 1
) -> Difference | None:
    """The paired difference over the seeds that both have; None below MIN_SEEDS, where no verdict is honest.

    Who judges several `pairs` in one statement says how many: each interval is then wide enough for all of them
    to hold together at CONFIDENCE (Bonferroni). Equal differences at every seed (a spread of zero) give an
    interval of no width.
    """
    seeds = sorted(set(first) & set(second))
    if len(seeds) < MIN_SEEDS:
        return None
    from scipy.special import stdtrit  # here, because it takes the web process 18 MB, and few pages judge

    differences = np.array([first[seed] - second[seed] for seed in seeds])
    mean = float(differences.mean())
    error = float(differences.std(ddof=1)) / math.sqrt(len(seeds))
    reach = float(stdtrit(len(seeds) - 1, 1 - (1 - CONFIDENCE) / (2 * pairs))) * error
    return Difference(len(seeds), mean, mean - reach, mean + reach)


@dataclass(frozen=True)
class Standing:
    """The leader of a ranking against each other place that has a value."""

    leader: Ranked
    better_than: tuple[Ranked, ...]
    not_distinguishable: tuple[Ranked, ...]
    """Not distinguishable from the leader."""
    inconclusive: tuple[Ranked, ...]
    """Fewer than MIN_SEEDS shared seeds, or a broken seed: no verdict."""
    pairs: int
    """How many pairs the intervals were widened for; 1: not at all."""


class Leads(Standing):
    """It is better than some of the others, or than all."""


class NotDistinguishable(Standing):
    """It has the best mean, but chance can explain that: it is better than none of the others."""


class TooFewSeeds(Standing):
    """It has the best mean, of too few seeds to be told from any other."""


class Guessed(Standing):
    """It has the best mean as far as was measured: another may have been better between measurements."""


def standing(ranking: Ranking) -> Standing | None:
    """Where the leader stands, as one of the four classes above; None without a leader.

    To be best of all, the leader must differ from every other at CONFIDENCE, each pair by itself: all of them
    together are rarer by chance than any one, so nothing is widened. To be better than some of them is likelier
    by chance the more there are, and the leader was picked for its luck too: then every interval is widened for all
    pairs that could have been the one (Bonferroni). Simulated: under 1 % false claims for 3 to 11 equal groups.
    """
    leader = ranking.leader
    if leader is None:
        return None
    others = [place for place in ranking.places if place is not leader and place.at]
    settled = [p for p in others if len(_shared(leader, p)) >= MIN_SEEDS and not p.broken]
    inconclusive = tuple(place for place in others if place not in settled)
    sign = -1 if METRICS[ranking.metric].higher_is_better(leader.group.plan) else 1
    for pairs in (1, (len(others) + 1) * len(others) // 2):
        better = [place for place in settled if _better(leader, place, sign, pairs)]
        if len(better) == len(settled) or pairs > 1:
            break
    tied = tuple(place for place in settled if place not in better)
    kind = Guessed if ranking.guessed else Leads if better else NotDistinguishable if tied else TooFewSeeds
    return kind(leader, tuple(better), tied, inconclusive, pairs)


def _shared(a: Ranked, b: Ranked) -> set[int]:
    return set(a.values) & set(b.values)


def _better(leader: Ranked, other: Ranked, sign: int, pairs: int) -> bool:
    difference = paired_difference(leader.values, other.values, pairs=pairs)
    return difference is not None and difference.distinguishable and sign * difference.mean < 0
