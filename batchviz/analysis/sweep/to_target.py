"""Updates, examples and seconds until each batch size reaches a target, at its own best rate, over the report seeds.

A run that did not get there is not dropped: it took longer than it trained. So the middle seed is told where more than
half of the seeds arrived, and the geometric mean where all did.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from batchviz.analysis.pace import pace
from batchviz.analysis.sweep.cells import Cell, CellState
from batchviz.analysis.sweep.crossing import Crossing, crossing
from batchviz.analysis.sweep.runs import SweepRun
from batchviz.experiment.clock import Clock
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec


class Arrival(Enum):
    """Which seeds of a batch size reached a target."""

    ALL = auto()
    SOME = auto()
    NONE = auto()
    """All ended without it; `at_least` is how far they trained."""
    WAITING = auto()
    """Nobody has yet, and some still train."""


@dataclass(frozen=True)
class SeedToTarget:
    """One run's way to a target."""

    seed: int
    run_id: str
    crossing: Crossing | None
    trained: int
    """Updates; without a crossing, the target takes more than these."""
    diverged: bool = False

    @property
    def updates(self) -> float:
        """Until the target: infinite where it was not reached, NaN where the measurements are too far apart to say."""
        if self.crossing is None:
            return math.inf
        return math.nan if self.crossing.at is None else self.crossing.at


@dataclass(frozen=True)
class ToTarget:
    """One batch size's way to one target. Numbers are None where the seeds do not tell them."""

    target: float
    batch_size: int
    learning_rate: float
    arrival: Arrival
    seeds: tuple[SeedToTarget, ...]
    updates: float | None
    low: float | None
    """Updates of the quickest and of the slowest seed; of one that did not arrive, None."""
    high: float | None
    examples: float | None
    seconds: float | None
    """On the clock; None without one."""
    at_least: int
    """Updates that the longest run without an arrival trained; 0 where all arrived."""

    @property
    def reached(self) -> int:
        """Seeds that arrived."""
        return sum(seed.crossing is not None for seed in self.seeds)


Seconds = Callable[[int, float], float]
"""Batch size, updates -> seconds of those updates."""


def on_clock(base: RunSpec, clock: Clock | None) -> Seconds | None:
    """Seconds as a clock of this machine counts them, smaller last batches included."""
    if clock is None:
        return None
    return lambda size, updates: float(pace(plan_for(base.replace(batch_size=size)), clock).seconds(updates))


def to_target(target: float, cell: Cell, seconds: Seconds | None) -> ToTarget:
    """How the reported runs of one batch size got to a target."""
    begun = (run for run in cell.runs if run.status not in (Status.QUEUED, Status.FAILED))
    seeds = tuple(_seed(run, target) for run in begun)
    arrived = [seed for seed in seeds if seed.crossing is not None]
    updates = _typical([seed.updates for seed in seeds])
    exact = sorted(seed.updates for seed in arrived if not math.isnan(seed.updates))
    over = cell.state is CellState.OVER
    if not arrived:
        arrival = Arrival.NONE if over and seeds else Arrival.WAITING
    else:
        arrival = Arrival.ALL if len(arrived) == len(seeds) else Arrival.SOME
    return ToTarget(
        target=target,
        batch_size=cell.batch_size,
        learning_rate=cell.learning_rate,
        arrival=arrival,
        seeds=seeds,
        updates=updates,
        low=exact[0] if exact else None,
        high=exact[-1] if exact and len(exact) == len(seeds) else None,
        examples=None if updates is None else _examples(cell.runs, updates),
        seconds=None if updates is None or seconds is None else seconds(cell.batch_size, updates),
        at_least=max((seed.trained for seed in seeds if seed.crossing is None), default=0),
    )


def _seed(run: SweepRun, target: float) -> SeedToTarget:
    reached = crossing(run.curve, target)
    return SeedToTarget(run.seed, run.run_id, reached, run.updates_end, run.status is Status.DIVERGED)


def _examples(runs: tuple[SweepRun, ...], updates: float) -> float:
    """Seen after so many updates: an epoch's last batch may be smaller, so they are read off a run that got there."""
    curve = max((run.curve for run in runs if len(run.curve.updates)), key=lambda curve: curve.updates[-1])
    return float(np.interp(updates, curve.updates, curve.examples))


def _typical(updates: list[float]) -> float | None:
    """The geometric mean where all arrived, else the median with the others beyond; None where that is not known."""
    if not updates or any(map(math.isnan, updates)):
        return None
    if all(map(math.isfinite, updates)):
        return statistics.geometric_mean(updates) if min(updates) > 0 else 0.0
    middle = statistics.median_high(updates)
    return middle if math.isfinite(middle) else None
