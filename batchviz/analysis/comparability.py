"""Whether groups can be ranked against each other, and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from batchviz.analysis.differences import DifferingField, data_differences
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.pace import Clocks
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.replicates import Group
from batchviz.experiment.records import Status


class Reason(Enum):
    """Why there is no ranking. The first that holds is the one that is told."""

    NO_RUNS = auto()
    MIXED_TASKS = auto()
    """Regression and classification have no loss in common."""
    DIFFERENT_DATA = auto()
    DIFFERENT_BUDGETS = auto()
    """At their ends only runs of one budget can be ranked; at an equal budget all can."""
    STOPPED_EARLY = auto()
    """The same: `groups` are those with a stopped run."""
    NOTHING_FINITE = auto()
    STILL_TRAINING = auto()
    UNIT_NOT_RECORDED = auto()
    """None of the runs tells how much of the unit it had."""
    CLOCK_UNKNOWN = auto()
    """In seconds: no clock of these networks was measured yet."""
    NO_CLOCK = auto()
    """In seconds: these networks cannot be measured here."""
    NO_VALIDATION_ROWS = auto()
    METRIC_NOT_RECORDED = auto()


@dataclass(frozen=True)
class NotComparable:
    """No ranking can be made of these groups."""

    reason: Reason
    groups: tuple[Group, ...] = ()
    fields: tuple[DifferingField, ...] = ()
    """Of DIFFERENT_DATA: what differs."""


def obstacle(groups: Sequence[Group], ranking: Ranking, clocks: Clocks) -> NotComparable | None:
    """Why these groups cannot be ranked, None when they can."""
    if not groups:
        return NotComparable(Reason.NO_RUNS)
    if len({group.plan.metric_name for group in groups}) > 1:
        return NotComparable(Reason.MIXED_TASKS, tuple(groups))
    if fields := data_differences([group.runs[0] for group in groups]):
        return NotComparable(Reason.DIFFERENT_DATA, tuple(groups), tuple(fields))
    if any(place.at for place in ranking.places):
        return _ends_differ(groups) if ranking.unit is None and len(groups) > 1 else None
    return NotComparable(_nothing_measured(groups, ranking, clocks), tuple(groups))


def _ends_differ(groups: Sequence[Group]) -> NotComparable | None:
    """At their ends only runs of one budget, used up, can be ranked."""
    if len({(group.spec.budget_unit, group.spec.budget) for group in groups}) > 1:
        return NotComparable(Reason.DIFFERENT_BUDGETS, tuple(groups))
    short = tuple(group for group in groups if group.where(Status.STOPPED))
    return NotComparable(Reason.STOPPED_EARLY, short) if short else None


def _nothing_measured(groups: Sequence[Group], ranking: Ranking, clocks: Clocks) -> Reason:
    """Why no group has a value."""
    if any(place.broken for place in ranking.places):
        return Reason.NOTHING_FINITE
    if all(run.status in (Status.QUEUED, Status.RUNNING) for group in groups for run in group.runs):
        return Reason.STILL_TRAINING
    if ranking.unit == "seconds" and not ranking.budget > 0:
        measurable = clocks.unknown([run for group in groups for run in group.runs])
        return Reason.CLOCK_UNKNOWN if measurable else Reason.NO_CLOCK
    if ranking.unit is not None and not ranking.budget > 0:
        return Reason.UNIT_NOT_RECORDED
    if METRICS[ranking.metric].part == "validation" and not any(g.plan.validation_rows for g in groups):
        return Reason.NO_VALIDATION_ROWS
    return Reason.METRIC_NOT_RECORDED
