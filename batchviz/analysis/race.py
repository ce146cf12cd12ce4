"""How many seeds of each member a race trains: as many as find clear differences, in a time that can be stated."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from batchviz.analysis.limits import MAX_BACKGROUND_SECONDS, SEED_STEPS
from batchviz.analysis.pace import plan_seconds
from batchviz.experiment.clock import Clock, clock_key
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class Machine:
    """What is known of the machine that trains, for the time until several runs are over."""

    clocks: Mapping[str, Clock] = field(default_factory=dict)
    """By network (`clock_key`), of the way in which BatchViz trains."""
    overhead: float = 0.0
    """Seconds that a run takes beside its updates on the clock: see `beside`."""
    workers: int = 1
    """Runs at a time."""

    def seconds(self, plan: Plan) -> float | None:
        """What the updates of a plan take; None where no clock tells."""
        return plan_seconds(plan, self.clocks.get(clock_key(plan.spec) or ""))


@dataclass(frozen=True)
class FurtherSeeds:
    """Seeds of each member that follow the first in the background, and the seconds until they are over.

    `seconds` is None while no clock tells.
    """

    seeds: int
    seconds: float | None


def further_seeds(plans: Sequence[Plan], seeds: int, machine: Machine) -> FurtherSeeds:
    """What `seeds` seeds of each plan are, beside the first, and how long they take where nobody else's train."""
    each = [machine.seconds(plan) for plan in plans]
    on_clock = [seconds for seconds in each if seconds is not None]
    return FurtherSeeds(
        seeds - 1, _until_over(on_clock, seeds - 1, machine) if len(on_clock) == len(each) else None
    )


def affordable_seeds(plans: Sequence[Plan], most: int, machine: Machine) -> int:
    """The most of SEED_STEPS, at most `wanted`, whose further seeds are over within MAX_BACKGROUND_SECONDS.

    Without a clock the time is assumed: slow, so that nobody's machine is busy for long unasked.
    """
    each = [_assumed(plan) if (seconds := machine.seconds(plan)) is None else seconds for plan in plans]
    within = [
        seeds
        for seeds in sorted({*SEED_STEPS, most})
        if seeds <= most and _until_over(each, seeds - 1, machine) <= MAX_BACKGROUND_SECONDS
    ]
    return within[-1]


def beside(runs: Sequence[Run], clocks: Mapping[str, Clock]) -> float:
    """Seconds that finished runs took beside their updates on their clock: the median, 0 where none is known.

    Compilation, evaluation, records; and short runs, which are not compiled, take more than the clock tells.
    """
    machine = Machine(clocks)
    took = [
        max(0.0, run.finished - run.started - seconds)
        for run in runs
        if run.started is not None and run.finished is not None
        if (seconds := machine.seconds(run.plan)) is not None
    ]
    return statistics.median(took) if took else 0.0


def until_over(specs: Sequence[RunSpec], runs: Sequence[Run]) -> float:
    """Seconds that these take one after another, each as its group's finished runs took from their start to their end.

    Which is what its updates take on the clock and what these very runs took beside them. Where several are trained
    at a time they are over before. NaN where a group has none that was trained here.
    """
    took: dict[str, list[float]] = {}
    for run in runs:
        if run.status is Status.DONE and run.started is not None and run.finished is not None:
            took.setdefault(run.spec.group, []).append(run.finished - run.started)
    return math.fsum(statistics.median(took.get(spec.group, [math.nan])) for spec in specs)


def _until_over(each: Sequence[float], times: int, machine: Machine) -> float:
    return times * sum(seconds + machine.overhead for seconds in each) / machine.workers


def _assumed(plan: Plan) -> float:
    """100 us an update and a thousand million multiply-adds a second; a budget of time takes that time."""
    examples = (plan.epochs or 0) * plan.training_rows
    return (plan.updates or 0) * 1e-4 + examples * plan.size.multiplications * 1e-9
