"""The curves of one group: mean, band, single seeds, and where a run diverged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.budgets import Truncation
from batchviz.analysis.curves import Curve, Gaps, GroupCurves
from batchviz.analysis.downsampling import Floats, kept
from batchviz.analysis.limits import MAX_DRAWN_POINTS
from batchviz.analysis.units import update_positions
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series
from batchviz.figures.figure import text
from batchviz.figures.palette import Color, translucent

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
    seeds: bool = False
    crowd: int = 1
    """Curves that share a plane."""


@dataclass(frozen=True)
class Traces:
    """One group's curves as Plotly draws them."""

    drawn: GroupCurves
    dash: str
    color: Color
    end: str = ""
    """Its name where its panel says the rest."""

    @property
    def name(self) -> str:
        """The group's."""
        return self.drawn.group.label

    def traces(self, style: TraceStyle, panel: str) -> list[dict[str, Any]]:
        """Back to front: band, single seeds, mean, marks of diverged runs. `panel` is "" or "2", "3", ..."""
        several = len(self.drawn.curves) > 1
        parts = [self._band(style)] if several else []
        parts += [self._seed(curve, style) for curve in self.drawn.curves] if several and style.seeds else []
        parts += [self._mean(style), *self._diverged()]
        return [part | {"xaxis": f"x{panel}", "yaxis": f"y{panel}"} for part in parts]

    def _mean(self, style: TraceStyle) -> dict[str, Any]:
        over = self.drawn.band
        few = kept(over.x, over.mean, log=style.log_x)
        breaks, lone = _breaks(over.x[few], over.gaps)
        trace: dict[str, Any] = {
            "type": "scatter",
            "mode": "lines",
            "name": text(self.name),
            "x": _broken(over.x[few], breaks, over.x[few]),
            "y": _broken(over.mean[few], breaks),
            "line": {"width": 2, "dash": self.dash, "color": self.color},
            "showlegend": True,
        }
        if self.end:
            trace["meta"] = {"end": text(self.end)}
        if len(self.drawn.curves) > 1:
            trace["customdata"] = np.stack([_broken(v[few], breaks) for v in (over.low, over.high)], axis=1)
        sizes = np.where(lone, 5.0, 0.0) if len(few) > FEW else np.full(len(few), 5.0)
        if sizes.any():
            sizes = _broken(sizes, breaks, np.zeros(len(few)))
            trace |= {"mode": "lines+markers", "marker": {"size": sizes, "color": self.color}}
        return trace

    def _band(self, style: TraceStyle) -> dict[str, Any]:
        over = self.drawn.band
        ends = (kept(over.x, values, log=style.log_x) for values in (over.low, over.high))
        # Behind the last gap: an area across one would look measured.
        few = np.union1d(*ends)
        few = few[over.x[few] >= max((after for _, after in over.gaps), default=-np.inf)]
        return {
            "type": "scatter",
            "mode": "lines",
            "name": text(f"{self.name}, lowest to highest seed"),
            "x": np.concatenate([over.x[few], over.x[few][::-1]]),
            "y": np.concatenate([over.low[few], over.high[few][::-1]]),
            "line": {"width": 0, "color": translucent(self.color, 0)},
            "fill": "toself",
            "fillcolor": translucent(self.color, CROWDED_BAND if style.crowd > CROWD else BAND),
            "showlegend": False,
        }

    def _seed(self, curve: Curve, style: TraceStyle) -> dict[str, Any]:
        few = kept(curve.x, curve.y, log=style.log_x)
        breaks, _ = _breaks(curve.x[few], curve.gaps)
        return {
            "type": "scatter",
            "mode": "lines",
            "name": text(f"{self.name}, seed {curve.run.spec.seed}"),
            "x": _broken(curve.x[few], breaks, curve.x[few]),
            "y": _broken(curve.y[few], breaks),
            "line": {"width": 1, "dash": self.dash, "color": translucent(self.color, 0.55)},
            "showlegend": False,
        }

    def _diverged(self) -> list[dict[str, Any]]:
        """A hollow mark where the last finite value of a diverged run stands."""
        ends = [curve for curve in self.drawn.curves if curve.run.status is Status.DIVERGED]
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


def _breaks(x: Floats, gaps: Gaps) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Before which points the line is broken, and which points no line reaches."""
    breaks = np.array(
        [i for i in range(1, len(x)) if any(x[i - 1] <= a and b <= x[i] for a, b in gaps)], np.intp
    )
    ends = np.zeros(len(x) + 1, bool)
    ends[[0, len(x), *breaks]] = True
    return breaks, ends[:-1] & ends[1:]


def _broken(values: Floats, breaks: NDArray[np.intp], between: Floats | None = None) -> Floats:
    """With a value more at each break: none, or that which `between` has behind it."""
    return np.insert(values, breaks, np.nan if between is None else between[breaks])


def update_points(
    run: Run,
    updates: Series,
    epochs: Series,
    unit: str,
    column: str = "loss",
    *,
    until: Truncation | None = None,
    log: bool = False,
    most: int = MAX_DRAWN_POINTS,
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


def update_trace(x: Floats, y: Floats, color: Color, name: str) -> dict[str, Any]:
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
