"""Equal budgets: what a run had reached after so many epochs, updates, examples or seconds."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from batchviz.analysis.pace import WITHOUT_CLOCKS, Clocks, next_end, pace, reached
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import positions
from batchviz.errors import SpecError
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series
from batchviz.experiment.spec import RunSpec

_WIDE = 0.1
"""A bracket is wide when it is longer than this share of the budget."""


@dataclass(frozen=True)
class AtBudget:
    """A run's value at a budget. `value` is NaN where none is known; `at` is the budget asked for.

    When nothing was measured there (`measured` is False), the value lies on the straight line between the
    neighbouring measurements, `before` and `after` (positions) with values between `low` and `high`.
    """

    value: float
    at: float
    measured: bool
    before: float
    after: float
    low: float
    high: float

    @property
    def wide(self) -> bool:
        """Whether the neighbouring measurements are so far apart that the value is little more than a guess."""
        return not self.measured and self.after - self.before > _WIDE * self.at


@dataclass(frozen=True)
class Truncation:
    """Where runs are cut: at a budget in a unit, which need not be that of the axis."""

    unit: str
    budget: float


def end(run: Run, rows: Series, unit: str) -> float | None:
    """Where a run's last row stands in `unit`; None where that is not known or nothing was trained."""
    x = positions(run, rows, unit)
    x = x[np.isfinite(x)]
    return float(x[-1]) if len(x) and x[-1] > 0 else None


def compared(run: Run) -> bool:
    """Whether a run takes part in an equal budget: ended, and not for a reason that leaves no value."""
    return run.status in (Status.DONE, Status.STOPPED)


def common_budget(groups: Sequence[Group], series: Mapping[str, Series], unit: str) -> float | None:
    """The shortest run's end in `unit`: the most that every run had. None without a run that knows the unit.

    Runs under way, diverged and failed runs do not shorten it; nor do runs that do not know the unit.
    """
    ends = [
        (last, max(last, next_end(series[run.id])) if unit == "seconds" else last)
        for group in groups
        for run in group.runs
        if compared(run) and run.id in series and (last := end(run, series[run.id], unit)) is not None
    ]
    # A run has had all the seconds that pass before its next update would have ended.
    shortest = min((until for _, until in ends), default=math.nan)
    return max((last for last, _ in ends if last <= shortest), default=None)


def at_budget(run: Run, rows: Series, unit: str, budget: float, metric: str) -> AtBudget:
    """The value of `metric` at `budget`: as measured there, or on the line between its neighbours, and said so.

    NaN beyond the run's end, before its first measurement and between rows of which one is not finite.
    Seconds (of rows on a clock) count whole updates: until the next one has ended, nothing changes.
    """
    if unit == "seconds":
        return _after_updates(run, rows, budget, metric)
    x, y = positions(run, rows, unit), rows[metric].astype(np.float64)
    finite = np.isfinite(x)
    x, y = x[finite], y[finite]
    here = np.flatnonzero(np.abs(x - budget) <= 1e-6 * abs(budget))
    if len(here):
        value = float(y[here[-1]])
        value = value if math.isfinite(value) else math.nan
        return AtBudget(value, budget, True, budget, budget, value, value)
    right = int(np.searchsorted(x, budget))
    if right in (0, len(x)):
        return AtBudget(math.nan, budget, False, math.nan, math.nan, math.nan, math.nan)
    (a, b), (low, high) = x[right - 1 : right + 1], y[right - 1 : right + 1]
    value = low + (budget - a) / (b - a) * (high - low) if np.isfinite([low, high]).all() else math.nan
    return AtBudget(
        float(value), budget, False, float(a), float(b), float(min(low, high)), float(max(low, high))
    )


def _after_updates(run: Run, rows: Series, seconds: float, metric: str) -> AtBudget:
    found = at_budget(run, rows, "updates", reached(rows, seconds), metric)
    if found.measured:
        return replace(found, at=seconds, before=seconds, after=seconds)
    x, updates = rows["seconds"].astype(np.float64), rows["updates"].astype(np.float64)
    before, after = (float(np.interp(made, updates, x)) for made in (found.before, found.after))
    return replace(found, at=seconds, before=before, after=after)


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
    timed = [(run, clock) for run in runs if (clock := clocks.of(run)) is not None]
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
