"""What recorded runs say of a question: which of its options differ, and which cannot be told apart.

Of what was measured it is the comparison's own evidence: the same seeds, the same levels, as many pairs as the question
has. What is counted from the settings is exact.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import numpy as np

from batchviz.analysis.comparison import compare
from batchviz.analysis.evidence import Evidence, Grade, evidence
from batchviz.analysis.pace import plan_seconds
from batchviz.analysis.ranking import Ranked
from batchviz.experiment.clock import Clock, clock_key
from batchviz.experiment.limits import MAX_SCATTER
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series
from batchviz.experiment.spec import RunSpec
from batchviz.lessons.lesson import Lesson
from batchviz.lessons.question import Measure, Question

_EQUAL: Mapping[Measure, str | None] = {
    Measure.VALIDATION_LOSS: None,
    Measure.VALIDATION_LOSS_AT_OWN_RATE: None,
    Measure.TRAINING_LOSS: None,
    Measure.VALIDATION_LOSS_AT_EQUAL_UPDATES: "updates",
    Measure.VALIDATION_LOSS_AT_EQUAL_EPOCHS: "epochs",
}
"""What is made equal; None: each run is taken at its end."""
SELECTION_SEEDS = 3
"""Of each member: the first ones, where a rate is chosen."""


class Relation(Enum):
    """Of the first to the second of a pair, in what is measured."""

    LOWER = auto()
    HIGHER = auto()
    SAME = auto()
    """Equal where it is counted; not distinguishable with ten seeds or more where it is measured."""
    OPEN = auto()
    """Not settled: too few seeds, or a difference that is likely and no more."""

    @property
    def settled(self) -> bool:
        """Whether an answer can be right or wrong."""
        return self is not Relation.OPEN


@dataclass(frozen=True)
class Recorded:
    """What there is of a race: runs, their epoch and update rows by run id, the clocks of their networks by key."""

    runs: Sequence[Run] = ()
    epochs: Mapping[str, Series] = field(default_factory=dict)
    updates: Mapping[str, Series] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    equal: Recorded | None = None
    """Runs that end after equal seconds, once they are over."""

    @property
    def over(self) -> bool:
        """Whether there are runs, and none will record anything more."""
        return bool(self.runs) and all(run.status.final for run in self.runs)


@dataclass(frozen=True)
class Pair:
    """Two options, and what is true of the first against the second."""

    first: str
    second: str
    relation: Relation
    evidence: Evidence | None = None
    """None where nothing was measured, or no seed is shared."""


@dataclass(frozen=True)
class Outcome:
    """What is true of a question's options, by their keys."""

    measure: Measure
    values: Mapping[str, float]
    """The mean over seeds; infinite where a run diverged, NaN where nothing is known."""
    seeds: Mapping[str, Sequence[float]]
    """The single values, one a seed; of what is counted, one."""
    pairs: tuple[Pair, ...]
    rates: Mapping[str, float] = field(default_factory=dict)
    """Learning rates that were chosen, where that was asked."""

    @property
    def is_known(self) -> bool:
        """Whether every option has a value."""
        return bool(self.values) and not any(math.isnan(value) for value in self.values.values())


def outcome(lesson: Lesson, question: Question, recorded: Recorded) -> Outcome | None:
    """What the runs say; None for a question that no measurement decides."""
    if question.measure is None:
        return None
    measure = question.measure
    specs = {option.key: spec for option, spec in lesson.runs_of(question)}
    if measure.counted or measure in (Measure.SECONDS, Measure.UPDATE_SECONDS_RATIO):
        return _counted(measure, specs, recorded, lesson.members[0])
    if measure in (Measure.SPREAD, Measure.SPREAD_RATIO):
        values = _spreads(specs, recorded)
        if measure is Measure.SPREAD_RATIO:
            [first] = _spreads({"first": lesson.members[0]}, recorded).values()
            values = {key: _ratios(first, each) for key, each in values.items()}
        return _by_values(measure, values)
    match measure:
        case Measure.PRINTED_RATIO:
            return _by_values(measure, _printed(specs, recorded))
        case Measure.VALIDATION_LOSS_AT_OWN_RATE:
            return _at_own_rate(measure, specs, recorded)
        case Measure.VALIDATION_LOSS_AT_EQUAL_SECONDS:
            return _at_equal_seconds(measure, specs, recorded)
        case _:
            return _compared(measure, specs, recorded)


