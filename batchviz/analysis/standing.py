"""The leader of a ranking against each of the others."""

from __future__ import annotations

from dataclasses import dataclass

from batchviz.analysis.evidence import Evidence, Grade, between
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.races import ComparedPairs
from batchviz.analysis.ranking import Ranked, Ranking
from batchviz.analysis.replicates import Group


@dataclass(frozen=True)
class Against:
    """The leader against one other place that has a value."""

    place: Ranked
    evidence: Evidence | None
    """The leader first; None where they share no seed, or the other has a broken one."""
    ahead: bool
    """Whether the leader is also the better one seed by seed: a mean may hang on a single run."""

    @property
    def grade(self) -> Grade:
        """How sure it is that the leader is better: what speaks for the other settles nothing for the leader."""
        if self.evidence is None:
            return Grade.TOO_FEW_SEEDS
        return self.evidence.grade if self.ahead else min(self.evidence.grade, Grade.TIED)

    @property
    def settled(self) -> bool:
        """Whether more seeds would hardly change what is said: a clear difference, or a seed that breaks."""
        return bool(self.place.broken) or (self.evidence is not None and self.evidence.clear)


@dataclass(frozen=True)
class Standing:
    """The leader has the best mean; how sure that is, against each of the others, in their order."""

    leader: Ranked
    others: tuple[Against, ...]

    def graded(self, *grades: Grade) -> tuple[Against, ...]:
        """The others against whom the leader's evidence is of these grades."""
        return tuple(other for other in self.others if other.grade in grades)

    def against(self, group: Group) -> Against | None:
        """The leader against this group; None where that has no value, or leads itself."""
        return next((other for other in self.others if other.place.group.key == group.key), None)


def standing(ranking: Ranking, pairs: ComparedPairs) -> Standing | None:
    """Where the leader stands; None without a leader."""
    leader = ranking.leader
    if leader is None:
        return None
    sign = 1 if METRICS[ranking.metric].higher_is_better(leader.group.plan) else -1
    others = []
    for place in ranking.places:
        if place is leader or not place.at:
            continue
        together = pairs.with_pair(leader.group, place.group)
        evidence = None if place.broken else between(leader, place, ranking.metric, together)
        others.append(Against(place, evidence, evidence is not None and sign * evidence.mean > 0))
    return Standing(leader, tuple(others))
