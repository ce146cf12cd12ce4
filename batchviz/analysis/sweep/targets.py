"""The losses to reach: as asked for, or proposed from a pilot run; three, since the answer moves with them.

Proposed are points of the pilot's own way down: so much of it in the logarithm of the excess over the floor. The floor
is what a model that knows the law of the data scores on these rows; where nobody knows the law it is 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from batchviz.analysis.sweep.runs import LossCurve, SweepRun
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.sweep_spec import SweepSpec

SHARES = (0.5, 0.7, 0.9)
"""Of the pilot's way down, in log excess."""
_LEAST_EXCESS = 0.01
"""Of the start's: a pilot that ends lower, or by luck below the floor, is taken to end there."""


class Refusal(Enum):
    """Why a target is none."""

    BELOW_FLOOR = auto()
    """Nobody who knows the law of the data would get there."""
    ABOVE_START = auto()
    """Runs are there before their first update."""


@dataclass(frozen=True)
class Target:
    """One loss to reach."""

    value: float
    proposed: bool
    refusal: Refusal | None = None


def floor_of(plan: Plan) -> float:
    """That of the validation loss; 0 where none is known, since no loss here is below."""
    floor = None if plan.floor is None else plan.floor.validation
    return 0.0 if floor is None else floor.loss


def proposed(pilot: LossCurve, floor: float) -> tuple[float, ...]:
    """Targets between a pilot's start and its lowest loss, highest first, in three digits; none if it never fell."""
    if len(pilot.values) < 2:
        return ()
    start = float(pilot.values[0]) - floor
    lowest = max(float(pilot.values.min()) - floor, _LEAST_EXCESS * start)
    if not 0 < lowest < start:
        return ()
    targets = (floor + start * math.pow(lowest / start, share) for share in SHARES)
    return tuple(dict.fromkeys(float(f"{target:.3g}") for target in targets))


def pilot(spec: SweepSpec, runs: Sequence[SweepRun]) -> SweepRun | None:
    """The sweep's pilot; if it diverged, its neighbour at the next lower rate. None until that one has ended."""
    first = spec.pilot
    size = spec.examples(first.batch_size)
    for rate in [rate for rate in reversed(spec.learning_rates) if rate <= first.learning_rate]:
        candidates = [r for r in runs if (r.batch_size, r.learning_rate, r.seed) == (size, rate, first.seed)]
        if not any(run.status.final for run in candidates):
            return None
        done = next((run for run in candidates if run.reported), None)
        if done is not None:
            return done
    return None


def targets(spec: SweepSpec, runs: Sequence[SweepRun]) -> tuple[Target, ...]:
    """The sweep's targets, highest first; empty until the pilot has ended where they are to be proposed."""
    floor = floor_of(plan_for(spec.base))
    if spec.targets:
        starts = [float(run.curve.values[0]) for run in runs if len(run.curve.values)]
        start = min(starts, default=math.inf)
        values = sorted(spec.targets, reverse=True)
        return tuple(Target(value, False, _refusal(value, floor, start)) for value in values)
    first = pilot(spec, runs)
    return () if first is None else tuple(Target(value, True) for value in proposed(first.curve, floor))


def _refusal(value: float, floor: float, start: float) -> Refusal | None:
    if value <= floor:
        return Refusal.BELOW_FLOOR
    return Refusal.ABOVE_START if value >= start else None
