"""Pairs: what a verdict rests on, graded by the same evidence as a comparison; and Holm's correction over a report."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.evidence import Evidence, Scale, evidence


@dataclass(frozen=True)
class Pair:
    """Two values of every seed, of which one should be lower. What they are stands in `name`, with its unit."""

    name: str
    first: Mapping[int, float]
    second: Mapping[int, float]
    step: float = 0.0
    """Of shares: the least difference between two values. 0: losses, times, counts."""

    @functools.cached_property
    def evidence(self) -> Evidence | None:
        """First against second, over the seeds that both have; None without one."""
        return evidence(self.first, self.second, step=self.step)

    @property
    def mean(self) -> float:
        """The effect: below 0 where the first is lower; NaN where nothing was measured."""
        return math.nan if self.evidence is None else self.evidence.mean

    @property
    def lower(self) -> bool:
        """Whether the first is lower, in the mean."""
        return self.mean < 0

    @property
    def higher(self) -> bool:
        """Whether the first is higher, in the mean."""
        return self.mean > 0

    @property
    def clear(self) -> bool:
        """Whether a comparison would call the difference clear."""
        return self.evidence is not None and self.evidence.clear

    @property
    def chance(self) -> float:
        """At most so often is a difference this strong found where there is none."""
        return 1.0 if self.evidence is None else self.evidence.chance

    def numbers(self) -> dict[str, float]:
        """What there is to know of it: effect, interval, seeds that agree, chance. What is not finite is left out."""
        evidence = self.evidence
        if evidence is None:
            return {}
        as_told = math.exp if evidence.scale is Scale.RATIO else float
        unit = "ratio" if evidence.scale is Scale.RATIO else "difference"
        ends = {"lowest": evidence.low, "highest": evidence.high}
        numbers = {
            unit: as_told(evidence.mean),
            **{f"{end} {unit}": as_told(value) for end, value in ends.items() if abs(value) < MAX_TOLD},
            "seeds that agree": float(evidence.agreeing),
            "seeds": float(evidence.seeds),
            "chance": evidence.chance,
        }
        return {f"{self.name}: {name}": value for name, value in numbers.items() if math.isfinite(value)}


MAX_TOLD = 700.0
"""Of a logarithm: beyond, its exponential is no number."""


def within(name: str, first: Mapping[int, float], second: Mapping[int, float], ratio: float) -> Pair:
    """That two are equal up to a factor of `ratio`: how far they are apart, as a factor, against it."""
    seeds = first.keys() & second.keys()
    apart = {seed: abs(math.log(first[seed] / second[seed])) for seed in seeds}
    return Pair(name, apart, dict.fromkeys(seeds, math.log(ratio)))


def holm(chances: Sequence[float]) -> list[float]:
    """Each chance, corrected for all of them (Holm 1979): one at or below a level is no false one, at that level."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    corrected, worst = [1.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, (len(chances) - rank) * chances[place]))
        corrected[place] = worst
    return corrected
