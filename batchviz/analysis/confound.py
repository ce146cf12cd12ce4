"""What was not equal between groups of different batch sizes: how often they learned, and how far each time.

A budget makes one thing equal and so the others not, and a learning rate suits some batch sizes better than others.
Neither is a fault of a comparison. A ranking that does not say it teaches that it was the batch size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.budgets import row_at
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.replicates import Group
from batchviz.experiment.records import Source, Status
from batchviz.experiment.schedule import Epoch
from batchviz.experiment.series import Series


@dataclass(frozen=True)
class UnequalAmounts:
    """Of `unit` ("updates", or where all had as many "examples") one group had `most` and another `least`."""

    unit: str
    most_group: Group
    most: float
    least_group: Group
    least: float


@dataclass(frozen=True)
class OneRate:
    """Every batch size was trained at this learning rate."""

    rate: float


@dataclass(frozen=True)
class OwnRates:
    """Batch sizes were trained at different rates, told of the smallest and of the largest."""

    smallest: Group
    largest: Group
    rule: str
    """One of LEARNING_RATE_RULES where it is the same for all, "" otherwise."""


Confound = UnequalAmounts | OneRate | OwnRates


def confounds(groups: Sequence[Group], ranking: Ranking, series: Mapping[str, Series]) -> Iterator[Confound]:
    """What was not equal between the groups that have a value. Of rates nothing where all average as many examples."""
    valued = {place.group.key for place in ranking.places if place.at}
    with_value = [group for group in groups if group.key in valued]
    if len(with_value) < 2:
        return
    for unit in ("updates", "examples"):
        amounts = [(group, _amount(group, unit, ranking, series)) for group in with_value]
        with_amount = [(group, amount) for group, amount in amounts if amount > 0]
        if len(with_amount) < len(with_value):
            break
        least, most = min(with_amount, key=lambda pair: pair[1]), max(with_amount, key=lambda pair: pair[1])
        if round(most[1]) > round(least[1]):
            yield UnequalAmounts(unit, most[0], most[1], least[0], least[1])
            break
    several = len({_examples(group) for group in with_value}) > 1
    if several and all(group.runs[0].source is not Source.HISTORY for group in with_value):
        yield from _rates(with_value)


def _rates(groups: Sequence[Group]) -> Iterator[OneRate | OwnRates]:
    """Nothing where one batch size was trained at several rates: then the rate is what is compared."""
    used = {group.key: tuple(epoch.learning_rate for epoch in _epochs(group)) for group in groups}
    rates = {rate for of_group in used.values() for rate in of_group}
    if len(rates) == 1:
        yield OneRate(rates.pop())
        return
    if len({(_examples(group), used[group.key]) for group in groups}) > len(set(map(_examples, groups))):
        return
    rules = {group.spec.learning_rate_rule for group in groups}
    smallest, largest = min(groups, key=_examples), max(groups, key=_examples)
    yield OwnRates(smallest, largest, rules.pop() if len(rules) == 1 else "")


def _epochs(group: Group) -> list[Epoch]:
    """The first of every stretch of one batch size."""
    return group.plan.schedule.stretches()


def _examples(group: Group) -> tuple[int, ...]:
    """That an update averages, from stretch to stretch."""
    return tuple(epoch.examples_per_update for epoch in _epochs(group))


def _amount(group: Group, unit: str, ranking: Ranking, series: Mapping[str, Series]) -> float:
    """How much a run of the group had when it was ranked; NaN where it does not tell."""
    run = next(iter(group.where(Status.DONE)), group.runs[0])
    if ranking.unit is None:
        counted = run.counted(unit)
        return math.nan if counted is None else float(counted)
    if ranking.unit == unit:
        return ranking.budget
    recorded = [(run, series[run.id]) for run in group.runs if run.id in series]
    measured = [(rows, row_at(run, rows, ranking.unit, ranking.budget)) for run, rows in recorded]
    return next((float(rows[unit][row]) for rows, row in measured if row is not None), math.nan)
