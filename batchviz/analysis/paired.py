"""The difference between two settings, seed by seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

LEAST_SEEDS = 3
CONFIDENCE = 0.99
"""Of a single pair. A 95 % interval calls one in twenty settings different from itself, by design: too often for a page
on which many pairs are looked at, and whose readers take "different" for a fact."""
PERCENT = f"{CONFIDENCE * 100:g} %"


@dataclass(frozen=True)
class Difference:
    """Mean of first minus second over shared seeds, with its interval (Student's t on the paired differences)."""

    seeds: int
    mean: float
    low: float
    high: float

    @property
    def distinguishable(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def paired_difference(
    first: Mapping[int, float], second: Mapping[int, float], *, pairs: int = 1
) -> Difference | None:
    """The paired difference over the seeds that both have; None below LEAST_SEEDS, where no verdict is honest.

    Who judges several `pairs` in one statement says how many: each interval is then wide enough for all of them
    to hold together at CONFIDENCE (Bonferroni). Equal differences at every seed (a spread of zero) give an
    interval of no width.
    """
    seeds = sorted(set(first) & set(second))
    if len(seeds) < LEAST_SEEDS:
        return None
    from scipy.special import stdtrit  # here, because it takes the web process 18 MB, and few pages judge

    differences = np.array([first[seed] - second[seed] for seed in seeds])
    mean = float(differences.mean())
    error = float(differences.std(ddof=1)) / math.sqrt(len(seeds))
    reach = float(stdtrit(len(seeds) - 1, 1 - (1 - CONFIDENCE) / (2 * pairs))) * error
    return Difference(len(seeds), mean, mean - reach, mean + reach)
