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
FREE_SECONDS = 0.0018
"""What they may take of runs for which that share would be less: these take longer than their updates do."""
NEAR = 1.25
"""Two moments of a smaller ratio are one to the eye."""
_GRIDS = ((1.2, 2, 3, 5, 8), (1, 2, 5), (1, 3), (1,))
"""Per decade, finest first: 1, 2, 3, 5, 8, 12, 20, 30, ..."""


def moments(plan: Plan, asked: Iterable[int] = ()) -> tuple[int, ...]:
    """Updates after which a run is measured: those `asked` for, and log-spaced ones as far as they are worth it.

    Rising, each inside an epoch: at an epoch's end every run is measured anyway.
    """
    wanted = [update for update in sorted(set(asked)) if inside_epoch(plan, update)]
    affordable = max(0, _affordable(plan) - len(wanted))
    ends = (plan.first.updates, plan.updates or math.inf)
    grids = [_apart(_grid(mantissas, min(ends)), (*wanted, *ends)) for mantissas in _GRIDS]
    # Of the coarsest, if need be, every second, third, ...
    grids += [grids[-1][::step] for step in range(2, len(grids[-1]) + 1)] + [[]]
    return tuple(sorted({*wanted, *next(grid for grid in grids if len(grid) <= affordable)}))


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


def _grid(mantissas: Sequence[float], below: float) -> list[int]:
    decades = range(math.ceil(math.log10(below + 1)))
    return [update for k in decades for m in mantissas if (update := int(m * 10**k)) < below]


def _apart(updates: Iterable[int], others: Sequence[float]) -> list[int]:
    return [u for u in updates if all(max(u, other) / min(u, other) >= NEAR for other in others)]


def _affordable(plan: Plan) -> int:
    """Evaluations that SHARE of the training time pays."""
    return int(max(SHARE * training_seconds(plan), FREE_SECONDS) / evaluation_seconds(plan))