def _counted(measure: Measure, specs: Mapping[str, RunSpec], recorded: Recorded, first: RunSpec) -> Outcome:
    values = {key: _count(measure, plan_for(spec), recorded, plan_for(first)) for key, spec in specs.items()}
    slack = MAX_SCATTER if measure.timed else 0.0
    pairs = [
        Pair(first, second, _relation(values[first], values[second], slack))
        for first, second in itertools.combinations(values, 2)
    ]
    return Outcome(measure, values, {key: (value,) for key, value in values.items()}, tuple(pairs))


def _count(measure: Measure, plan: Plan, recorded: Recorded, first: Plan) -> float:
    clock = recorded.clocks.get(clock_key(plan.spec) or "")
    match measure:
        case Measure.UPDATES:
            return float(plan.updates or math.nan)
        case Measure.UPDATES_PER_EPOCH:
            return float(plan.first.updates)
        case Measure.LAST_BATCH:
            return float(plan.first.last_batch)
        case Measure.ACTIVATIONS:
            return float(plan.memory.activations_low)
        case Measure.MEMORY:
            return float(plan.memory.low)
        case Measure.SECONDS:
            seconds = plan_seconds(plan, clock)
            return math.nan if seconds is None or not plan.epochs else seconds / plan.epochs
        case _:
            if clock is None:
                return math.nan
            sizes = (plan.first.batch_size, first.first.batch_size)
            update, unit = (clock.seconds_per_update(size) for size in sizes)
            return update / unit


def _relation(first: float, second: float, slack: float) -> Relation:
    """`slack` is the share by which repeats of a measurement differ: within it nothing is settled."""
    if math.isnan(first) or math.isnan(second):
        return Relation.OPEN
    if abs(first - second) <= slack * min(first, second):
        return Relation.OPEN if slack else Relation.SAME
    return Relation.LOWER if first < second else Relation.HIGHER


def _spreads(specs: Mapping[str, RunSpec], recorded: Recorded) -> dict[str, dict[int, float]]:
    values: dict[str, dict[int, float]] = {key: {} for key in specs}
    for key, spec in specs.items():
        for run in recorded.runs:
            losses = recorded.updates[run.id]["loss"] if run.id in recorded.updates else np.empty(0)
            if run.spec.group == spec.group and run.status.final and len(losses) > 1:
                values[key][run.spec.seed] = float(losses.astype(np.float64).std(ddof=1))
    return values


