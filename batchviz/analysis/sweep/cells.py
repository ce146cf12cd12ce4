"""Cells: the runs of one batch size at one learning rate that differ in the seed alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from batchviz.analysis.sweep.runs import SweepRun
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.records import Status
from batchviz.experiment.sweep_spec import SweepSpec


class CellState(Enum):
    """How far the runs of a cell have come."""

    WAITING = auto()
    """None has begun."""
    UNDER_WAY = auto()
    """Some have not ended."""
    OVER = auto()
    """All that were planned have ended, however they did."""


@dataclass(frozen=True)
class Cell:
    """One batch size at one learning rate."""

    batch_size: int
    learning_rate: float
    rate_used: float
    """That of its updates, where a rule makes the rate follow the batch size."""
    seeds: int
    """That were planned."""
    runs: tuple[SweepRun, ...]
    """In the order of their seeds, one a seed."""

    @property
    def values(self) -> dict[int, float]:
        """Final losses by seed, of the runs that ended where their budget says."""
        return {run.seed: run.final for run in self.runs if run.reported and run.final is not None}

    @property
    def mean(self) -> float:
        """Of the final losses; NaN without one."""
        values = self.values.values()
        return math.fsum(values) / len(values) if values else math.nan

    @property
    def low(self) -> float:
        """The lowest seed's; NaN without one."""
        return min(self.values.values(), default=math.nan)

    @property
    def high(self) -> float:
        """The highest seed's; NaN without one."""
        return max(self.values.values(), default=math.nan)

    @property
    def diverged(self) -> int:
        """Seeds whose loss ran away."""
        return sum(run.status is Status.DIVERGED for run in self.runs)

    @property
    def failed(self) -> int:
        """Seeds that left no value for another reason."""
        return sum(run.status.final and not run.reported for run in self.runs) - self.diverged

    @property
    def state(self) -> CellState:
        """How far it has come."""
        if sum(run.status.final for run in self.runs) >= self.seeds:
            return CellState.OVER
        begun = any(run.status is not Status.QUEUED for run in self.runs)
        return CellState.UNDER_WAY if begun else CellState.WAITING

    @property
    def sound(self) -> bool:
        """Whether it has a value and no seed diverged: the mean of survivors would flatter it."""
        return bool(self.values) and not self.diverged


def sizes(spec: SweepSpec) -> dict[int, BatchSize]:
    """The batch sizes in examples, rising, each with how the sweep names it."""
    return {spec.examples(size): size for size in spec.batch_sizes}


def cell(size: int, rate: float, seeds: Collection[int], runs: Iterable[SweepRun]) -> Cell:
    """The cell of these seeds; of two runs of one seed the one that has ended counts."""
    in_cell = [
        run for run in runs if run.batch_size == size and run.learning_rate == rate and run.seed in seeds
    ]
    by_seed = {run.seed: run for run in sorted(in_cell, key=lambda run: run.status.final)}
    members = tuple(by_seed[seed] for seed in sorted(by_seed))
    return Cell(size, rate, members[0].rate_used if members else rate, len(seeds), members)


def cells(spec: SweepSpec, runs: Sequence[SweepRun]) -> tuple[Cell, ...]:
    """Every cell of the grid over the selection seeds, by batch size, then by rate."""
    seeds = spec.selection_seeds
    return tuple(cell(size, rate, seeds, runs) for size in sizes(spec) for rate in spec.learning_rates)
