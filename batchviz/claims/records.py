"""What the tasks of a claim recorded: curves and numbers, by the task's name, then by seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from batchviz.analysis.budgets import at_budget
from batchviz.analysis.sweep.crossing import crossing, smoothed
from batchviz.analysis.sweep.runs import LossCurve
from batchviz.experiment.probes import Numbers
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series

DIVERGED_AT = 1.5
"""Times its start: what a run that diverged is taken to have reached, the least that a loss has then come to."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One recorded run: its measurements (`series.merged`) and its updates."""

    run: Run
    rows: Series
    updates: Series

    @property
    def diverged(self) -> bool:
        """Whether its loss went beyond all bounds."""
        return self.run.status is Status.DIVERGED

    def at(self, unit: str, budget: float, metric: str = "val_loss") -> float:
        """What was measured when a budget was used up; NaN where nothing was."""
        if self.diverged:
            return DIVERGED_AT * float(self.rows[metric][0])
        return at_budget(self.run, self.rows, unit, budget, metric).value

    def end(self, metric: str = "val_loss") -> float:
        """What was measured last."""
        values = self.rows[metric]
        return DIVERGED_AT * float(values[0]) if self.diverged else float(values[-1])

    def lowest(self, metric: str = "val_loss") -> float:
        """The lowest that a loss got, one lucky measurement left out as by `updates_to`."""
        values = self.rows[metric].astype(np.float64)
        return float(smoothed(values[np.isfinite(values)]).min())

    def updates_to(self, target: float, metric: str = "val_loss") -> float:
        """Updates until a loss is reached; NaN where it never was, or where the measurements do not tell."""
        values = self.rows[metric].astype(np.float64)
        finite = np.isfinite(values)
        updates, examples = (self.rows[name].astype(np.float64)[finite] for name in ("updates", "examples"))
        loss = LossCurve(updates, examples, values[finite])
        reached = crossing(loss, target)
        return math.nan if reached is None or reached.at is None else max(reached.at, 1.0)

    def epochs_to(self, target: float, metric: str = "val_loss") -> float:
        """The same in epochs: examples over training rows."""
        updates = self.updates_to(target, metric)
        examples = np.interp(updates, self.rows["updates"], self.rows["examples"])
        return float(examples) / self.run.plan.training_rows if math.isfinite(updates) else math.nan


class Records:
    """All that a claim's verdict may be read off. Seeds without a value are left out of every reading."""

    def __init__(
        self, curves: Mapping[str, Mapping[int, Curve]], measured: Mapping[str, Mapping[int, Numbers]]
    ) -> None:
        self.curves, self.measured = curves, measured

    def each(self, name: str, read: Callable[[Curve], float]) -> dict[int, float]:
        """A number of every seed's run of that name."""
        values = {seed: read(curve) for seed, curve in self.curves.get(name, {}).items()}
        return {seed: value for seed, value in values.items() if math.isfinite(value)}

    def at(self, name: str, unit: str, budget: float, metric: str = "val_loss") -> dict[int, float]:
        """What every seed had reached at a budget."""
        return self.each(name, lambda curve: curve.at(unit, budget, metric))

    def end(self, name: str, metric: str = "val_loss") -> dict[int, float]:
        """What every seed had reached at its end."""
        return self.each(name, lambda curve: curve.end(metric))

    def diverged(self, name: str) -> int:
        """Seeds whose run of that name diverged."""
        return sum(curve.diverged for curve in self.curves.get(name, {}).values())

    def number(self, name: str, number: str) -> dict[int, float]:
        """What the probe of that name measured with every seed."""
        by_seed = {seed: float(numbers[number]) for seed, numbers in self.measured.get(name, {}).items()}
        return {seed: value for seed, value in by_seed.items() if math.isfinite(value)}

    def shared_target(self, names: tuple[str, ...], metric: str = "val_loss") -> dict[int, float]:
        """For every seed a loss that all of these runs reached: the highest of their lowest, and a little above it."""
        lowest = [self.each(name, lambda curve: curve.lowest(metric)) for name in names]
        start = self.each(names[0], lambda curve: float(curve.rows[metric][0]))
        seeds = set.intersection(*(set(values) for values in lowest))
        worst = {seed: max(values[seed] for values in lowest) for seed in seeds}
        return {seed: value + MARGIN * (start[seed] - value) for seed, value in worst.items()}

    def to_target(
        self, name: str, targets: Mapping[int, float], unit: str, metric: str = "val_loss"
    ) -> dict[int, float]:
        """Updates or epochs until each seed's target."""

        def read(curve: Curve) -> float:
            target = targets.get(curve.run.spec.seed, math.nan)
            reach = curve.epochs_to if unit == "epochs" else curve.updates_to
            return reach(target, metric) if math.isfinite(target) else math.nan

        return self.each(name, read)


MARGIN = 0.02
"""Of the way down, by which a shared target lies above the loss that all reached."""


def mean(values: Mapping[int, float]) -> float:
    """Over seeds; NaN without one."""
    return math.fsum(values.values()) / len(values) if values else math.nan
