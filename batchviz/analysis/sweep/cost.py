"""What an update costs here: t(B) = a + b B from the clock, how well it predicts a size it was not fitted to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.experiment.clock import Clock, ClockPoint, Line, fit_line

MAX_HELD_OUT = 0.3
"""Relative error, at any batch size left out of the fit, up to which the line is believed."""


REACH = 4
"""So many times beyond the sizes that were timed B_half may lie; further off nobody saw the line bend."""


@dataclass(frozen=True)
class Cost:
    """Seconds an update over the batch size, in steady state."""

    line: Line
    measured: Mapping[int, float]
    """By batch size, of the clock itself."""
    held_out: Mapping[int, float]
    """By batch size: predicted by the line through all other sizes, over measured, minus 1."""
    throughput: Mapping[int, tuple[float, float, float]]
    """By batch size of the sweep: examples a second, and the least and the most by the scatter of the repeats."""
    steady: bool
    """Whether the repeats agreed; where not, the machine had other work."""
    machine: str = ""
    """That the clock is of; empty where nobody said."""
    measured_at: float = math.nan
    """Unix seconds."""

    @property
    def half(self) -> float | None:
        """B_half = a / b: the size at which half of the greatest throughput is reached; None where a or b is 0."""
        a, b = self.line.overhead, self.line.per_example
        return a / b if a > 0 and b > 0 else None

    @property
    def error(self) -> float:
        """The largest held-out error, without its sign; NaN with fewer than three sizes."""
        return max(map(abs, self.held_out.values()), default=math.nan)

    @property
    def trusted(self) -> bool:
        """Whether B_half may be told."""
        half = self.half
        if half is None or not self.steady or not self.error <= MAX_HELD_OUT:
            return False
        sizes: list[float] = [*self.measured] or [half]  # of another machine they are not known
        return min(sizes) / REACH <= half <= max(sizes) * REACH


def cost(clock: Clock, sizes: Sequence[int]) -> Cost:
    """From the clock of a network, for the batch sizes of a sweep."""
    return Cost(
        line=clock.line,
        measured={point.batch_size: point.seconds for point in clock.points},
        held_out=held_out(clock.points),
        throughput={size: _throughput(clock, size) for size in sizes},
        steady=clock.steady,
        machine=clock.machine,
        measured_at=clock.measured,
    )


def held_out(points: Sequence[ClockPoint]) -> dict[int, float]:
    """The relative error of each size's prediction by the line through the others; empty below three sizes."""
    errors = {}
    for left_out in points if len(points) > 2 else ():
        others = [point for point in points if point is not left_out]
        line = fit_line([point.batch_size for point in others], [point.seconds for point in others])
        errors[left_out.batch_size] = line.seconds(left_out.batch_size) / left_out.seconds - 1
    return errors


def _throughput(clock: Clock, size: int) -> tuple[float, float, float]:
    low, high = clock.interval(size)
    return size / clock.seconds_per_update(size), size / high, size / low