def _ratios(first: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    return {seed: first[seed] / value for seed, value in other.items() if value > 0 and seed in first}


def _printed(specs: Mapping[str, RunSpec], recorded: Recorded) -> dict[str, dict[int, float]]:
    values: dict[str, dict[int, float]] = {key: {} for key in specs}
    for key, spec in specs.items():
        for run in recorded.runs:
            if run.spec.group != spec.group or run.id not in recorded.epochs:
                continue
            rows = recorded.epochs[run.id]
            ends = np.flatnonzero(np.isfinite(rows["loss"]) & (rows["updates"] > 0))
            if len(ends):
                printed, true = (float(rows[name][ends[0]]) for name in ("loss", "train_loss"))
                if true > 0:
                    values[key][run.spec.seed] = printed / true
    return values


def _at_own_rate(measure: Measure, specs: Mapping[str, RunSpec], recorded: Recorded) -> Outcome:
    """What chose a rate reports nothing: a lowest value is partly luck."""
    chosen: dict[str, RunSpec] = {}
    seeds = sorted({run.spec.seed for run in recorded.runs})[:SELECTION_SEEDS]
    for key, spec in specs.items():
        rates = [run for run in recorded.runs if _only_rate_differs(run.spec, spec)]
        best = compare([run for run in rates if run.spec.seed in seeds], recorded.epochs).ranking.places
        chosen[key] = best[0].group.spec if best and not best[0].broken else spec
    reporting = [run for run in recorded.runs if run.spec.seed not in seeds]
    reported = _compared(measure, chosen, Recorded(reporting, recorded.epochs))
    return replace(reported, rates={key: spec.learning_rate for key, spec in chosen.items()})


def _only_rate_differs(first: RunSpec, second: RunSpec) -> bool:
    return first.replace(learning_rate=second.learning_rate).group == second.group


def _at_equal_seconds(measure: Measure, specs: Mapping[str, RunSpec], recorded: Recorded) -> Outcome:
    """By the runs that end there; nothing is read off the others between two of their measurements."""
    ending = recorded.equal or Recorded()
    ends: dict[str, RunSpec] = {}
    for key, spec in specs.items():
        for run in ending.runs:
            budget = {"budget_unit": spec.budget_unit, "budget": spec.budget}
            if run.spec.replace(**budget).group == spec.group:
                ends[key] = run.spec
    return _compared(measure, {key: ends.get(key, spec) for key, spec in specs.items()}, ending)


def _by_values(measure: Measure, values: Mapping[str, Mapping[int, float]]) -> Outcome:
    combinations = list(itertools.combinations(values, 2))
    pairs = []
    for first, second in combinations:
        difference = evidence(values[first], values[second], pairs=len(combinations))
        pairs.append(Pair(first, second, _settled(difference), difference))
    means = {key: sum(each.values()) / len(each) if each else math.nan for key, each in values.items()}
    return Outcome(measure, means, {key: tuple(each.values()) for key, each in values.items()}, tuple(pairs))


def _compared(measure: Measure, specs: Mapping[str, RunSpec], recorded: Recorded) -> Outcome:
    groups = {spec.group: key for key, spec in specs.items()}
    compared = compare(
        [run for run in recorded.runs if run.spec.group in groups],
        recorded.epochs,
        metric="train_loss" if measure is Measure.TRAINING_LOSS else "val_loss",
        unit=_EQUAL.get(measure),
    )
    places = {groups[place.group.spec.group]: place for place in compared.ranking.places}
    pairs = []
    for first, second in itertools.combinations(specs, 2):
        relation, difference = Relation.OPEN, None
        if first in places and second in places:
            difference = compared.verdict(places[first].group, places[second].group).evidence
            relation = _whole(places[first], places[second]) or _settled(difference)
        pairs.append(Pair(first, second, relation, difference))
    return Outcome(
        measure,
        {key: _mean(places.get(key)) for key in specs},
        {key: tuple(places[key].values.values()) if key in places else () for key in specs},
        tuple(pairs),
    )


def _whole(first: Ranked, second: Ranked) -> Relation | None:
    """A group of which a run diverged is last, as in every ranking; None where that settles nothing."""
    if bool(first.broken) == bool(second.broken):
        return Relation.OPEN if first.broken else None
    return Relation.HIGHER if first.broken else Relation.LOWER


def _settled(difference: Evidence | None) -> Relation:
    """What evidence settles: a clear difference, or that ten seeds or more do not tell the two apart."""
    if difference is None or difference.grade not in (Grade.CLEAR, Grade.TIED):
        return Relation.OPEN
    if difference.grade is Grade.TIED:
        return Relation.SAME
    return Relation.LOWER if difference.mean < 0 else Relation.HIGHER


def _mean(place: Ranked | None) -> float:
    if place is None:
        return math.nan
    return math.inf if place.broken else place.mean
