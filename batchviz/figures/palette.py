"""One colour a batch size, the same on every page.

A ramp over log2 B with hue and lightness both monotone, from orange (B = 1) through green and blue to
violet and plum (large), in OKLCH, where equal steps look equal. Monotone lightness keeps the order readable for
colour-blind eyes and in grey print; the long way round the hues keeps neighbours such as 32 and 64 apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

MAX_SIZE = 2048
"""Batch sizes from here on share the last colour."""


class Ramp(NamedTuple):
    """OKLCH at B = 1 and at B = MAX_SIZE: lightness, chroma, hue in degrees."""

    small: tuple[float, float, float]
    large: tuple[float, float, float]


# Lightness keeps a contrast of at least 3:1 to the page and cards of each theme, everywhere on the ramp.
LIGHT = Ramp((0.655, 0.19, 35.0), (0.37, 0.20, 340.0))
DARK = Ramp((0.86, 0.17, 45.0), (0.62, 0.22, 345.0))


def color(batch_size: int, training_rows: int | None = None) -> dict[str, str]:
    """The colour of a batch size for light and for dark pages, as `#rrggbb`.

    `training_rows` bounds the batch: no gradient has more examples than there are.
    """
    size = batch_size if training_rows is None else min(batch_size, training_rows)
    position = min(math.log2(max(size, 1)) / math.log2(MAX_SIZE), 1.0)
    return {name: _hex(_between(ramp, position)) for name, ramp in (("light", LIGHT), ("dark", DARK))}


def _between(ramp: Ramp, position: float) -> tuple[float, float, float]:
    low, high = ramp.small, ramp.large
    return (
        low[0] + (high[0] - low[0]) * position,
        low[1] + (high[1] - low[1]) * position,
        low[2] + (high[2] - low[2]) * position,
    )


def _hex(oklch: tuple[float, float, float]) -> str:
    """OKLCH to sRGB (Ottosson 2020); chroma is lowered until the colour is inside sRGB."""
    lightness, chroma, hue = oklch
    while True:
        red, green, blue = _linear(lightness, chroma, math.radians(hue))
        if all(-1e-4 <= value <= 1.0001 for value in (red, green, blue)):
            return "#" + "".join(f"{round(255 * _gamma(value)):02x}" for value in (red, green, blue))
        chroma *= 0.98


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def translucent(color: Mapping[str, str], opacity: float) -> dict[str, str]:
    """The colour `#rrggbb` at an opacity, for both themes."""
    return {theme: f"rgba({','.join(map(str, _rgb(text)))},{opacity:g})" for theme, text in color.items()}


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
