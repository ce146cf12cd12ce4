"""Two groups, seed by seed: what can be said of their difference, and which further seeds would say more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from batchviz.analysis.differences import BUDGET, DifferingField, data_differences, differing
from batchviz.analysis.evidence import Evidence, between
from batchviz.analysis.metrics import METRICS, Metric
from batchviz.analysis.ranking import Ranked, rank
from batchviz.analysis.replicates import Group
from batchviz.analysis.top_up import TopUp, top_up
from batchviz.analysis.units import UNITS, Unit
from batchviz.experiment.records import Status
from batchviz.experiment.series import Series


class NoVerdict(Enum):
    """Why nothing can be said of two groups."""

    SAME_GROUP = auto()
    MIXED_TASKS = auto()
    DIFFERENT_DATA = auto()
    NO_SHARED_SEED = auto()


@dataclass(frozen=True)
class Verdict:
    """What can be said of two groups: `evidence`, the first against the second, or why nothing can (`reason`).

    `top_up` are seeds to train for more; None where the difference is clear, or no more can be trained.
    """

    first: Group
    second: Group
    metric: Metric
    unit: Unit | None
    budget: float
    """NaN at the ends."""
    reason: NoVerdict | None = None
    evidence: Evidence | None = None
    places: tuple[Ranked, ...] = ()
    """Of the two groups, as far as they have values or broken runs, in their order."""
    differing: tuple[DifferingField, ...] = ()
    """Beside the batch size, and the budget where it is made equal."""
    top_up: TopUp | None = None

    @property
    def ahead(self) -> Group | None:
        """The one that is better seed by seed, however sure that is; None where neither is."""
        if self.evidence is None or not self.evidence.mean:
            return None
        higher = self.metric.higher_is_better(self.first.plan)
        return self.first if (self.evidence.mean < 0) != higher else self.second

    @property
    def better(self) -> Group | None:
        """The better one, where that is clear."""
        return self.ahead if self.evidence is not None and self.evidence.clear else None

    @property
    def waiting(self) -> tuple[Group, ...]:
        """Groups with seeds that are still training."""
        return tuple(g for g in (self.first, self.second) if g.where(Status.QUEUED, Status.RUNNING))

    @property
    def trainable(self) -> bool:
        """Whether more seeds of both can be trained here."""
        return self.first.trainable and self.second.trainable


def verdict(
    first: Group,
    second: Group,
    series: Mapping[str, Series],
    unit: str | None,
    metric: str,
    budget: float | None = None,
    *,
    pairs: int = 1,
    runs_on_page: int = 0,
) -> Verdict:
    """The paired verdict at `budget` of `unit` (without a budget: the most that both had; unit None: their ends).

    `pairs` and `shown`: how many pairs, and how many runs, are on the page.
    """
    runs = [first.runs[0], second.runs[0]]
    ranking = rank([first, second], series, unit, metric, budget)
    by_key = {place.group.key: place for place in (*ranking.skipped, *ranking.places)}
    both = tuple(by_key.get(group.key) or Ranked(group, {}, ()) for group in (first, second))
    judged = Verdict(
        first,
        second,
        METRICS[metric],
        None if unit is None else UNITS[unit],
        ranking.budget,
        reason=_reason(first, second),
        places=tuple(by_key[group.key] for group in (first, second) if group.key in by_key),
        differing=tuple(differing(runs, without=("seed", "batch_size", *(BUDGET if unit else ())))),
    )
    if judged.reason is not None:
        return judged
    evidence = between(both[0], both[1], metric, pairs)
    more = None if evidence is not None and evidence.clear else top_up(both, pairs, runs_on_page=runs_on_page)
    reason = NoVerdict.NO_SHARED_SEED if evidence is None else None
    return replace(judged, reason=reason, evidence=evidence, top_up=more)


def _reason(first: Group, second: Group) -> NoVerdict | None:
    """What keeps any two runs of these groups from being compared."""
    if first.key == second.key:
        return NoVerdict.SAME_GROUP
    if first.plan.metric_name != second.plan.metric_name:
        return NoVerdict.MIXED_TASKS
    return NoVerdict.DIFFERENT_DATA if data_differences([first.runs[0], second.runs[0]]) else None
