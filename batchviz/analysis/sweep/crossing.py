"""Where a measured loss first reaches a target.

The rule: the first measurement whose value *and one neighbour's* are at or below the target (the median of three
neighbouring measurements; the first and the last stand for themselves), so that one lucky measurement of a noisy curve
is no arrival. A falling curve is its own median. Between that measurement and the one before, updates are read off the
straight line in logarithms of both, where the two are near (moments.JOINED); where not, the interval is all there is.
`tests/analysis/sweep/test_crossing.py` measures what noise makes of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from batchviz.analysis.sweep.runs import Floats, LossCurve
from batchviz.experiment.moments import JOINED


@dataclass(frozen=True)
class Crossing:
    """Updates between which the target was reached: not after `low` of them, and after `high`."""

    low: float
    high: float
    at: float | None
    """Read off the line between the two; None where they are too far apart to know."""


def smoothed(values: Floats) -> Floats:
    """The median of each value and its two neighbours; the ends as they are."""
    if len(values) < 3:
        return values
    before, here, after = values[:-2], values[1:-1], values[2:]
    inner = np.maximum(np.minimum(before, here), np.minimum(np.maximum(before, here), after))
    return np.concatenate([values[:1], inner, values[-1:]])


def crossing(curve: LossCurve, target: float) -> Crossing | None:
    """When a curve first reaches `target`; None if it never does. A curve that starts there has reached it at 0."""
    values = smoothed(curve.values)
    reached = np.flatnonzero(values <= target)
    if not len(reached):
        return None
    after = int(reached[0])
    high = float(curve.updates[after])
    if after == 0:
        return Crossing(high, high, high)
    low = float(curve.updates[after - 1])
    return Crossing(low, high, _between(low, high, float(values[after - 1]), float(values[after]), target))


def _between(low: float, high: float, before: float, now: float, target: float) -> float | None:
    if high <= low + 1:
        return high  # between two updates nothing changes
    if low <= 0 or high > JOINED * low:
        return None
    if now > 0:
        before, now, target = math.log(before), math.log(now), math.log(target)
    share = (before - target) / (before - now)
    return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
