"""The reported runs at equal examples and at equal updates, their gap, and how large a rate each batch size bears."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from batchviz.analysis.sweep.cells import Cell, CellState
from batchviz.analysis.sweep.runs import SweepRun
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class Place:
    """One batch size's losses by seed, as they were measured at one amount of training."""

    batch_size: int
    learning_rate: float
    values: Mapping[int, float]
    gap: float | None = None
    """Validation minus training loss at the end, in the mean."""

    @property
    def mean(self) -> float:
        """Over the seeds; NaN without one."""
        return math.fsum(self.values.values()) / len(self.values) if self.values else math.nan


@dataclass(frozen=True)
class Equal:
    """Batch sizes after equally many examples or updates: the most that all of them had."""

    unit: Literal["examples", "updates"]
    amount: int
    places: tuple[Place, ...]
    """In the order of the batch sizes; without values where it was not measured there."""


@dataclass(frozen=True)
class StableRate:
    """Between the two lies the largest rate that a batch size bears; None where the grid does not show that end."""

    batch_size: int
    stable: float | None
    """The largest rate below the first divergence at which no seed diverged."""
    diverged: float | None
    """The lowest rate at which a seed diverged."""


def equal(base: RunSpec, reported: Sequence[Cell], unit: Literal["examples", "updates"]) -> Equal | None:
    """None until a run of every reported batch size has ended."""
    ends = [
        [run.examples_end if unit == "examples" else run.updates_end for run in cell.runs if run.reported]
        for cell in reported
    ]
    if not ends or not all(ends):
        return None
    amount = min(map(min, ends))
    return Equal(unit, amount, tuple(_place(base, cell, unit, amount) for cell in reported))


def ended(cell: Cell) -> Place:
    """Where each seed's budget ended."""
    gaps = [run.gap for run in cell.runs if run.reported and run.gap is not None]
    gap = math.fsum(gaps) / len(gaps) if gaps else None
    return Place(cell.batch_size, cell.learning_rate, cell.values, gap)


def stable_rates(sizes: Iterable[int], cells: Sequence[Cell]) -> tuple[StableRate, ...]:
    """One a batch size, from the grid."""
    return tuple(_stable(size, [cell for cell in cells if cell.batch_size == size]) for size in sizes)


def _stable(size: int, row: list[Cell]) -> StableRate:
    diverged = next((cell.learning_rate for cell in row if cell.diverged), None)
    below = [
        cell.learning_rate
        for cell in row
        if cell.state is CellState.OVER and cell.sound and (diverged is None or cell.learning_rate < diverged)
    ]
    return StableRate(size, max(below, default=None), diverged)


def _place(base: RunSpec, cell: Cell, unit: str, amount: int) -> Place:
    updates = float(amount)
    if unit == "examples":
        schedule = plan_for(base.replace(batch_size=cell.batch_size)).schedule
        updates = float(schedule.reached("examples", amount).updates)
    values = {run.seed: value for run in cell.runs if (value := _at(run, updates)) is not None}
    return Place(cell.batch_size, cell.learning_rate, values)


def _at(run: SweepRun, updates: float) -> float | None:
    return run.curve.at(updates) if run.reported else None
