"""The answer to "which batch size?", in parts that are never mixed: what fits, what is fast here, what learns.

Where the clock is known, and runs reached a target, the seconds to it join the last two. Each part is a set with its
own evidence; what was not tried, what lies on an edge and what the seeds cannot tell stands beside them as caveats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from batchviz.analysis.sweep.caveats import Caveat
from batchviz.analysis.sweep.cells import Cell
from batchviz.analysis.sweep.choice import CLOSE, Choice, choose
from batchviz.analysis.sweep.cost import Cost
from batchviz.analysis.sweep.laws import Laws
from batchviz.analysis.sweep.memory import Fit, Growth
from batchviz.analysis.sweep.to_target import Seconds, ToTarget
from batchviz.experiment.clock import Clock


@dataclass(frozen=True)
class Fitting:
    """What fits: batch sizes that trained here, those that failed, and memory over the ladder."""

    ran: tuple[int, ...]
    failed: tuple[int, ...]
    growth: Growth | None


@dataclass(frozen=True)
class Fast:
    """What is fast here: examples a second, whatever is learned from them."""

    best: int
    alike: tuple[int, ...]
    """Batch sizes whose throughput, by the scatter of the clock, could be the best."""
    smallest_close: int
    """The smallest within CLOSE of the best throughput."""
    half: float | None
    """B_half, where the line is believed."""


@dataclass(frozen=True)
class Timed:
    """Seconds to one target, at each size's own best rate."""

    target: float
    choice: Choice
    predicted: float | None
    """B* = sqrt(B_half B_crit), where both fits are believed; `choice.best` is the measured one beside it."""


@dataclass(frozen=True)
class Answer:
    """All parts. None where nothing tells yet."""

    fits: Fitting
    fast: Fast | None
    learns: Choice | None
    """By the loss at the end of the budget."""
    timed: tuple[Timed, ...]
    """One for each target that a batch size reached with every seed, highest target first."""
    caveats: tuple[Caveat, ...] = ()


def fitting(fits_by_size: Sequence[Fit], growth: Growth | None) -> Fitting:
    """From the ladder's memory."""
    return Fitting(
        tuple(fit.batch_size for fit in fits_by_size if fit.ran),
        tuple(fit.batch_size for fit in fits_by_size if fit.failed),
        growth,
    )


def fast(cost: Cost | None) -> Fast | None:
    """From the clock; None without one."""
    if cost is None or not cost.throughput:
        return None
    rates = cost.throughput
    best = max(rates, key=lambda size: rates[size][0])
    return Fast(
        best=best,
        alike=tuple(size for size in rates if rates[size][2] >= rates[best][1]),
        smallest_close=min(size for size in rates if rates[size][0] * CLOSE >= rates[best][0]),
        half=cost.half if cost.trusted else None,
    )


def learns(reported: Sequence[Cell]) -> Choice | None:
    """By the final loss over the report seeds. Sizes with a broken seed are left out: caveats name them."""
    return choose({cell.batch_size: cell.values for cell in reported if cell.sound and not cell.failed})


def timed(
    target: float,
    places: Sequence[ToTarget],
    seconds: Seconds,
    clock: Clock | None,
    laws: Laws,
    cost: Cost | None,
) -> Timed | None:
    """By the seconds to a target; None where no size reached it with every seed, or only one is known.

    A run that did not arrive counts with the seconds it trained: it takes longer. `clock`: what scatters counts at its
    least for the others and at its most for the best, since seeds know nothing of it.
    """
    values: dict[int, dict[int, float]] = {}
    at_least = set()
    for place in places:
        arrivals = {
            seed.seed: seed.updates if math.isfinite(seed.updates) else math.nan for seed in place.seeds
        }
        bounds = {seed.seed: float(seed.trained) for seed in place.seeds if seed.crossing is None}
        if bounds:
            at_least.add(place.batch_size)
        both = arrivals | bounds
        if both and not any(math.isnan(value) for value in both.values()):
            values[place.batch_size] = {
                seed: seconds(place.batch_size, updates) for seed, updates in both.items()
            }
    low = None
    if clock is not None:
        low = {
            size: {seed: value * _least(clock, size) for seed, value in arrivals.items()}
            for size, arrivals in values.items()
        }
    choice = choose(values, frozenset(at_least), low)
    return None if choice is None else Timed(target, choice, predicted(laws, cost))


def predicted(laws: Laws, cost: Cost | None) -> float | None:
    """B* = sqrt(B_half B_crit), least of S_min (1 + B_crit / B) (a + b B); None unless both fits are believed."""
    critical = laws.critical_batch_size
    if critical is None or cost is None or not cost.trusted or cost.half is None:
        return None
    return math.sqrt(cost.half * critical)


def _least(clock: Clock, size: int) -> float:
    return clock.interval(size)[0] / clock.seconds_per_update(size)
