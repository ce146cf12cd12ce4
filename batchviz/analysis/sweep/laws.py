"""Two laws of the updates S(B) to a target, each fitted in logarithms, and whether the measurements follow it.

    hyperbola    S = S_min (1 + B_crit / B)              (McCandlish et al. 2018, arXiv:1812.06162)
    free corner  S = S_min (1 + (B_c / B)^p)^(1/p)       the same ends, and a corner as sharp as it is measured

Both halve S with every doubling of B well below the critical batch size, and stop well above it. Not every problem has
such a floor: where measurements leave the law, or show only one of its ends, no critical batch size is told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MIN_SIZES = 5
"""Batch sizes that a fit rests on: three more than the hyperbola has constants."""
MAX_RESIDUAL = 0.1
"""The most that a batch size may lie off a trusted law, in natural logarithms: 10 %."""
FLAT = 0.2
"""Slope of log S over log B (positive) up to which the largest sizes show the floor: of a law, from 4 B_crit on."""
STEEP = 0.5
"""Slope from which the first doubling shows the rise: of a law, up to B_crit."""
MIN_POWER = 0.7
"""Of a corner: a softer one cannot be told from updates that fall for ever, as on isotropic least squares."""
CONFIDENCE = 0.95
"""Of the band."""
_POWERS = (0.25, 30.0)


class Distrust(Enum):
    """Why a fitted law is not believed."""

    TOO_FEW_SIZES = auto()
    """Fewer than MIN_SIZES reached the target."""
    ENDS_MISSING = auto()
    """The smallest or the largest batch size did not reach it with every seed."""
    RATES_NOT_TUNED = auto()
    """Not each batch size had its own best rate, or that lies on an edge of the grid."""
    RESIDUALS = auto()
    """A batch size lies further off than MAX_RESIDUAL."""
    NO_FLOOR = auto()
    """Updates still fall at the largest batch sizes."""
    NO_RISE = auto()
    """Updates hardly rise at the smallest batch sizes."""
    NO_CORNER = auto()
    """The corner is softer than MIN_POWER."""


@dataclass(frozen=True)
class Law:
    """A fitted law. `power` is 1 for the hyperbola."""

    floor: float
    """S_min, in updates."""
    critical: float
    """B_crit or B_c, in examples."""
    power: float
    residuals: Mapping[int, float]
    """By batch size: log of measured over fitted."""
    band: tuple[float, float]
    """Of `critical` at CONFIDENCE, by its profile; 0 or infinite where that end is open."""
    distrust: tuple[Distrust, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether `critical` may be told."""
        return not self.distrust

    @property
    def largest_residual(self) -> float:
        """Without its sign."""
        return max(map(abs, self.residuals.values()))

    def updates(self, batch_size: float) -> float:
        """S(B)."""
        return float(self.floor * np.exp(_shape(batch_size, math.log(self.critical), self.power)))


@dataclass(frozen=True)
class Laws:
    """Both laws of one target; None where fewer than three batch sizes tell how many updates they took."""

    target: float
    hyperbola: Law | None
    corner: Law | None

    @property
    def critical_batch_size(self) -> float | None:
        """B_crit, of the hyperbola alone, where the measurements follow it."""
        return self.hyperbola.critical if self.hyperbola is not None and self.hyperbola.trusted else None


def fit_laws(target: float, updates: Mapping[int, float], beforehand: tuple[Distrust, ...] = ()) -> Laws:
    """Both laws from updates by batch size. `known`: what speaks against any law of these measurements beforehand."""
    positive = {size: updates[size] for size in sorted(updates) if updates[size] > 0}
    if len(positive) < 3:
        return Laws(target, None, None)
    return Laws(
        target,
        _fit(positive, beforehand, free=False),
        _fit(positive, beforehand, free=True) if len(positive) > 3 else None,
    )


def _fit(updates: Mapping[int, float], beforehand: tuple[Distrust, ...], *, free: bool) -> Law:
    from scipy.optimize import least_squares  # here, because it takes the web process memory

    sizes, logs = np.array(list(updates), np.float64), np.log(list(updates.values()))

    def residuals(constants: Floats) -> Floats:
        power = math.exp(constants[2]) if free else 1.0
        return np.asarray(logs - constants[0] - _shape(sizes, constants[1], power), np.float64)

    # Far beyond the sizes tried: a floor that nobody saw is found there, and distrusted.
    ends = math.log(sizes[0]) - 7, math.log(sizes[-1]) + 7
    grid = np.linspace(*ends, 200)
    squares = _profile(sizes, logs, grid, 1.0)
    start = float(grid[squares.argmin()])
    floor = float((logs - _shape(sizes, start, 1.0)).mean())
    low, high = [-np.inf, ends[0]], [np.inf, ends[1]]
    powers = [math.log(bound) for bound in _POWERS]
    optimum = least_squares(
        residuals,
        [floor, start, *([0.0] if free else [])],
        bounds=([*low, powers[0]], [*high, powers[1]]) if free else (low, high),
    )
    power = math.exp(optimum.x[2]) if free else 1.0
    off = dict(zip(updates, map(float, optimum.fun), strict=True))
    law = Law(
        floor=math.exp(optimum.x[0]),
        critical=math.exp(optimum.x[1]),
        power=power,
        residuals=off,
        band=_band(sizes, logs, grid, power, 3 if free else 2),
    )
    return Law(**{**vars(law), "distrust": (*beforehand, *_distrust(law, sizes, logs))})


def _shape(sizes: float | Floats, critical: float, power: float) -> Floats:
    """Log S / S_min, from the logarithm of the critical batch size; never overflows."""
    return np.asarray(np.logaddexp(0.0, power * (critical - np.log(sizes))) / power, np.float64)


def _profile(sizes: Floats, logs: Floats, grid: Floats, power: float) -> Floats:
    """The least sum of squared residuals at each critical batch size of a grid of logarithms."""
    shapes = np.stack([_shape(sizes, critical, power) for critical in grid])
    off = logs - shapes
    return np.asarray(((off - off.mean(axis=1, keepdims=True)) ** 2).sum(axis=1), np.float64)


def _band(sizes: Floats, logs: Floats, grid: Floats, power: float, constants: int) -> tuple[float, float]:
    """Critical batch sizes that an F test does not rule out, given the corner."""
    from scipy.special import fdtri

    left = len(sizes) - constants
    if left < 1:
        return 0.0, math.inf
    squares = _profile(sizes, logs, grid, power)
    allowed = squares.min() * (1 + float(fdtri(1, left, CONFIDENCE)) / left)
    inside = np.flatnonzero(squares <= max(allowed, 1e-12))
    low, high = int(inside[0]), int(inside[-1])
    return (
        0.0 if low == 0 else math.exp(grid[low - 1]),
        math.inf if high == len(grid) - 1 else math.exp(grid[high + 1]),
    )


def _distrust(law: Law, sizes: Floats, logs: Floats) -> list[Distrust]:
    slopes = -np.diff(logs) / np.diff(np.log(sizes))
    reasons = [
        (Distrust.TOO_FEW_SIZES, len(sizes) < MIN_SIZES),
        (Distrust.RESIDUALS, law.largest_residual > MAX_RESIDUAL),
        # Measured, and by the fit: of two noisy sizes the slope alone may be anything.
        (Distrust.NO_FLOOR, slopes[-1] > FLAT or sizes[-1] < law.critical / FLAT - law.critical),
        (Distrust.NO_RISE, slopes[0] < STEEP or sizes[0] > law.critical),
        (Distrust.NO_CORNER, law.power < MIN_POWER),
    ]
    return [reason for reason, holds in reasons if holds]
