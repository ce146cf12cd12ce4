"""Two groups, seed by seed: is there a difference, or does chance explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from batchviz.analysis.differences import BUDGET, DifferingField, data_differences, differing
from batchviz.analysis.limits import MIN_SEEDS
from batchviz.analysis.metrics import METRICS, Metric
from batchviz.analysis.ranking import Ranked, rank
from batchviz.analysis.replicates import Group
from batchviz.analysis.significance import Difference, paired_difference
from batchviz.analysis.units import UNITS, Unit
from batchviz.experiment.records import Status
from batchviz.experiment.series import Series
from batchviz.experiment.spec import RunSpec

STEPS = (5, 10, 20)
"""Numbers of shared seeds that are worth the next look: each finds differences about half as large."""


class NoVerdict(Enum):
    """Why nothing can be said of two groups."""

    SAME_GROUP = auto()
    MIXED_TASKS = auto()
    DIFFERENT_DATA = auto()
    TOO_FEW_SEEDS = auto()


@dataclass(frozen=True)
class Verdict:
    """What can be said of two groups. `difference` is first minus second; None when nothing can be said (`reason`).

    `missing` are the specs to train so that both groups share MIN_SEEDS seeds; empty when they do, or when
    more seeds would not help. `more` are specs of further seeds for both, where they share enough for a verdict, are
    not distinguishable and wait for none: more seeds make the interval narrower.
    """

    first: Group
    second: Group
    metric: Metric
    unit: Unit | None
    budget: float
    """NaN at the ends."""
    reason: NoVerdict | None = None
    difference: Difference | None = None
    shared: int = 0
    """Seeds of which both have a value."""
    places: tuple[Ranked, ...] = ()
    """Of the two groups, as far as they have values or broken runs, in their order."""
    differing: tuple[DifferingField, ...] = ()
    """Beside the batch size, and the budget where it is made equal."""
    missing: tuple[RunSpec, ...] = ()
    more: tuple[RunSpec, ...] = ()

    @property
    def better(self) -> Group | None:
        """The better one, where the two are distinguishable."""
        if self.difference is None or not self.difference.distinguishable:
            return None
        higher = self.metric.higher_is_better(self.first.plan)
        return self.first if (self.difference.mean < 0) != higher else self.second

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
) -> Verdict:
    """The paired verdict at `budget` of `unit` (without a budget: the most that both had; unit None: their ends)."""
    runs = [first.runs[0], second.runs[0]]
    ranking = rank([first, second], series, unit, metric, budget)
    by_key = {place.group.key: place for place in ranking.places}
    places = tuple(by_key[group.key] for group in (first, second) if group.key in by_key)
    a, b = (by_key[g.key].values if g.key in by_key else {} for g in (first, second))
    judged = Verdict(
        first,
        second,
        METRICS[metric],
        None if unit is None else UNITS[unit],
        ranking.budget,
        reason=_reason(first, second),
        shared=len(a.keys() & b.keys()),
        places=places,
        differing=tuple(differing(runs, without=("seed", "batch_size", *(BUDGET if unit else ())))),
    )
    if judged.reason is not None:
        return judged
    difference = paired_difference(a, b)
    seeds = MIN_SEEDS if difference is None else next((s for s in STEPS if s > difference.seeds), 0)
    settled = difference is not None and difference.distinguishable
    helped = judged.trainable and not judged.waiting and not settled
    specs = tuple(missing(first, second, a, b, seeds)) if helped else ()
    if difference is None:
        return replace(judged, reason=NoVerdict.TOO_FEW_SEEDS, missing=specs)
    return replace(judged, difference=difference, more=specs)


def _reason(first: Group, second: Group) -> NoVerdict | None:
    """What keeps any two runs of these groups from being compared."""
    if first.key == second.key:
        return NoVerdict.SAME_GROUP
    if first.plan.metric_name != second.plan.metric_name:
        return NoVerdict.MIXED_TASKS
    return NoVerdict.DIFFERENT_DATA if data_differences([first.runs[0], second.runs[0]]) else None


def missing(
    first: Group, second: Group, a: Mapping[int, float], b: Mapping[int, float], shared: int
) -> Sequence[RunSpec]:
    """What to train so that both groups share `shared` seeds; seeds that both or one of them have come first.

    `a` and `b` are the values that the groups have, by seed.
    """
    have = [set(a), set(b)]
    tried = [set(group.by_seed) for group in (first, second)]
    # A seed that was tried and left no value (diverged, stopped early) would do so again.
    hopeless = (tried[0] - have[0]) | (tried[1] - have[1])
    fresh = list(range(shared + len(tried[0] | tried[1])))
    order = [*sorted(have[0] & have[1]), *sorted(have[0] ^ have[1]), *fresh]
    chosen = [seed for seed in dict.fromkeys(order) if seed not in hopeless][:shared]
    return [
        group.spec.replace(seed=seed)
        for seed in chosen
        for group, has in zip((first, second), have, strict=True)
        if seed not in has
    ]
