"""A recorded race as src/opening/track.js plays it: lines over epochs or updates, each with its name at its head."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from batchviz.figures.palette import Color
from batchviz.frontend.payload import Measured

MOST_POINTS = 400
"""Of a line: more are finer than a pixel."""
STEPS = (1, 2, 2.5, 5, 10)
INTERVALS = 5
"""Between ticks, at the most."""
ABOVE_START = 1.25
"""Times the highest start, up to which is drawn: what diverges leaves the picture, and the others stay readable."""


class TrackLine(TypedDict):
    """A run: y at rising x, and the updates made at each."""

    label: str
    color: Color
    updates: list[int]
    x: list[float]
    y: list[Measured]


class TrackRace(TypedDict):
    """What moves; src/opening/track.js says the same."""

    unit: Literal["epoch", "update"]
    end: float
    ticks: Sequence[float]
    shares: bool
    lines: list[TrackLine]


class Losses(NamedTuple):
    """The losses of a run: arrays of one length, updates rising."""

    label: str
    color: Color
    updates: NDArray[np.int32]
    epochs: NDArray[np.float64]
    values: NDArray[np.float32]


def losses(runs: Sequence[Losses], unit: Literal["epoch", "update"]) -> TrackRace:
    """A race of losses. What is not finite is left out: there a line ends."""
    lines = [_line(run, unit) for run in runs]
    values = [[value for value in line["y"] if value is not None] for line in lines]
    highest = max(max(each) for each in values)
    high = min(highest, ABOVE_START * max(each[0] for each in values))
    return {
        "unit": unit,
        "end": max(line["x"][-1] for line in lines),
        "ticks": ticks(min(min(each) for each in values), high),
        "shares": False,
        "lines": lines,
    }


def _line(run: Losses, unit: str) -> TrackLine:
    measured = [place for place, value in enumerate(run.values.tolist()) if math.isfinite(value)]
    shown = measured[:: max(1, math.ceil(len(measured) / MOST_POINTS))]
    shown += measured[-1:] if shown[-1] != measured[-1] else []
    updates = [int(run.updates[place]) for place in shown]
    epochs = [round(float(run.epochs[place]), 5) for place in shown]
    return {
        "label": run.label,
        "color": run.color,
        "updates": updates,
        "x": epochs if unit == "epoch" else list(map(float, updates)),
        "y": [float(f"{run.values[place]:.4g}") for place in shown],
    }


def ticks(low: float, high: float) -> list[float]:
    """Round numbers that hold both; from 0 where that wastes less than half of the height."""
    low = 0.0 if low < high / 2 else low
    spread = (high - low) or abs(high) or 1.0
    rough = spread / INTERVALS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{number * step:.6g}") for number in range(first, max(last, first + 1) + 1)]
