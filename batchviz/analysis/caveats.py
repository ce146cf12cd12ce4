"""What a reader must know beside a ranking: values missing, other differences, broken, unfinished, imported runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.confound import Confound, confounds
from batchviz.analysis.differences import BUDGET, DifferingField, differing
from batchviz.analysis.pace import Clocks, network
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.replicates import Group
from batchviz.experiment.records import Source, Status
from batchviz.experiment.series import Series


@dataclass(frozen=True)
class NotMeasured:
    """Groups with runs that trained past the budget without being measured there, which have no place by those."""

    groups: tuple[Group, ...]
    trainable: bool
    """Whether all of them can be trained to that budget here."""


@dataclass(frozen=True)
class OtherDifferences:
    """The groups differ in more than one field, so that none of these alone explains a difference."""

    fields: tuple[DifferingField, ...]
    """Without the batch size."""
    batch_size: bool
    """Whether that differs, too."""


@dataclass(frozen=True)
class NoValue:
    """Groups that ended, and have no value at this budget."""

    groups: tuple[Group, ...]


@dataclass(frozen=True)
class UnequalSeeds:
    """Means over different numbers of seeds: `group` has the fewest."""

    group: Group
    seeds: int
    most: int


@dataclass(frozen=True)
class UnderWay:
    """So many of all runs are queued or training."""

    groups: tuple[Group, ...]
    runs: int
    all_runs: int


@dataclass(frozen=True)
class Broken:
    """Groups with runs that diverged or failed, which rank last."""

    status: Status
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class StoppedEarly:
    """Groups with a run that somebody stopped."""

    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Imported:
    """Groups that were not trained here, so that none passes for one that was."""

    source: Source
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class WithoutClock:
    """Groups that have no seconds: their clock is not measured yet, or (`measurable` False) cannot be here."""

    groups: tuple[Group, ...]
    measurable: bool


@dataclass(frozen=True)
class OnThisClock:
    """Groups that were trained elsewhere, whose seconds are nevertheless those of this machine."""

    groups: tuple[Group, ...]


Caveat = (
    NotMeasured
    | OtherDifferences
    | NoValue
    | UnequalSeeds
    | UnderWay
    | Broken
    | StoppedEarly
    | Imported
    | WithoutClock
    | OnThisClock
    | Confound
)


def of_values(
    groups: Sequence[Group], ranking: Ranking, series: Mapping[str, Series], clocks: Clocks
) -> Iterator[Caveat]:
    """Of the values themselves: what was not equal, not measured, different in more than one field."""
    yield from confounds(groups, ranking, series)
    if ranking.skipped and ranking.unit is not None:
        skipped = tuple(place.group for place in ranking.skipped)
        timed = ranking.unit != "seconds" or all(clocks.for_run(group.runs[0]) for group in skipped)
        yield NotMeasured(skipped, timed and all(group.trainable for group in skipped))
    yield from _others(groups, ranking)
    ended = tuple(
        group
        for group in ranking.left_out
        if not group.where(Status.QUEUED, Status.RUNNING)
        and (ranking.unit != "seconds" or clocks.for_run(group.runs[0]))
    )
    if ended:
        yield NoValue(ended)
    valued = [place for place in ranking.places if place.at]
    if len({len(place.at) for place in valued}) > 1:
        fewest = min(valued, key=lambda place: len(place.at))
        yield UnequalSeeds(fewest.group, len(fewest.at), max(len(place.at) for place in valued))


def _others(groups: Sequence[Group], ranking: Ranking) -> Iterator[Caveat]:
    without = ("seed", *(() if ranking.unit is None else BUDGET))
    fields = differing([group.runs[0] for group in groups], without=without)
    others = tuple(field for field in fields if field.field != "batch_size")
    batch_size = len(others) < len(fields)
    if others and (batch_size or len(others) > 1):
        yield OtherDifferences(others, batch_size)


def of_runs(groups: Sequence[Group], ranking: Ranking) -> Iterator[Caveat]:
    """Of runs that are under way, broke, were stopped, or were trained elsewhere."""
    runs = sum(len(group.runs) for group in groups)
    under_way = sum(len(group.where(Status.QUEUED, Status.RUNNING)) for group in groups)
    if 0 < under_way < runs:
        yield UnderWay(_with(groups, Status.QUEUED, Status.RUNNING), under_way, runs)
    for status in (Status.DIVERGED, Status.FAILED):
        if broken := _with(groups, status):
            yield Broken(status, broken)
    if stopped := _with(groups, Status.STOPPED):
        yield StoppedEarly(stopped)
    yield from origins(groups)


def of_clocks(groups: Sequence[Group], ranking: Ranking, clocks: Clocks) -> Iterator[Caveat]:
    """Of seconds: which groups have none, and which are told on a clock that is not of where they were trained."""
    if ranking.unit != "seconds" or not ranking.budget > 0:
        return
    with_clock = [group for group in groups if clocks.for_run(group.runs[0])]
    for measurable in (True, False):
        without = tuple(
            group
            for group in groups
            if group not in with_clock and (network(group.runs[0]) is not None) is measurable
        )
        if without:
            yield WithoutClock(without, measurable)
    if elsewhere := tuple(group for group in with_clock if group.runs[0].source is not Source.HERE):
        yield OnThisClock(elsewhere)


def origins(groups: Sequence[Group]) -> Iterator[Imported]:
    """Which groups were not trained here."""
    for source in (Source.ARCHIVE, Source.HISTORY):
        if imported := tuple(group for group in groups if group.runs[0].source is source):
            yield Imported(source, imported)


def _with(groups: Sequence[Group], *statuses: Status) -> tuple[Group, ...]:
    return tuple(group for group in groups if group.where(*statuses))
