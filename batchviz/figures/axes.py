"""Axes: what they are called. Which part of the plane they show is the page's to say: chart/ranges.js."""

from __future__ import annotations

from typing import Any

from batchviz.analysis.units import UNITS

_WORDS = {
    "MSE": "squared units of the target",
    "MAE": "units of the target",
    "cross-entropy": "nats",
    "accuracy": "share correct",
}


def x_axis(unit: str, *, log: bool) -> dict[str, Any]:
    """Of one of UNITS."""
    return {"title": {"text": UNITS[unit].axis}, "type": "log" if log else "linear"}


def y_axis(name: str, *, log: bool) -> dict[str, Any]:
    """Of a metric, with its unit."""
    words = next((words for last, words in _WORDS.items() if name.endswith(last)), "")
    return {"title": {"text": f"{name}, {words}" if words else name}, "type": "log" if log else "linear"}
