"""How long a run will take, from what this machine measured.

One update costs t(B) = a + b B (science: flat until about B_half = a / b). Fitted in relative error, because the
measured times span decades and a least-squares fit in seconds would follow the slowest alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Speed:
    """Seconds an update as a function of the work in a batch (multiply-adds)."""

    seconds_an_update: float
    seconds_a_multiplication: float
    measurements: int

    def seconds(self, multiplications: float) -> float:
        """Expected seconds of one update over a batch of so many multiply-adds."""
        return self.seconds_an_update + self.seconds_a_multiplication * multiplications


def expected_speed(multiplications: Sequence[float], seconds: Sequence[float]) -> Speed | None:
    """Fit measured (multiply-adds a batch, seconds an update) pairs; None when nothing was measured yet.

    Both coefficients are kept at or above zero: with measurements at one size only, all of it is overhead.
    """
    work, times = np.asarray(multiplications, np.float64), np.asarray(seconds, np.float64)
    usable = np.isfinite(work) & np.isfinite(times) & (times > 0)
    work, times = work[usable], times[usable]
    if not len(times):
        return None
    columns = np.stack([1 / times, work / times], axis=1)
    both, *_ = np.linalg.lstsq(columns, np.ones(len(times)))
    if both.min() < 0 or np.ptp(work) == 0:
        # The better of the two lines that use one coefficient alone: overhead only, or arithmetic only.
        alone = columns.sum(axis=0) / np.maximum((columns**2).sum(axis=0), np.finfo(float).tiny)
        left = ((columns * alone - 1) ** 2).sum(axis=0)
        both = alone * (np.arange(2) == (0 if np.ptp(work) == 0 else int(left.argmin())))
    return Speed(float(both[0]), float(both[1]), len(times))
