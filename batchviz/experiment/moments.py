"""When a run is measured beside its epochs' ends: log-spaced in the first epoch, and where others of its race end.

Arithmetic alone decides, so that equal specs are measured alike, whatever else the machine does. The log-spaced ones
may take a tenth of the training; runs of some milliseconds are measured all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.expected import evaluation_seconds, training_seconds
from batchviz.experiment.limits import MAX_MOMENTS
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec

SHARE = 0.1
"""Of the expected training time, for the log-spaced measurements."""
CALL_SECONDS = 3e-4
"""Of the second call into the training loop that a measurement inside an epoch causes, beside itself."""
FREE_SECONDS = 0.0024
"""What they may take of runs for which that share would be less: these take longer than their updates do."""
NEAR = 1.15
"""Two moments of a smaller ratio are one to the eye."""
JOINED = 4
"""Ratio of their updates up to which two measurements are joined by a line."""
FINEST = 1.6
"""Ratio of two of the log-spaced moments, at the least: five a decade."""


def moments(plan: Plan, requested: Iterable[int] = ()) -> tuple[int, ...]:
    """Updates after which a run is measured: those `requested`, and log-spaced ones as far as they are worth it.

    Rising, each inside an epoch: at an epoch's end every run is measured anyway.
    """
    inside = [update for update in sorted(set(requested)) if inside_epoch(plan, update)]
    ends = (plan.first.updates, plan.updates or math.inf)
    affordable = _affordable(plan)
    count = max(affordable - len(inside), min(1, affordable))
    spaced = _apart(_downwards(min(ends), inside, count), (*inside, *ends))
    return tuple(sorted({*inside, *spaced}))


def of_a_race(specs: Sequence[RunSpec], beside: Sequence[RunSpec] = ()) -> list[tuple[int, ...]]:
    """For each of `specs`, where the others and those `beside` end, in updates and in examples: its own updates.

    What all of them had can then be compared as it was measured. A budget in seconds ends nobody knows where.
    """
    plans = {spec.replace(seed=0): plan_for(spec) for spec in [*specs, *beside]}
    ends = [plan for plan in plans.values() if plan.updates is not None and plan.examples is not None]
    return [_ends_within(plan_for(spec), ends) for spec in specs]


def of_a_sweep(spec: SweepSpec) -> dict[BatchSize, tuple[int, ...]]:
    """For each batch size of a sweep, where the others end: its own updates."""
    firsts = [spec.base.replace(batch_size=size) for size in spec.batch_sizes]
    return dict(zip(spec.batch_sizes, of_a_race(firsts), strict=True))


def inside_epoch(plan: Plan, update: int) -> bool:
    """Whether an epoch goes on after this update, and the run does."""
    if update < 1 or update >= (plan.updates or math.inf):
        return False
    return plan.schedule.reached("updates", update).examples % plan.training_rows != 0


def _ends_within(plan: Plan, others: Sequence[Plan]) -> tuple[int, ...]:
    ends = {other.updates for other in others if other.updates is not None}
    for examples in {other.examples for other in others if other.examples is not None}:
        ends.add(plan.schedule.reached("examples", examples).updates)
    return tuple(sorted(update for update in ends if inside_epoch(plan, update)))[:MAX_MOMENTS]


def _downwards(end: float, inside: Sequence[int], count: int) -> list[int]:
    """At most `count` updates before `end`, evenly spaced in log: down to the first few where that leaves no gap.

    Otherwise from the end down as far as a line can be drawn without one; what is `inside` anyway is part of it. The
    start is joined to update JOINED.
    """
    if not count:
        return []
    most = JOINED / NEAR  # so that one in place of which a neighbour is measured leaves no gap
    ratio = min(most, max(FINEST, (end / JOINED) ** (1 / count)))
    reach = ratio if ratio < most else JOINED
    at, made = int(end), list[int]()
    while at > 1:
        if there := [update for update in inside if at / reach <= update < at]:
            at = there[0]
        elif len(made) < count:
            at = min(at - 1, max(round(at / ratio), math.ceil(at / most)))
            made.append(at)
        else:
            break
    return made


def _apart(updates: Iterable[int], others: Sequence[float]) -> list[int]:
    return [u for u in updates if all(max(u, other) / min(u, other) >= NEAR for other in others)]


def _affordable(plan: Plan) -> int:
    """Evaluations that SHARE of the training time pays."""
    return int(max(SHARE * training_seconds(plan), FREE_SECONDS) / (CALL_SECONDS + evaluation_seconds(plan)))
