"""A set of batch sizes that the seeds cannot tell from the best one: less of something is better.

The evidence is that of every page (`analysis.evidence`): logarithms of ratios, paired by seed, at levels that hold for
all pairs of the sweep together. So a set never leaves out a size that Compare would call "not settled yet".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from batchviz.analysis.evidence import Evidence, evidence

CLOSE = 1.05
"""So near the best, as a ratio, the smallest batch size will do: it leaves memory and has the most updates."""

Values = Mapping[int, Mapping[int, float]]
"""By batch size, then by seed."""


@dataclass(frozen=True)
class Choice:
    """Batch sizes in rising order."""

    best: int
    """Of the lowest geometric mean."""
    alike: tuple[int, ...]
    """Those that the seeds do not tell from the best, itself included."""
    worse: tuple[int, ...]
    """Clearly worse."""
    smallest_close: int
    """The smallest whose mean is within CLOSE of the best one's."""
    means: Mapping[int, float]
    """Geometric means by batch size; a lower bound for sizes in `at_least`."""
    at_least: tuple[int, ...]
    """Sizes of which not every seed has a value: they take more than their means say."""
    evidence: Mapping[int, Evidence]
    """Each of the others against the best, where they share a seed."""
    seeds: int
    """The fewest that one of them shares with the best."""


def choose(
    values: Values, at_least: frozenset[int] = frozenset(), low: Values | None = None
) -> Choice | None:
    """The best of these, and which others could be it; None with fewer than two sizes or without a complete one.

    `at_least`: sizes some of whose values are lower bounds only; they can be worse than the best, and never it.
    `low`: the least that each value can be, and for the best the most, where they have an error that seeds do not show:
    `low[size][seed]` is compared with the best one's own `value / low * value`.
    """
    usable = {
        size: by_seed for size, by_seed in sorted(values.items()) if by_seed and min(by_seed.values()) > 0
    }
    complete = [size for size in usable if size not in at_least]
    if len(usable) < 2 or not complete:
        return None
    means = {size: _mean(by_seed) for size, by_seed in usable.items()}
    best = min(complete, key=lambda size: means[size])
    pairs = len(usable) * (len(usable) - 1) // 2
    lows = low or usable
    most = {seed: value * value / lows[best][seed] for seed, value in usable[best].items()}
    against = {
        size: difference
        for size in usable
        if size != best and (difference := evidence(lows[size], most, pairs=pairs)) is not None
    }
    worse = tuple(size for size, difference in against.items() if difference.clear and difference.mean > 0)
    return Choice(
        best=best,
        alike=tuple(size for size in usable if size not in worse),
        worse=worse,
        smallest_close=min(size for size in complete if means[size] <= CLOSE * means[best]),
        means=means,
        at_least=tuple(size for size in usable if size in at_least),
        evidence=against,
        seeds=min((difference.seeds for difference in against.values()), default=0),
    )


def _mean(by_seed: Mapping[int, float]) -> float:
    return math.exp(math.fsum(map(math.log, by_seed.values())) / len(by_seed))
