"""What the seeds that two groups share say of them: the effect, its interval, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum, auto

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.limits import MIN_SEEDS, RACE_SEEDS
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.ranking import Ranked
from batchviz.analysis.significance import chance, interval

LIKELY = 11
"""So many times larger levels make a difference likely: 9 of 10 seeds, or all of 7, pass the sign test then."""
RESOLUTION = 1e-6
"""Relative differences below this are rounding of 32-bit numbers."""


class Scale(Enum):
    """In what two groups are compared."""

    RATIO = auto()
    """Losses and errors: logarithms of ratios, whose spread is even where that of differences is not."""
    SHARE = auto()
    """Accuracy: differences, in points as readers think of it. Odds would be infinite at the 1 that many runs reach."""
    DIFFERENCE = auto()
    """Losses of which one is zero or less, and so has no logarithm."""


class Grade(IntEnum):
    """What a pair's seeds establish, from nothing to much."""

    TOO_FEW_SEEDS = auto()
    """Fewer than MIN_SEEDS shared: an effect, and no evidence."""
    OPEN = auto()
    """Not settled yet."""
    TIED = auto()
    """Not distinguishable with RACE_SEEDS seeds or more: what lies outside the interval is ruled out."""
    LIKELY = auto()
    """Of equal pairs, fewer than 10 in 100 are ever called so."""
    CLEAR = auto()
    """Of equal pairs, fewer than 2 in 100 are ever called so."""


@dataclass(frozen=True)
class Evidence:
    """First against second over shared seeds, on a scale on which 0 is no difference.

    RATIO: natural logarithm of first / second; otherwise first minus second. `mean` is over the seeds, `low` and
    `high` are its interval at CONFIDENCE, infinite where so few seeds rule nothing out.
    """

    scale: Scale
    seeds: int
    mean: float
    low: float
    high: float
    spread: float
    """Standard deviation over the seeds; NaN for a single one."""
    lower: int
    """Seeds with which the first is lower."""
    higher: int
    grade: Grade
    pairs: int
    """Shown beside each other on the page."""
    chance: float
    """At most so often is a difference this strong found where there is none; of this pair alone."""

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.grade is Grade.CLEAR

    @property
    def agreeing(self) -> int:
        """Seeds that go the way of the mean."""
        return self.lower if self.mean < 0 else self.higher

    @property
    def identical(self) -> bool:
        """Whether both gave the same value with every seed."""
        return not self.lower and not self.higher


def between(first: Ranked, second: Ranked, metric: str, pairs: int = 1) -> Evidence | None:
    """Evidence on two places of a ranking in `metric`; None where they share no seed."""
    plan = first.group.plan
    share = METRICS[metric].higher_is_better(plan)
    rows = plan.validation_rows if METRICS[metric].part == "validation" else plan.training_rows
    return evidence(first.values, second.values, step=1 / max(rows, 1) if share else 0.0, pairs=pairs)


def evidence(
    first: Mapping[int, float], second: Mapping[int, float], *, step: float = 0.0, pairs: int = 1
) -> Evidence | None:
    """What the seeds that both have say, one of `pairs` shown together; None where they share none.

    `step`: of shares, the least difference between two values, 1 / rows; 0: losses. The spread of shares is never
    taken for less than half a step, since a few seeds may well agree to the row.
    """
    seeds = sorted(set(first) & set(second))
    if not seeds:
        return None
    a, b = (np.array([values[seed] for seed in seeds], np.float64) for values in (first, second))
    scale = Scale.SHARE if step else Scale.RATIO if min(a.min(), b.min()) > 0 else Scale.DIFFERENCE
    rounding = RESOLUTION * (1.0 if scale is Scale.RATIO else float(np.abs([a, b]).max()))
    differences = np.log(a) - np.log(b) if scale is Scale.RATIO else a - b
    differences[np.abs(differences) <= rounding] = 0.0
    bounds = interval(differences, pairs, step / 2)
    return Evidence(
        scale=scale,
        seeds=len(seeds),
        mean=float(differences.mean()),
        low=bounds[0],
        high=bounds[1],
        spread=float(differences.std(ddof=1)) if len(seeds) > 1 else math.nan,
        lower=int((differences < 0).sum()),
        higher=int((differences > 0).sum()),
        grade=_grade(differences, bounds, pairs, step / 2),
        pairs=pairs,
        chance=chance(differences, step / 2),
    )


def _grade(
    differences: NDArray[np.float64], bounds: tuple[float, float], pairs: int, least_spread: float
) -> Grade:
    seeds = len(differences)
    if seeds < MIN_SEEDS:
        return Grade.TOO_FEW_SEEDS
    if _leaves_out_zero(bounds):
        return Grade.CLEAR
    if _leaves_out_zero(interval(differences, pairs, least_spread, times=LIKELY)):
        return Grade.LIKELY
    return Grade.TIED if seeds >= RACE_SEEDS else Grade.OPEN


def _leaves_out_zero(bounds: tuple[float, float]) -> bool:
    return bounds[0] > 0 or bounds[1] < 0
