"""Everything that is found out about a set of runs, as one value: all that is said or drawn of them reads this."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from batchviz.analysis.budgets import Truncation, exact_specs
from batchviz.analysis.caveats import Caveat, of_clocks, of_runs, of_values
from batchviz.analysis.comparability import NotComparable, obstacle
from batchviz.analysis.curves import GroupCurves, band, seed_curves
from batchviz.analysis.metrics import METRICS, Metric
from batchviz.analysis.pace import WITHOUT_CLOCKS, Clocks
from batchviz.analysis.races import ComparedPairs, races_apart
from batchviz.analysis.ranking import Ranked, Ranking, rank
from batchviz.analysis.replicates import Group, group_runs
from batchviz.analysis.standing import Standing, standing
from batchviz.analysis.summary_table import Table, table
from batchviz.analysis.top_up import TopUp, top_up
from batchviz.analysis.units import UNITS, Unit
from batchviz.analysis.verdict import Verdict, verdict
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series
from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class OneGroup:
    """There is one group alone, and it has a value."""

    place: Ranked


@dataclass(frozen=True)
class NothingLeads:
    """No two groups can be ranked: `only` has a value, or (None) those that have one have a broken seed, too."""

    only: Ranked | None


Finding = NotComparable | OneGroup | NothingLeads | Standing


@dataclass(frozen=True)
class LeaderAt:
    """Who leads when something else is made equal, and how sure that is."""

    unit: Unit
    budget: float
    standing: Standing
    same: bool
    """Whether it is the leader of the comparison."""


@dataclass(frozen=True)
class Comparison:
    """A comparison of groups in one metric, each after `budget` of `unit`; unit None: at its end (`budget` is NaN).

    `series` are the epoch rows it was made of, by run id, their seconds on `clocks`.
    """

    groups: tuple[Group, ...]
    races: tuple[tuple[Group, ...], ...]
    """Those of `races_apart`: empty where all are looked at as one."""
    metric: Metric
    unit: Unit | None
    budget: float
    ranking: Ranking
    finding: Finding
    leaders: tuple[LeaderAt, ...]
    """At other equal budgets."""
    caveats: tuple[Caveat, ...]
    table: Table
    series: Mapping[str, Series]
    clocks: Clocks = WITHOUT_CLOCKS

    @property
    def leader(self) -> Group | None:
        """The group with the best mean, where groups can be ranked. How sure that is, says `finding`."""
        return self.finding.leader.group if isinstance(self.finding, Standing) else None

    @property
    def cut(self) -> Truncation | None:
        """Where the chart cuts every run; None when each is drawn to its end."""
        return None if self.unit is None or not self.budget > 0 else Truncation(self.unit.key, self.budget)

    @property
    def exact(self) -> tuple[RunSpec, ...]:
        """What to train so that every group is measured at this very budget; empty when all are."""
        if self.cut is None or not self.ranking.skipped:
            return ()
        return tuple(exact_specs(self.groups, self.cut.unit, self.cut.budget, self.clocks))

    def start(self, run: Run) -> float | None:
        """The value before the first update; None where it was not recorded, or nothing after it."""
        values = self.series[run.id][self.metric.key].tolist() if run.id in self.series else []
        return values[0] if len(values) > 1 and math.isfinite(values[0]) else None

    def verdict(self, first: Group, second: Group) -> Verdict:
        """The paired verdict on two of the groups, at the budget of the comparison and by its rule."""
        return verdict(
            first, second, self.series, self.ranking.unit, self.metric.key,
            self.budget if self.cut else None, pairs=self._pairs.with_pair(first, second), runs_on_page=self._runs,
        )  # fmt: skip

    @property
    def top_up(self) -> TopUp | None:
        """What to train so that more is settled between the leader and those it cannot be told from.

        None where nothing is open, nothing can be trained, something still trains, or no run has room beside these.
        """
        if not isinstance(self.finding, Standing):
            return None
        unsettled = [other.place for other in self.finding.others if not other.settled]
        if not unsettled:
            return None
        leader = self.finding.leader
        pairs = max(self._pairs.with_pair(leader.group, place.group) for place in unsettled)
        return top_up([leader, *unsettled], pairs, runs_on_page=self._runs)

    @functools.cached_property
    def _pairs(self) -> ComparedPairs:
        return ComparedPairs(self.races, self.ranking)

    @property
    def _runs(self) -> int:
        return sum(len(group.runs) for group in self.groups)

    def curves(self, unit: str, *, smoothing: float = 0.0, log: bool = False) -> tuple[GroupCurves, ...]:
        """What a chart draws over `unit`, of every group that has something, cut at the budget.

        A logarithmic axis has no place for the state before the first update.
        """
        drawn = []
        for group in self.groups:
            curves = seed_curves(
                group, self.series, unit, self.metric.key, smoothing=smoothing, until=self.cut
            )
            if log:
                curves = [replace(c, x=c.x[c.x > 0], y=c.y[c.x > 0]) for c in curves if (c.x > 0).any()]
            if curves:
                drawn.append(GroupCurves(group, tuple(curves), band(curves)))
        return tuple(drawn)


def compare(
    runs: Sequence[Run],
    series: Mapping[str, Series],
    *,
    metric: str = "val_loss",
    unit: str | None = None,
    names: Mapping[str, str] | None = None,
    clocks: Clocks = WITHOUT_CLOCKS,
) -> Comparison:
    """Compare runs in `metric` at equal `unit` (None: each at its end). `series`: their epoch rows by run id.

    The seconds that were recorded say what runs took, which compares nothing: here are none but those on `clocks`.
    """
    series = {run.id: clocks.on_clock(run, series[run.id]) for run in runs if run.id in series}
    groups = tuple(group_runs(runs, names))
    rankings = {key: rank(groups, series, key, metric) for key in UNITS}
    ranking = rankings[unit] if unit is not None else rank(groups, series, None, metric)
    races = tuple(map(tuple, races_apart(groups)))
    finding = _finding(groups, races, ranking, clocks)
    comparable = not isinstance(finding, NotComparable)
    values = tuple(of_values(groups, ranking, series, clocks)) if comparable else ()
    return Comparison(
        groups=groups,
        races=races,
        metric=METRICS[metric],
        unit=None if unit is None else UNITS[unit],
        budget=ranking.budget,
        ranking=ranking,
        finding=finding,
        leaders=tuple(_leaders(groups, races, ranking, rankings)) if len(groups) > 1 and comparable else (),
        caveats=(*values, *of_runs(groups, ranking), *of_clocks(groups, ranking, clocks)),
        table=table(groups, series, ranking, clocks),
        series=series,
        clocks=clocks,
    )


def _finding(
    groups: Sequence[Group], races: Sequence[Sequence[Group]], ranking: Ranking, clocks: Clocks
) -> Finding:
    if reason := obstacle(groups, ranking, clocks):
        return reason
    if len(groups) == 1:
        return OneGroup(ranking.places[0])
    valued = [place for place in ranking.places if place.at]
    return standing(ranking, ComparedPairs(races, ranking)) or NothingLeads(
        valued[0] if len(valued) == 1 else None
    )


def _leaders(
    groups: Sequence[Group],
    races: Sequence[Sequence[Group]],
    ranking: Ranking,
    rankings: Mapping[str, Ranking],
) -> list[LeaderAt]:
    """Who leads when something else is made equal. Only rankings of the same groups count."""
    if ranking.leader is None:
        return []
    budget_unit = ranking.unit or groups[0].spec.budget_unit
    leader, members = ranking.leader.group.key, _valued(ranking)
    # With equally many rows an epoch is the same number of examples for all.
    alike = len({group.training_rows for group in groups}) == 1
    leaders = []
    for unit, other in rankings.items():
        if alike and (unit == "examples" or {unit, budget_unit} == {"examples", "epochs"}):
            continue
        if unit == budget_unit or other.leader is None or _valued(other) != members:
            continue
        elsewhere = standing(other, ComparedPairs(races, other))
        if elsewhere is not None:
            leaders.append(
                LeaderAt(UNITS[unit], other.budget, elsewhere, elsewhere.leader.group.key == leader)
            )
    return leaders


def _valued(ranking: Ranking) -> set[str]:
    return {place.group.key for place in ranking.places if place.at}
