"""Axes: what they are called and which part of the plane is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from batchviz.analysis.downsampling import Floats
from batchviz.analysis.units import UNITS

DECADES = 3
"""Of a logarithmic y-axis at most: a value near 0 by luck must not stretch it without end."""
CEILING = 4
"""Times the worst start: a diverging run must not flatten the others."""
_WORDS = {
    "MSE": "squared units of the target",
    "MAE": "units of the target",
    "cross-entropy": "nats",
    "accuracy": "share correct",
}


def x_axis(unit: str, values: Sequence[Floats], *, log: bool, cut: float | None) -> dict[str, Any]:
    """From 0 (log: the first point above it) to the end of the longest curve, a little beyond a cut."""
    points = np.concatenate([np.empty(0), *values])
    high = float(points.max(initial=0.0)) or 1.0
    high = high if cut is None else min(high, cut)
    above = points[points > 0]
    low = float(above.min()) if log and len(above) else 0.0
    axis: dict[str, Any] = {"title": {"text": UNITS[unit].axis}, "type": "log" if log else "linear"}
    if log:
        low, high = math.log10(low or high / 10), math.log10(high)
        high += 0.04 * (high - low) if high > low else 1
        return axis | {"range": [low, high]} | _ticks(low, high)
    return axis | {"range": [0.0, high * (1.0 if cut is None else 1.03)]}


def y_axis(
    name: str, values: Sequence[Floats], starts: Sequence[float], *, log: bool, bounded: bool
) -> dict[str, Any]:
    """Around the values; `starts` are those of the curves, `bounded` says that growth is no divergence (accuracy)."""
    found = np.concatenate([np.empty(0), *values])
    found = found[np.isfinite(found) & ((found > 0) | (not log))]
    words = next((words for last, words in _WORDS.items() if name.endswith(last)), "")
    axis: dict[str, Any] = {
        "title": {"text": f"{name}, {words}" if words else name},
        "type": "log" if log else "linear",
    }
    if not len(found):
        return axis
    ceiling = math.inf if bounded or not starts else CEILING * max(starts)
    low, high = float(found.min()), float(min(found.max(), max(ceiling, found.min())))
    if log:
        low = max(low, high / 10**DECADES)
        pad = max(0.03, 0.05 * math.log10(high / low))
        ends = math.log10(low) - pad, math.log10(high) + pad
        return axis | {"range": list(ends)} | _ticks(*ends)
    pad = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    return axis | {"range": [max(0.0, low - pad) if low >= 0 else low - pad, high + pad]}


def _ticks(low: float, high: float) -> dict[str, Any]:
    """Of a logarithmic axis, in plain decimals: 1, 2, 5 while few decades are shown, powers of ten beyond."""
    steps = [1.0]
    if high - low <= 2.2:
        steps = [1, 2, 5] if high - low > 0.6 else [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
    powers = range(math.floor(low), math.ceil(high) + 1)
    values = [float(f"{step * 10.0**power:.3g}") for power in powers for step in steps]
    shown = [value for value in values if low <= math.log10(value) <= high]
    return {"tickvals": shown, "ticktext": [f"{value:,.10g}" for value in shown]}
