"""Batch gradients as arrows against that of all rows, a panel a batch size, and their noise beside its law."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.gradients import expected_noise
from batchviz.figures.terms.svg import (
    INK,
    PALE,
    arrow,
    axes,
    dot,
    line,
    picture,
    scaled,
    size_color,
    words,
)
from batchviz.text import gradients as text

SIDE, WIDE, TOP = 150, 320, 26
"""Of a panel, and what its words take."""
MARGIN = 10


class Panel(NamedTuple):
    """The batches of one size: tips (batches, 2), and the mean of |g_B - G|^2."""

    batch_size: int
    tips: NDArray[np.floating]
    noise: float


class Frame(NamedTuple):
    """Where a panel's arrows begin, and pixels a unit."""

    x: float
    y: float
    scale: float


def panels(by_size: Sequence[Panel], length: float) -> list[str]:
    """A picture a batch size, all of one scale, the full gradient upwards. `length` is its own."""
    every = np.concatenate([np.array([[0.0, 0.0], [length, 0.0]]), *(panel.tips for panel in by_size)])
    (low, left), (high, right) = every.min(axis=0).tolist(), every.max(axis=0).tolist()
    room_x, room_y = WIDE - 2 * MARGIN, SIDE - TOP - MARGIN
    scale = min(room_x / (right - left), room_y / max(high - low, 1e-9))
    frame = Frame(WIDE / 2 - (left + right) / 2 * scale, TOP + room_y / 2 + (low + high) / 2 * scale, scale)
    return [_panel(panel, length, frame) for panel in by_size]


def _panel(panel: Panel, length: float, frame: Frame) -> str:
    color = size_color(panel.batch_size)
    start = (frame.x, frame.y)
    ends = [(frame.x + float(x) * frame.scale, frame.y - float(y) * frame.scale) for y, x in panel.tips]
    return picture(
        text.panel(panel.batch_size, len(ends), math.sqrt(panel.noise), length),
        line([(frame.x, TOP), (frame.x, SIDE - MARGIN)], PALE),
        '<g opacity="0.55">',
        *(line([start, end], color, width=0.8) + dot(*end, color, 1.8) for end in ends),
        "</g>",
        arrow(start, (frame.x, frame.y - length * frame.scale), INK, 3),
        words(8, 16, f"B = {panel.batch_size}", anchor="start", size=13),
        words(WIDE - 8, 16, f"{len(ends)} batches", anchor="end", size=11),
        height=SIDE,
    )


def noise_law(by_size: Sequence[Panel], variance: float, rows: int) -> str:
    """The noise measured, as dots, and the law as a line, over the batch size; both axes logarithmic."""
    sizes = [panel.batch_size for panel in by_size]
    ladder = np.geomspace(min(sizes), max(sizes), 30).tolist()
    law = [math.log10(variance / size * (rows - size) / (rows - 1)) for size in ladder]
    low, high = min(law) - 0.3, max(law) + 0.3
    curve = scaled([math.log2(size) for size in ladder], law, low, high)
    dots = scaled(
        [math.log2(size) for size in sizes], [math.log10(panel.noise) for panel in by_size], low, high
    )
    expected = [expected_noise(variance, size, rows) for size in sizes]
    return picture(
        text.law([(panel.batch_size, panel.noise) for panel in by_size], expected),
        axes(
            f"batch size, {sizes[0]} to {sizes[-1]}, logarithmic",
            "mean squared distance from the full gradient",
        ),
        line(curve, INK),
        *(
            dot(x, y, size_color(panel.batch_size), 4)
            + words(x + 6, y - 5, f"{panel.noise:.3g}", anchor="start" if x < 280 else "end", size=10)
            for panel, (x, y) in zip(by_size, dots, strict=True)
        ),
    )
