"""How sure a leader is: which of the others it can be told from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchviz.analysis.measure import MEASURES
from batchviz.analysis.paired import LEAST_SEEDS, paired_difference
from batchviz.analysis.ranking import Place, Ranking


@dataclass(frozen=True)
class Standing:
    """The leader of a ranking against each other place that has a value."""

    leader: Place
    better_than: tuple[Place, ...]
    tied_with: tuple[Place, ...]
    """Not distinguishable from the leader."""
    unsettled: tuple[Place, ...]
    """Fewer than LEAST_SEEDS shared seeds, or a broken seed: no verdict."""
    pairs: int
    """How many pairs the intervals were widened for; 1: not at all."""


def standing(ranking: Ranking) -> Standing | None:
    """Where the leader stands; None without a leader.

    To be best of all, the leader must differ from every other at CONFIDENCE, each pair by itself: all of them
    together are rarer by chance than any one, so nothing is widened. To be better than some of them is likelier
    by chance the more there are, and the leader was picked for its luck too: then every interval is widened for all
    pairs that could have been the one (Bonferroni). Simulated: under 1 % false claims for 3 to 11 equal groups.
    """
    leader = ranking.leader
    if leader is None:
        return None
    others = [place for place in ranking.places if place is not leader and place.at]
    settled = [p for p in others if len(_shared(leader, p)) >= LEAST_SEEDS and not p.broken]
    unsettled = tuple(place for place in others if place not in settled)
    sign = -1 if MEASURES[ranking.measure].higher_is_better(leader.group.spec.plan) else 1
    for pairs in (1, (len(others) + 1) * len(others) // 2):
        better = [place for place in settled if _better(leader, place, sign, pairs)]
        if len(better) == len(settled) or pairs > 1:
            break
    tied = tuple(place for place in settled if place not in better)
    return Standing(leader, tuple(better), tied, unsettled, pairs)


def _shared(a: Place, b: Place) -> set[int]:
    return set(a.values) & set(b.values)


def _better(leader: Place, other: Place, sign: int, pairs: int) -> bool:
    found: Mapping[int, float] = leader.values
    difference = paired_difference(found, other.values, pairs=pairs)
    return difference is not None and difference.distinguishable and sign * difference.mean < 0
