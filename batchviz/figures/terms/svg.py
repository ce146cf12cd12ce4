"""The few marks that pictures of terms are made of, as inline SVG: theme-aware, and named for who cannot see them.

Colours are the page's own (`css/tokens.css`) and those of batch sizes. Coordinates are those of WIDTH x HEIGHT.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from batchviz.figures import palette

WIDTH, HEIGHT = 320, 120
INK = "currentColor"
ACCENT = "var(--batchviz-accent)"
PALE = "var(--batchviz-border)"
WRONG = "var(--batchviz-problem)"

Point = tuple[float, float]


def size_color(batch_size: int) -> str:
    """The colour that a batch size has on every page."""
    both = palette.color(batch_size)
    return f"light-dark({both['light']}, {both['dark']})"


def picture(alt: str, *marks: str, height: int = HEIGHT) -> str:
    """The whole picture; `alt` says in words what it shows, with its numbers."""
    return (
        f'<svg class="batchviz-picture" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(alt)}">'
        f"{''.join(marks)}</svg>"
    )


def box(
    x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "none", radius: float = 2
) -> str:
    """A rectangle; `style` rather than an attribute, which knows no light-dark()."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:g}" '
        f'style="fill:{fill};stroke:{stroke}"/>'
    )


def line(points: Iterable[Point], color: str = INK, *, width: float = 1.5, dash: str = "") -> str:
    """A line through points."""
    through = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f";stroke-dasharray:{dash}" if dash else ""
    return f'<polyline points="{through}" style="fill:none;stroke:{color};stroke-width:{width:g}{dashed}"/>'


def area(points: Iterable[Point], color: str) -> str:
    """What a line goes around, pale."""
    around = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{around}" style="fill:{color};fill-opacity:0.18"/>'


def dot(x: float, y: float, color: str = INK, radius: float = 3, *, hollow: bool = False) -> str:
    """A disc, or a ring."""
    look = f"fill:none;stroke:{color};stroke-width:1.5" if hollow else f"fill:{color}"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" style="{look}"/>'


def arrow(start: Point, end: Point, color: str = INK, width: float = 1.5) -> str:
    """A line with a head at its end; one too short for a head is a dot."""
    (x, y), (to_x, to_y) = start, end
    length = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
    if length < 1:
        return dot(to_x, to_y, color, 2)
    along, across = ((to_x - x) / length, (to_y - y) / length), ((y - to_y) / length, (to_x - x) / length)
    size = min(6.0, length * 0.6)
    foot = (to_x - along[0] * size, to_y - along[1] * size)
    sides = [(foot[0] + across[0] * size / 2 * way, foot[1] + across[1] * size / 2 * way) for way in (1, -1)]
    head = " ".join(f"{a:.1f},{b:.1f}" for a, b in [(to_x, to_y), *sides])
    return line([start, foot], color, width=width) + f'<polygon points="{head}" style="fill:{color}"/>'


def words(
    x: float, y: float, text: str, *, anchor: str = "middle", color: str = INK, size: float = 11
) -> str:
    """A label, its base line at y."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" style="fill:{color}">'
        f"{escape(text)}</text>"
    )


def scaled(
    xs: Sequence[float], ys: Sequence[float], low: float, high: float, left: float = 30, right: float = 300
) -> list[Point]:
    """Values as points of the picture: x over its own range, y from `low` at the foot to `high` at the top."""
    start, end = min(xs), max(xs)
    return [
        (
            left + (x - start) / ((end - start) or 1) * (right - left),
            100 - (min(max(y, low), high) - low) / (high - low) * 86,
        )
        for x, y in zip(xs, ys, strict=True)
    ]


def axes(x: str, y: str) -> str:
    """Two quiet lines and their names."""
    frame = line([(30, 12), (30, 100), (304, 100)], PALE)
    return frame + words(167, 115, x, size=10) + words(34, 10, y, anchor="start", size=10)
