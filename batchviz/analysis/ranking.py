"""Who leads at a budget, by the mean over seeds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.budgets import AtBudget, at_budget, common_budget, compared, end
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.replicates import Group
from batchviz.experiment.records import Run, Source, Status
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
    skipped: tuple[Run, ...] = ()
    """Trained past the budget without being measured there."""

    @property
    def values(self) -> dict[int, float]:
        """The finite values by seed."""
        return {seed: reading.value for seed, reading in self.at.items()}

    @property
    def mean(self) -> float:
        """Over the seeds that have a value; NaN without one."""
        return math.fsum(self.values.values()) / len(self.at) if self.at else math.nan


@dataclass(frozen=True)
class Ranking:
    """Groups from best to worst at `budget` of `unit`; `unit` None: each where it ended (`budget` is NaN)."""

    unit: str | None
    budget: float
    metric: str
    places: tuple[Ranked, ...]
    left_out: tuple[Group, ...]
    """Groups without a value for another reason: still training, or recorded without this unit or metric."""
    skipped: tuple[Ranked, ...] = ()
    """Those with runs that were not measured at the budget; among `places` only for what others of their runs say."""

    @property
    def leader(self) -> Ranked | None:
        """The best group; None when fewer than two have a value or the best has a broken seed."""
        whole = [place for place in self.places if place.at]
        return whole[0] if len(whole) > 1 and not whole[0].broken else None


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
        budget = common_budget(groups, series, unit, metric)
    if unit is None:
        budget = _measured_last(groups, series, metric)
    places = [_place(group, series, unit, metric, budget) for group in groups]
    ranked = [place for place in places if place.at or place.broken]
    sign = -1 if groups and METRICS[metric].higher_is_better(groups[0].plan) else 1
    ranked.sort(key=lambda p: (bool(p.broken), not p.at, sign * p.mean if p.at else 0.0))
    return Ranking(
        unit=unit,
        budget=math.nan if budget is None or unit is None else budget,
        metric=metric,
        places=tuple(ranked),
        left_out=tuple(p.group for p in places if not p.at and not p.broken and not p.skipped),
        skipped=tuple(place for place in places if place.skipped),
    )


def _place(
    group: Group, series: Mapping[str, Series], unit: str | None, metric: str, budget: float | None
) -> Ranked:
    at, broken, skipped = {}, [], []
    for run in group.runs:
        if run.status in BROKEN:
            broken.append(run)
        if not compared(run) or run.id not in series:
            continue
        reading = _value(run, series[run.id], unit, metric, budget)
        if reading is not None and math.isfinite(reading.value):
            at[run.spec.seed] = reading
        elif reading is not None and math.isinf(reading.value):
            broken.append(run)
        elif reading is not None and reading.skipped:
            skipped.append(run)
    return Ranked(group, at, tuple(broken), tuple(skipped))


def _value(run: Run, rows: Series, unit: str | None, metric: str, budget: float | None) -> AtBudget | None:
    if unit is not None:
        return None if budget is None else at_budget(run, rows, unit, budget, metric)
    last = budget if run.source is Source.HISTORY and budget is not None else end(run, rows, "epochs")
    return None if last is None else at_budget(run, rows, "epochs", last, metric)


def _measured_last(groups: Sequence[Group], series: Mapping[str, Series], metric: str) -> float | None:
    """The epoch in which all of these histories were measured last; None where it is not the same of all."""
    ends = {
        end(run, series[run.id], "epochs", metric)
        for group in groups
        for run in group.runs
        if compared(run) and run.id in series
    }
    return ends.pop() if len(ends) == 1 else None
