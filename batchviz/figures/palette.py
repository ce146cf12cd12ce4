"""One colour a batch size, the same on every page; colours for other numbers, and for names.

A ramp over log2 B through the hues, from yellow (B = 1) through green and blue to purple and dark red (large), that
darkens all the way: so its order is seen by colour-blind eyes and in grey print. Its knots in OKLCH, one a doubling,
were searched for the largest distance (CIEDE2000) between any two sizes of the ladder 1, 2, 4, ... 512, full under
normal sight, protanopia and deuteranopia (Machado, Oliveira and Fernandes 2009) at a contrast of 3:1 to page and
cards: `tests/figures/test_palette.py` states what was reached.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

MAX_SIZE = 2048
"""Batch sizes from here on share the last colour."""

Color = dict[str, str]
"""`#rrggbb` on light and on dark pages."""
Oklch = tuple[float, float, float]
"""Lightness, chroma, and hue in degrees."""

RAMPS: Mapping[str, Sequence[Oklch]] = {
    "light": (
        (0.638, 0.136, 116.5), (0.623, 0.118, 141.5), (0.610, 0.109, 165.3), (0.600, 0.101, 188.6),
        (0.591, 0.101, 211.4), (0.570, 0.125, 241.3), (0.506, 0.155, 280.3), (0.446, 0.161, 322.2),
        (0.405, 0.160, 346.7), (0.377, 0.150, 367.0), (0.354, 0.132, 391.7), (0.335, 0.100, 402.2),
    ),
    "dark": (
        (0.934, 0.186, 107.1), (0.914, 0.150, 136.3), (0.890, 0.129, 162.3), (0.856, 0.124, 187.6),
        (0.807, 0.131, 210.9), (0.738, 0.153, 238.6), (0.647, 0.178, 278.0), (0.598, 0.160, 323.5),
        (0.580, 0.143, 353.0), (0.566, 0.127, 377.6), (0.548, 0.124, 423.9), (0.526, 0.107, 467.3),
    ),
}  # fmt: skip
"""The colours of B = 1, 2, 4, ... MAX_SIZE."""


def color(batch_size: int, training_rows: int | None = None) -> Color:
    """The colour of a batch size for light and for dark pages.

    `training_rows` bounds the batch: no gradient has more examples than there are.
    """
    size = batch_size if training_rows is None else min(batch_size, training_rows)
    return along(min(math.log2(max(size, 1)) / math.log2(MAX_SIZE), 1.0))


def along(position: float) -> Color:
    """The colour at a position on the ramp, from 0 (small) to 1 (large)."""
    return {theme: _hex(_between(knots, position)) for theme, knots in RAMPS.items()}


def _between(knots: Sequence[Oklch], position: float) -> Oklch:
    at = position * (len(knots) - 1)
    before = min(int(at), len(knots) - 2)
    share = at - before
    low, high = knots[before], knots[before + 1]
    return (
        low[0] + (high[0] - low[0]) * share,
        low[1] + (high[1] - low[1]) * share,
        low[2] + (high[2] - low[2]) * share,
    )


CATEGORIES: Sequence[Color] = (
    {"light": "#0e8ef2", "dark": "#98caff"},
    {"light": "#a63a45", "dark": "#fd3a5a"},
    {"light": "#299f7a", "dark": "#31a37e"},
    {"light": "#2c00ad", "dark": "#6874fd"},
    {"light": "#918a02", "dark": "#736e14"},
    {"light": "#d042a1", "dark": "#d087b3"},
    {"light": "#133e01", "dark": "#adf397"},
    {"light": "#572145", "dark": "#c71198"},
)
"""For names, found by the same search without an order."""


def categories(count: int, taken: Sequence[Color] = ()) -> list[Color]:
    """`count` colours for names without an order, far from each other and from those `taken`; they repeat at the end.

    Each next one is the farthest from all before it, to eyes that see little between red and green.
    """
    chosen: list[Color] = []
    while len(chosen) < count:
        free = [shade for shade in CATEGORIES if shade not in chosen] or list(CATEGORIES)
        near = [*taken, *chosen]
        chosen.append(max(free, key=lambda shade: _nearest(shade, near)) if near else free[0])
    return chosen


def _nearest(shade: Color, others: Sequence[Color]) -> float:
    return min(_distance(shade[theme], other[theme]) for other in others for theme in RAMPS)


def _distance(first: str, second: str) -> float:
    """In OKLab, with a quarter of what is between red and green: about what a deuteranope sees."""
    (l1, a1, b1), (l2, a2, b2) = _oklab(first), _oklab(second)
    return math.hypot(l1 - l2, (a1 - a2) / 4, b1 - b2)


def _hex(oklch: Oklch) -> str:
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


def _oklab(text: str) -> tuple[float, float, float]:
    red, green, blue = (_ungamma(channel / 255) for channel in _rgb(text))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _ungamma(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def translucent(color: Mapping[str, str], opacity: float) -> Color:
    """The colour `#rrggbb` at an opacity, for both themes."""
    return {theme: f"rgba({','.join(map(str, _rgb(text)))},{opacity:g})" for theme, text in color.items()}


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
