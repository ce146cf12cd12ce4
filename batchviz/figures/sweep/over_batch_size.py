"""Planes over the batch size: a line through what was found, and a point a batch size in its own colour."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from batchviz.figures.figure import PlotlyFigure, text
from batchviz.figures.palette import Color, color, translucent

Behind = Callable[[Sequence[str]], str]
"""The address, relative to the app's, that opens runs by their ids."""

MUTED: Color = {"light": "#787d86", "dark": "#9aa0ab"}
"""Of lines that join batch sizes: no batch size's own."""
ROOM = 0.06
"""Of an axis, beyond its last points."""
HIGH = 250
"""Pixels of a plane among several."""


@dataclass(frozen=True)
class Point:
    """What was found of one batch size. `y` is NaN where nothing was."""

    batch_size: int
    y: float
    low: float = math.nan
    high: float = math.nan
    link: str = ""
    beyond: bool = False
    """It lies above all that was measured: an open mark stands at the upper edge."""


@dataclass(frozen=True)
class Line:
    """Points under one name, which stands at their end."""

    name: str
    points: Sequence[Point]
    marks: bool = True
    dash: str = "solid"
    pale: bool = False
    theory: bool = False
    """Nothing that was found: it may leave the plane."""
    hidden: bool = False
    """Drawn by somebody else: it makes room on the axes, and no line."""


@dataclass(frozen=True)
class Plane:
    """One panel. `word` is the word over its values under the pointer."""

    heading: str
    word: str
    lines: Sequence[Line]
    log: bool = True
    segments: Sequence[tuple[int, float, float]] = field(default=())
    """(batch size, from, to): drawn upright, in the batch size's colour."""


def figure(planes: Sequence[Plane], *, same_axes: bool = False) -> PlotlyFigure:
    """The planes side by side; with `same_axes` their values are the same thing. Without points they are empty."""
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "showlegend": False,
        "meta": {
            "x": "batch size",
            "y": text(planes[0].word),
            "bounded": True,
            "apart": len(planes) > 1 and not same_axes,
            "panels": [
                {"heading": text(plane.heading if len(planes) > 1 else ""), "y": text(plane.word)}
                for plane in planes
            ],
            "high": HIGH,
        },
        "uirevision": " ".join(f"{plane.heading} {plane.log}" for plane in planes),
    }
    everything = (
        [range_of([plane]) for plane in planes] if not same_axes else [range_of(planes)] * len(planes)
    )
    sizes = sorted({point.batch_size for plane in planes for line in plane.lines for point in line.points})
    for i, (plane, ends) in enumerate(zip(planes, everything, strict=True)):
        panel = str(i + 1) if i else ""
        axes = {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
        traces += [trace | axes for trace in _traces(plane, ends)]
        layout[f"xaxis{panel}"] = {"title": {"text": "batch size"}, "type": "log", "range": _log_range(sizes)}
        layout[f"yaxis{panel}"] = {
            "title": {"text": text(plane.word)},
            "type": "log" if plane.log else "linear",
        }
        if ends:
            layout[f"yaxis{panel}"]["range"] = ends
    return {"data": traces, "layout": layout}


def time_unit(values: Iterable[float]) -> tuple[float, str]:
    """How many of a unit a second has, and the unit, in which the largest of these seconds is an easy number."""
    largest = max((value for value in values if math.isfinite(value)), default=1.0)
    if largest >= 1:
        return 1.0, "seconds"
    return (1e3, "milliseconds") if largest >= 1e-3 else (1e6, "microseconds")


def range_of(planes: Sequence[Plane]) -> list[float]:
    """Ends of the y-axis, powers of ten where it is logarithmic; open marks have room over all else. Empty without."""
    lines = [line for plane in planes for line in plane.lines if not line.theory]
    points = [point for line in lines for point in line.points if not point.beyond]
    values = [value for point in points for value in (point.y, point.low, point.high)]
    values += [value for plane in planes for _, *ends in plane.segments for value in ends]
    log = planes[0].log
    drawable = [value for value in values if math.isfinite(value) and (value > 0 or not log)]
    if not drawable:
        return []
    low, high = (
        (math.log10(min(drawable)), math.log10(max(drawable))) if log else (min(drawable), max(drawable))
    )
    room = max(ROOM * (high - low), 0.1) if log else ROOM * (high - low) or 0.1 * abs(high) or 1.0
    over = any(point.beyond for line in lines for point in line.points)
    return [low - room, high + (3 if over else 1) * room]


def _log_range(sizes: Sequence[int]) -> list[float]:
    low, high = (math.log10(sizes[0]), math.log10(sizes[-1])) if sizes else (0.0, 1.0)
    room = ROOM * (high - low) or 0.3
    return [low - room, high + room]


def _traces(plane: Plane, ends: Sequence[float]) -> Iterator[dict[str, Any]]:
    """Back to front."""
    for size, *reach in plane.segments:
        yield _trace("", [size, size], reach, line={"width": 2, "color": translucent(color(size), 0.45)})
    for line in plane.lines:
        yield from _line(line)
    for line in plane.lines:
        if line.marks:
            yield from _marks(line, ends, log=plane.log)


def _line(line: Line) -> Iterator[dict[str, Any]]:
    points = line.points  # a size without a value breaks the line
    if line.hidden or not any(math.isfinite(point.y) for point in points):
        return
    shade = translucent(MUTED, 0.5) if line.pale else MUTED
    trace = _trace(
        text(line.name), [point.batch_size for point in points], [point.y for point in points],
        line={"width": 1.5, "dash": line.dash, "color": shade},
    ) | {"showlegend": True, "meta": {"bare": True}}  # fmt: skip
    if any(math.isfinite(point.low) for point in points):
        trace["customdata"] = np.array([(point.low, point.high) for point in points])
    if any(point.link for point in points):
        trace["ids"] = [point.link for point in points]
    yield trace


def _marks(line: Line, ends: Sequence[float], *, log: bool) -> Iterator[dict[str, Any]]:
    for point in line.points:
        shade = color(point.batch_size)
        if point.beyond and ends:
            edge = ends[1] - ROOM * (ends[1] - ends[0]) / 2
            yield mark(point.batch_size, 10**edge if log else edge, shade, hollow=True)
        elif math.isfinite(point.y):
            if math.isfinite(point.low) and math.isfinite(point.high):
                reach = [point.low, point.high]
                thin = {"width": 1.5, "color": translucent(shade, 0.6)}
                yield _trace("", [point.batch_size] * 2, reach, line=thin)
            yield mark(point.batch_size, point.y, shade, hollow=False)


def mark(size: int, y: float, shade: Color, *, hollow: bool) -> dict[str, Any]:
    """One symbol of its own."""
    marker = {"size": 8, "color": shade} | ({"symbol": "circle-open"} if hollow else {})
    return _trace("", [size], [y], mode="markers", marker=marker)


def _trace(
    name: str, x: Sequence[float], y: Sequence[float], mode: str = "lines", **style: Any
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": mode,
        "name": name,
        "x": np.asarray(x, np.float64),
        "y": np.asarray(y, np.float64),
        "showlegend": False,
    } | style
