"""Who leads at a budget, by the mean over seeds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.budgets import AtBudget, at_budget, common_budget, compared, end
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.replicates import Group
from batchviz.experiment.records import Run, Series, Status

BROKEN = (Status.DIVERGED, Status.FAILED)
"""Ends that leave no value, whatever was recorded before them."""


@dataclass(frozen=True)
class Ranked:
    """One group at a budget."""

    group: Group
    at: Mapping[int, AtBudget]
    """By seed, where there is a finite value."""
    broken: tuple[Run, ...]
    """Diverged and failed, or not finite at the budget: they have no value and no seed can make up for them."""

    @property
    def values(self) -> dict[int, float]:
        """The finite values by seed."""
        return {seed: found.value for seed, found in self.at.items()}

    @property
    def mean(self) -> float:
        """Over the seeds that have a value; NaN without one."""
        return math.fsum(self.values.values()) / len(self.at) if self.at else math.nan

    @property
    def lowest(self) -> float:
        """The mean, had every value between measurements been as low as its lower neighbour."""
        return math.fsum(found.low for found in self.at.values()) / len(self.at) if self.at else math.nan

    @property
    def highest(self) -> float:
        """The same for the higher neighbours."""
        return math.fsum(found.high for found in self.at.values()) / len(self.at) if self.at else math.nan

    @property
    def spread(self) -> float:
        """From the lowest seed to the highest; NaN for fewer than two."""
        return max(self.values.values()) - min(self.values.values()) if len(self.at) > 1 else math.nan

    @property
    def wide(self) -> AtBudget | None:
        """The widest gap between measurements that a value here was read from; None when all are close or exact."""
        return max(
            (found for found in self.at.values() if found.wide),
            key=lambda a: a.after - a.before,
            default=None,
        )

    @property
    def measured(self) -> bool:
        """Whether every value was measured at the budget itself."""
        return all(found.measured for found in self.at.values())


@dataclass(frozen=True)
class Ranking:
    """Groups from best to worst at `budget` of `unit`; `unit` None: each where it ended (`budget` is NaN)."""

    unit: str | None
    budget: float
    measure: str
    places: tuple[Ranked, ...]
    left_out: tuple[Group, ...]
    """Groups without a value for another reason: still training, or recorded without this unit or measure."""

    @property
    def leader(self) -> Ranked | None:
        """The best group; None when fewer than two have a value or the best has a broken seed."""
        whole = [place for place in self.places if place.at]
        return whole[0] if len(whole) > 1 and not whole[0].broken else None

    @property
    def guessed(self) -> bool:
        """Whether the lead hangs on a value between far measurements: the leader's, or one that may as well beat it."""
        if self.leader is None:
            return False
        if self.leader.wide is not None:
            return True
        lead = self.leader.mean
        higher = MEASURES[self.measure].higher_is_better(self.leader.group.plan)
        wide = [place for place in self.places if place.wide is not None]
        return any(place.highest > lead if higher else place.lowest < lead for place in wide)


def rank(
    groups: Sequence[Group],
    series: Mapping[str, Series],
    unit: str | None,
    measure: str,
    budget: float | None = None,
) -> Ranking:
    """Groups by their mean over seeds at `budget` (without it: the common budget) of `unit`.

    Groups with a diverged run come last: a mean over the seeds that survived would flatter them.
    """
    if unit is not None and budget is None:
        budget = common_budget(groups, series, unit)
    places = [_place(group, series, unit, measure, budget) for group in groups]
    ranked = [place for place in places if place.at or place.broken]
    sign = -1 if groups and MEASURES[measure].higher_is_better(groups[0].plan) else 1
    ranked.sort(key=lambda p: (bool(p.broken), not p.at, sign * p.mean if p.at else 0.0))
    return Ranking(
        unit=unit,
        budget=math.nan if budget is None else budget,
        measure=measure,
        places=tuple(ranked),
        left_out=tuple(place.group for place in places if not place.at and not place.broken),
    )


def _place(
    group: Group, series: Mapping[str, Series], unit: str | None, measure: str, budget: float | None
) -> Ranked:
    at, broken = {}, []
    for run in group.runs:
        if run.status in BROKEN:
            broken.append(run)
        if not compared(run) or run.id not in series:
            continue
        found = _value(run, series[run.id], unit, measure, budget)
        if found is not None and math.isfinite(found.value):
            at[run.spec.seed] = found
        elif found is not None and math.isinf(found.low):
            broken.append(run)
    return Ranked(group, at, tuple(broken))


def _value(run: Run, rows: Series, unit: str | None, measure: str, budget: float | None) -> AtBudget | None:
    if unit is not None:
        return None if budget is None else at_budget(run, rows, unit, budget, measure)
    last = end(run, rows, "epochs")
    return None if last is None else at_budget(run, rows, "epochs", last, measure)
