"""The chart of a comparison: all groups in one plane, or one panel a batch size with shared axes.

Both return a `Drawing` whose figure is Plotly's dict with two liberties: arrays are NumPy's, and a colour is
`{"light": ..., "dark": ...}` (`figures.palette.themed` turns it into plain Plotly). Traces with `showlegend=True` are
the curves that get a name at their end; a curve over several seeds has `customdata` (lowest, highest) a point; the
traces of single updates have `meta="updates"`. Panels are `xaxis`, `xaxis2`, ... in order, linked by `matches`.
`layout.meta` has raw values, from which the page makes ranges, ticks, lines and headings: see `_layout`.

Solid is training and dotted is validation when both are drawn; a single measure is solid. Groups that share a batch
size share its colour and differ in their dashes. All users' words are escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from batchviz.analysis.comparison import Comparison
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import UNITS
from batchviz.experiment.records import Series
from batchviz.figures import traces as every_update
from batchviz.figures.axes import x_axis, y_axis
from batchviz.figures.figure import Drawing, Figure, text
from batchviz.figures.palette import color
from batchviz.figures.reference_lines import floors
from batchviz.figures.summary import alt, note
from batchviz.figures.traces import Traces, TraceStyle, dashes, part


def overlay(
    comparison: Comparison,
    series: Mapping[str, Series],
    *,
    x: str = "epochs",
    log: str = "none",
    smoothing: float = 0.0,
    seeds: bool = False,
    measures: Sequence[str] = (),
    updates: Mapping[str, Series] | None = None,
) -> Drawing:
    """All groups in one plane. Without groups the figure is empty.

    `x` is one of UNITS; `log` is "none", "x", "y" or "both"; `seeds` draws a line for every seed, too; `measures`
    are drawn together (default: the comparison's); `updates` are the update rows by run id of the runs whose every
    update is drawn behind the curves. Every curve ends at the comparison's equal budget.
    """
    return _draw(comparison, series, False, x, log, smoothing, seeds, measures, updates or {})


def multiples(
    comparison: Comparison,
    series: Mapping[str, Series],
    *,
    x: str = "epochs",
    log: str = "none",
    smoothing: float = 0.0,
    seeds: bool = False,
    measures: Sequence[str] = (),
    updates: Mapping[str, Series] | None = None,
) -> Drawing:
    """One panel a batch size, with shared axes; the arguments are those of `overlay`."""
    return _draw(comparison, series, True, x, log, smoothing, seeds, measures, updates or {})


def _draw(
    comparison: Comparison,
    series: Mapping[str, Series],
    apart: bool,
    x: str,
    log: str,
    smoothing: float,
    seeds: bool,
    measures: Sequence[str],
    updates: Mapping[str, Series],
) -> Drawing:
    measures = measures or (comparison.measure,)
    look = TraceStyle(x, log in ("x", "both"), log in ("y", "both"), smoothing, seeds, comparison.cut)
    lines = _lines(comparison, series, measures, look)
    look = look if apart else replace(look, crowd=len(lines))
    sizes = sorted({one.group.batch_size for one in lines})
    places = {size: str(i + 1) if i else "" for i, size in enumerate(sizes)} if apart else {}
    panels = list(places.values()) or [""]
    behind = _noise(comparison.groups, series, updates, measures[0], look, places)
    shown = [trace for one in lines for trace in one.traces(look, places.get(one.group.batch_size, ""))]
    layout = _layout(comparison, lines, measures, look, panels)
    if apart:
        layout["meta"]["panels"] = [_panel_heading(lines, size) for size in places]
    figure: Figure = {"data": [*behind, *shown], "layout": layout}
    thinned = any("number" in rows for rows in series.values())
    said = note(comparison, lines, look, behind, thinned=thinned)
    return Drawing(figure, comparison.headline, alt(comparison, lines, x), said)


def _lines(
    comparison: Comparison, series: Mapping[str, Series], measures: Sequence[str], look: TraceStyle
) -> list[Traces]:
    dash = dashes(list(comparison.groups))
    found = []
    for group in comparison.groups:
        for measure in measures:
            dotted = len(measures) > 1 and MEASURES[measure].part == "validation"
            name = group.label + part(measure, len(measures) > 1)
            found.append(Traces.of(group, series, measure, look, "dot" if dotted else dash[group.key], name))
    return [lines for lines in found if lines.curves]


def _noise(
    groups: Sequence[Group],
    series: Mapping[str, Series],
    updates: Mapping[str, Series],
    measure: str,
    look: TraceStyle,
    places: Mapping[int, str],
) -> list[dict[str, Any]]:
    runs = [(g, run) for g in groups for run in g.runs if run.id in updates and run.id in series]
    found = []
    for group, run in runs:
        panel = places.get(group.batch_size, "")
        points = every_update.noise(
            run,
            updates[run.id],
            series[run.id],
            look.x,
            MEASURES[measure].kind,
            until=look.until,
            log=look.log_x,
        )
        name = text(f"{group.label}, seed {run.spec.seed}, every update")
        line = every_update.trace(*points, color(group.batch_size), name)
        found.append(line | {"xaxis": f"x{panel}", "yaxis": f"y{panel}"})
    return found


def _layout(
    comparison: Comparison,
    lines: Sequence[Traces],
    measures: Sequence[str],
    look: TraceStyle,
    panels: Sequence[str],
) -> dict[str, Any]:
    """Axes without ranges, and in `meta` what the page needs to show them.

    `x` is the word before a position and `y` the words over values; `floors` are the best values possible; `bounded`
    says that growth is no divergence (accuracy); `budget` is where an equal budget cuts, on the x-axis, or None.
    """
    plans = [one.group.plan for one in lines]
    measure = MEASURES[measures[0]]
    name = measure.name(plans) if len(measures) == 1 else measure.name(plans).removeprefix(f"{measure.part} ")
    name = name if plans else measure.title
    cut = comparison.cut
    layout: dict[str, Any] = {
        "showlegend": False,
        "meta": {
            "x": UNITS[look.x].one,
            "y": text(name),
            "floors": floors(plans, measure),
            "bounded": any(measure.higher_is_better(plan) for plan in plans),
            "budget": cut.budget if cut is not None and cut.unit == look.x else None,
        },
        # What the visitor zoomed into is kept while the axes mean the same.
        "uirevision": f"{look.x} {measure.kind} {look.log_x} {look.log_y} {len(panels)}",
    }
    for panel in panels:
        x, y = x_axis(look.x, log=look.log_x), y_axis(name, log=look.log_y)
        layout[f"xaxis{panel}"] = x | {"anchor": f"y{panel}"} | ({"matches": "x"} if panel else {})
        layout[f"yaxis{panel}"] = y | {"anchor": f"x{panel}"} | ({"matches": "y"} if panel else {})
    return layout


def _panel_heading(lines: Sequence[Traces], size: int) -> dict[str, Any]:
    labels = list(dict.fromkeys(one.group.label for one in lines if one.group.batch_size == size))
    words = labels[0] if len(labels) == 1 else f"batch size {size:,}"
    return {"heading": text(words), "color": color(size)}
