"""The loss of every single update: what the curves of epochs average away."""

from __future__ import annotations

from typing import Any

import numpy as np

from batchviz.analysis.budget import Cut
from batchviz.analysis.unit import update_positions
from batchviz.figures.points import MOST, Floats, kept
from batchviz.figures.theme import translucent
from batchviz.records import Run, Series


def noise(
    run: Run,
    updates: Series,
    epochs: Series,
    unit: str,
    column: str = "loss",
    *,
    until: Cut | None = None,
    log: bool = False,
    most: int = MOST,
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


def trace(x: Floats, y: Floats, color: dict[str, str], name: str, *, crowd: int) -> dict[str, Any]:
    """The updates as a thin line behind the curves; paler when a `crowd` of runs must stay legible."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"width": 1, "color": translucent(color, 0.2 if crowd > 3 else 0.36)},
        "hoverinfo": "skip",
        "showlegend": False,
    }
