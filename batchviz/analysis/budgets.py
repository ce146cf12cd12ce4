"""Equal budgets: what a run had reached after so many epochs, updates, examples or seconds."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.pace import WITHOUT_CLOCKS, Clocks, next_end, pace, reached
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import positions
from batchviz.errors import SpecError
from batchviz.experiment.records import Run, Source, Status
from batchviz.experiment.series import Series
from batchviz.experiment.spec import RunSpec

_NEAR = 1e-6
"""Share of a budget by which float32 may miss it."""


@dataclass(frozen=True)
class AtBudget:
    """A run's value at a budget, as it was measured there. NaN where it was not, or where none is known."""

    value: float
    skipped: bool = False
    """Whether the run trained past the budget without being measured there."""


@dataclass(frozen=True)
class Truncation:
    """Where runs are cut: at a budget in a unit, which need not be that of the axis."""

    unit: str
    budget: float


def end(run: Run, rows: Series, unit: str, metric: str = "") -> float | None:
    """Where a run's last row stands in `unit`; None where that is not known or nothing was trained.

    Of a history, the last in which `metric` was measured: it may have been validated every few epochs only.
    """
    x = positions(run, rows, unit)
    there = ~np.isnan(rows[metric]) if metric and run.source is Source.HISTORY else np.isfinite(x)
    x = x[np.isfinite(x) & (there if there.any() else True)]
    return float(x[-1]) if len(x) and x[-1] > 0 else None


def compared(run: Run) -> bool:
    """Whether a run takes part in an equal budget: ended, and not for a reason that leaves no value."""
    return run.status in (Status.DONE, Status.STOPPED)


def common_budget(
    groups: Sequence[Group], series: Mapping[str, Series], unit: str, metric: str = ""
) -> float | None:
    """The shortest run's end in `unit`: the most that every run had. None without a run that knows the unit.

    Runs under way, diverged and failed runs do not shorten it; nor do runs that do not know the unit.
    """
    ends = [
        (last, max(last, next_end(series[run.id])) if unit == "seconds" else last)
        for group in groups
        for run in group.runs
        if compared(run) and run.id in series and (last := end(run, series[run.id], unit, metric)) is not None
    ]
    # A run has had all the seconds that pass before its next update would have ended.
    shortest = min((until for _, until in ends), default=math.nan)
    return max((last for last, _ in ends if last <= shortest), default=None)


def at_budget(run: Run, rows: Series, unit: str, budget: float, metric: str) -> AtBudget:
    """The value of `metric` as measured when `budget` was used up; nothing is read between two measurements.

    A budget of examples is used up by the end of the update in which they are reached, and so is one of epochs.
    Seconds (of rows on a clock) count whole updates: until the next one has ended, nothing changes.
    """
    if unit == "seconds":
        return at_budget(run, rows, "updates", reached(rows, budget), metric)
    values = rows[metric].astype(np.float64)
    row = row_at(run, rows, unit, budget)
    if row is not None and not math.isnan(values[row]):
        return AtBudget(float(values[row]))
    x = positions(run, rows, unit)
    within = bool((x[np.isfinite(x)] > budget).any() and (x[np.isfinite(x)] < budget).any())
    return AtBudget(math.nan, skipped=within and bool(np.isfinite(values[1:]).any()))


def up_to(run: Run, rows: Series, until: Truncation) -> NDArray[np.bool_]:
    """Which rows were measured within the budget; the last of them, where it counts, may end one update beyond it."""
    spent = positions(run, rows, until.unit)
    if np.isfinite(spent).sum() < 2:
        return np.zeros(len(spent), np.bool_)
    within = spent <= until.budget * (1 + _NEAR)
    row = row_at(run, rows, until.unit, until.budget)
    if row is not None:
        within[row] = True
    return within


def row_at(run: Run, rows: Series, unit: str, budget: float) -> int | None:
    """The last row that was measured when that budget was used up; None where none was."""
    if unit == "seconds":
        return row_at(run, rows, "updates", reached(rows, budget))
    x = positions(run, rows, unit)
    here = np.flatnonzero(np.abs(x - budget) <= _NEAR * abs(budget))
    if not len(here) and unit in ("examples", "epochs") and run.source is not Source.HISTORY and budget > 0:
        examples = budget * (run.plan.training_rows if unit == "epochs" else 1)
        update = run.plan.schedule.reached("examples", math.ceil(examples * (1 - _NEAR))).updates
        here = np.flatnonzero(rows["updates"] == update)
    return int(here[-1]) if len(here) else None


def exact_specs(
    groups: Sequence[Group], unit: str, budget: float, clocks: Clocks = WITHOUT_CLOCKS
) -> list[RunSpec]:
    """The specs whose runs measure every group at exactly that budget: the same seeds, with that budget.

    Seconds are so many updates on the clock of each run; without one it is passed over.

    Groups that cannot be trained here are passed over. A budget of examples ends with the update in which it
    is used up, so batch sizes that do not divide it end up to one batch later.
    """
    runs = [run for group in groups if group.trainable for run in group.runs]
    if unit != "seconds":
        amount = max(1, math.floor(budget * (1 + 1e-6)))
        return [spec for run in runs for spec in _shortened(run.spec, unit, amount)]
    timed = [(run, clock) for run in runs if (clock := clocks.for_run(run)) is not None]
    return [
        spec
        for run, clock in timed
        for spec in _shortened(run.spec, "updates", max(1, pace(run.plan, clock).updates_within(budget)))
    ]


def _shortened(spec: RunSpec, unit: str, amount: float) -> Iterator[RunSpec]:
    """The spec with that budget; batch sizes that its schedule would only come to later are dropped."""
    for kept in range(len(spec.batch_schedule), -1, -1):
        with contextlib.suppress(SpecError):
            yield spec.replace(budget_unit=unit, budget=amount, batch_schedule=spec.batch_schedule[:kept])
            return
