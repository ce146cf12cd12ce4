"""Who leads at a budget, by the mean over seeds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.budgets import AtBudget, at_budget, common_budget, compared, end
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.replicates import Group
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series

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
        return {seed: reading.value for seed, reading in self.at.items()}

    @property
    def mean(self) -> float:
        """Over the seeds that have a value; NaN without one."""
        return math.fsum(self.values.values()) / len(self.at) if self.at else math.nan

    @property
    def lowest(self) -> float:
        """The mean, had every value between measurements been as low as its lower neighbour."""
        return math.fsum(reading.low for reading in self.at.values()) / len(self.at) if self.at else math.nan

    @property
    def highest(self) -> float:
        """The same for the higher neighbours."""
        return math.fsum(reading.high for reading in self.at.values()) / len(self.at) if self.at else math.nan

    @property
    def wide(self) -> AtBudget | None:
        """The widest gap between measurements that a value here was read from; None when all are close or exact."""
        return max(
            (reading for reading in self.at.values() if reading.wide),
            key=lambda reading: reading.after - reading.before,
            default=None,
        )

    @property
    def measured(self) -> bool:
        """Whether every value was measured at the budget itself."""
        return all(reading.measured for reading in self.at.values())


@dataclass(frozen=True)
class Ranking:
    """Groups from best to worst at `budget` of `unit`; `unit` None: each where it ended (`budget` is NaN)."""

    unit: str | None
    budget: float
    metric: str
    places: tuple[Ranked, ...]
    left_out: tuple[Group, ...]
    """Groups without a value for another reason: still training, or recorded without this unit or metric."""

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
        higher = METRICS[self.metric].higher_is_better(self.leader.group.plan)
        wide = [place for place in self.places if place.wide is not None]
        return any(place.highest > lead if higher else place.lowest < lead for place in wide)


def rank(
    groups: Sequence[Group],
    series: Mapping[str, Series],
    unit: str | None,
    metric: str,
    budget: float | None = None,
) -> Ranking:
    """Groups by their mean over seeds at `budget` (without it: the common budget) of `unit`.

    Groups with a diverged run come last: a mean over the seeds that survived would flatter them.
    """
    if unit is not None and budget is None:
        budget = common_budget(groups, series, unit)
    places = [_place(group, series, unit, metric, budget) for group in groups]
    ranked = [place for place in places if place.at or place.broken]
    sign = -1 if groups and METRICS[metric].higher_is_better(groups[0].plan) else 1
    ranked.sort(key=lambda p: (bool(p.broken), not p.at, sign * p.mean if p.at else 0.0))
    return Ranking(
        unit=unit,
        budget=math.nan if budget is None else budget,
        metric=metric,
        places=tuple(ranked),
        left_out=tuple(place.group for place in places if not place.at and not place.broken),
    )


def _place(
    group: Group, series: Mapping[str, Series], unit: str | None, metric: str, budget: float | None
) -> Ranked:
    at, broken = {}, []
    for run in group.runs:
        if run.status in BROKEN:
            broken.append(run)
        if not compared(run) or run.id not in series:
            continue
        reading = _value(run, series[run.id], unit, metric, budget)
        if reading is not None and math.isfinite(reading.value):
            at[run.spec.seed] = reading
        elif reading is not None and math.isinf(reading.low):
            broken.append(run)
    return Ranked(group, at, tuple(broken))


def _value(run: Run, rows: Series, unit: str | None, metric: str, budget: float | None) -> AtBudget | None:
    if unit is not None:
        return None if budget is None else at_budget(run, rows, unit, budget, metric)
    last = end(run, rows, "epochs")
    return None if last is None else at_budget(run, rows, "epochs", last, metric)
