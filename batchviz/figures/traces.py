"""The curves of one group: mean, band, single seeds, and where a run diverged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from batchviz.analysis.budgets import Truncation
from batchviz.analysis.curves import Curve, Interval, band, seed_curves
from batchviz.analysis.downsampling import MAX_POINTS, Floats, kept
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import update_positions
from batchviz.experiment.records import Run, Series, Status
from batchviz.figures.figure import text
from batchviz.figures.palette import color, translucent

BAND = 0.14
CROWDED_BAND = 0.07
"""Opacity: several bands over each other must not become a grey wall."""
CROWD = 3
FEW = 25
"""Up to so many measurements each gets a dot, so that straight lines between them are seen for what they are."""


@dataclass(frozen=True)
class TraceStyle:
    """How a chart is drawn; see `figures.comparison.overlay`."""

    x: str
    log_x: bool = False
    log_y: bool = False
    smoothing: float = 0.0
    seeds: bool = False
    until: Truncation | None = None
    crowd: int = 1
    """Curves that share a plane."""


@dataclass(frozen=True)
class Traces:
    """One group's curves in one measure."""

    group: Group
    measure: str
    name: str
    dash: str
    curves: list[Curve]
    band: Interval

    @classmethod
    def of(
        cls, group: Group, series: Mapping[str, Series], measure: str, look: TraceStyle, dash: str, name: str
    ) -> Traces:
        """From recorded series; on a logarithmic x-axis the state before the first update has no place."""
        curves = seed_curves(group, series, look.x, measure, smoothing=look.smoothing, until=look.until)
        if look.log_x:
            curves = [Curve(c.run, c.x[c.x > 0], c.y[c.x > 0]) for c in curves]
        curves = [curve for curve in curves if len(curve.x)]
        return cls(group, measure, name, dash, curves, band(curves))

    @property
    def color(self) -> dict[str, str]:
        """That of the batch size."""
        return color(self.group.batch_size)

    def traces(self, look: TraceStyle, panel: str) -> list[dict[str, Any]]:
        """Back to front: band, single seeds, mean, marks of diverged runs. `panel` is "" or "2", "3", ..."""
        if not self.curves:
            return []
        several = len(self.curves) > 1
        parts = [self._band(look)] if several else []
        parts += [self._seed(curve, look) for curve in self.curves] if several and look.seeds else []
        parts += [self._mean(look), *self._diverged()]
        return [part | {"xaxis": f"x{panel}", "yaxis": f"y{panel}"} for part in parts]

    def _mean(self, look: TraceStyle) -> dict[str, Any]:
        over = self.band
        few = kept(over.x, over.mean, log=look.log_x)
        trace: dict[str, Any] = {
            "type": "scatter",
            "mode": "lines",
            "name": text(self.name),
            "x": over.x[few],
            "y": over.mean[few],
            "line": {"width": 2, "dash": self.dash, "color": self.color},
            "showlegend": True,
        }
        if len(self.curves) > 1:
            trace["customdata"] = np.stack([over.low[few], over.high[few]], axis=1)
        if len(few) <= FEW:
            sizes = np.full(len(few), 5.0)
            sizes[-1] = 0.0 if any(curve.between for curve in self.curves) else 5.0
            trace |= {"mode": "lines+markers", "marker": {"size": sizes, "color": self.color}}
        return trace

    def _band(self, look: TraceStyle) -> dict[str, Any]:
        over = self.band
        ends = (kept(over.x, values, log=look.log_x) for values in (over.low, over.high))
        few = np.union1d(*ends)
        return {
            "type": "scatter",
            "mode": "lines",
            "name": text(f"{self.name}, lowest to highest seed"),
            "x": np.concatenate([over.x[few], over.x[few][::-1]]),
            "y": np.concatenate([over.low[few], over.high[few][::-1]]),
            "line": {"width": 0, "color": translucent(self.color, 0)},
            "fill": "toself",
            "fillcolor": translucent(self.color, CROWDED_BAND if look.crowd > CROWD else BAND),
            "showlegend": False,
        }

    def _seed(self, curve: Curve, look: TraceStyle) -> dict[str, Any]:
        few = kept(curve.x, curve.y, log=look.log_x)
        return {
            "type": "scatter",
            "mode": "lines",
            "name": text(f"{self.name}, seed {curve.run.spec.seed}"),
            "x": curve.x[few],
            "y": curve.y[few],
            "line": {"width": 1, "dash": self.dash, "color": translucent(self.color, 0.55)},
            "showlegend": False,
        }

    def _diverged(self) -> list[dict[str, Any]]:
        """A hollow mark where the last finite value of a diverged run stands."""
        ends = [curve for curve in self.curves if curve.run.status is Status.DIVERGED]
        if not ends:
            return []
        return [
            {
                "type": "scatter",
                "mode": "markers",
                "name": text(f"{self.name}, diverged"),
                "x": np.array([curve.x[-1] for curve in ends]),
                "y": np.array([curve.y[-1] for curve in ends]),
                "marker": {"symbol": "circle-open", "size": 11, "color": self.color, "line": {"width": 2}},
                "showlegend": False,
            }
        ]


def dashes(groups: list[Group]) -> dict[str, str]:
    """By group key. Groups of one batch size share its colour: their dashes tell them apart."""
    cycle = ("solid", "dash", "longdash", "dashdot", "longdashdot")
    seen: dict[int, int] = {}
    found = {}
    for group in groups:
        place = seen.get(group.batch_size, 0)
        seen[group.batch_size] = place + 1
        found[group.key] = cycle[place % len(cycle)]
    return found


def part(measure: str, several: bool) -> str:
    """What stands behind a curve's name when training and validation are drawn together."""
    return f", {MEASURES[measure].part}" if several else ""


def noise(
    run: Run,
    updates: Series,
    epochs: Series,
    unit: str,
    column: str = "loss",
    *,
    until: Truncation | None = None,
    log: bool = False,
    most: int = MAX_POINTS,
) -> tuple[Floats, Floats]:
    """X and y of a run's updates for a chart: at most `most` recorded points, the lowest and highest among them.

    `updates` and `epochs` are the run's two series, thinned or whole; `column` is "loss" or "metric". Values that are
    not finite are left out, and so is what lies beyond the budget of `until`.
    """
    x = update_positions(run, updates, epochs, unit)
    y = updates[column].astype(np.float64)
    usable = np.isfinite(x) & np.isfinite(y)
    if log:
        usable &= x > 0
    if until is not None:
        usable &= update_positions(run, updates, epochs, until.unit) <= until.budget * (1 + 1e-6)
    x, y = x[usable], y[usable]
    few = kept(x, y, most=most, log=log)
    return x[few], y[few]


def trace(x: Floats, y: Floats, color: dict[str, str], name: str) -> dict[str, Any]:
    """The updates behind the curves; how pale they are is the page's to say."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"width": 1, "color": color},
        "meta": "updates",
        "showlegend": False,
    }
