"""The chart of a comparison: all groups in one plane, or panels with shared axes.

Both return a `Figure` whose `plotly` is Plotly's dict with two liberties: arrays are NumPy's, and a colour is
`{"light": ..., "dark": ...}`. Traces with `showlegend=True` are the curves that get a name at their end; a curve over
several seeds has `customdata` (lowest, highest) a point, and in panels `meta.end`, its name beside its panel's; the
traces of single updates have `meta="updates"`. Panels
are `xaxis`, `xaxis2`, ... in order, linked by `matches`. `layout.meta` has raw values, from which the page makes
ranges, ticks, lines and headings: see `_layout`.

Which field has the colours, dashes and panels is what `analysis.appearance` finds, or what is asked for. All users'
words are escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from batchviz.analysis.appearance import AUTOMATIC, Encoding, encoding
from batchviz.analysis.comparison import Comparison
from batchviz.analysis.curves import GroupCurves
from batchviz.analysis.units import UNITS
from batchviz.experiment.series import Series
from batchviz.figures.appearance import Appearance, appearance
from batchviz.figures.figure import Figure, text
from batchviz.figures.traces import Traces, TraceStyle, update_points, update_trace
from batchviz.text.alt import alt, how_drawn
from batchviz.text.appearance import means
from batchviz.text.clock import axis
from batchviz.text.floor import floor_note
from batchviz.text.names import METRIC_TITLES, metric_name, with_unit


def overlay(
    comparison: Comparison,
    *,
    x: str = "epochs",
    log: str = "none",
    smoothing: float = 0.0,
    seeds: bool = False,
    updates: Mapping[str, Series] | None = None,
    color: str = AUTOMATIC,
    dash: str = AUTOMATIC,
) -> Figure:
    """All groups in one plane. Without groups the figure is empty.

    `x` is one of UNITS; `log` is "none", "x", "y" or "both"; `seeds` draws a line for every seed, too; `updates` are
    the update rows by run id of the runs whose every update is drawn behind the curves; `color` and `dash` are what
    `analysis.appearance.encoding` takes. Every curve ends at the comparison's equal budget.
    """
    style = TraceStyle(x, log in ("x", "both"), log in ("y", "both"), seeds)
    encoded = encoding(comparison.groups, color=color, dash=dash)
    return _draw(comparison, style, smoothing, updates or {}, encoded)


def multiples(
    comparison: Comparison,
    *,
    x: str = "epochs",
    log: str = "none",
    smoothing: float = 0.0,
    seeds: bool = False,
    updates: Mapping[str, Series] | None = None,
    color: str = AUTOMATIC,
    dash: str = AUTOMATIC,
    panels: str = AUTOMATIC,
) -> Figure:
    """One panel a value of the field of `panels`, with shared axes; the arguments are those of `overlay`."""
    style = TraceStyle(x, log in ("x", "both"), log in ("y", "both"), seeds)
    encoded = encoding(comparison.groups, color=color, dash=dash, panels=panels)
    return _draw(comparison, style, smoothing, updates or {}, encoded)


def _draw(
    comparison: Comparison,
    style: TraceStyle,
    smoothing: float,
    updates: Mapping[str, Series],
    encoded: Encoding,
) -> Figure:
    drawn = comparison.curves(style.x, smoothing=smoothing, log=style.log_x)
    style = style if encoded.panels else replace(style, crowd=len(drawn))
    look = appearance(comparison.groups, encoded)
    headings = (
        list(dict.fromkeys(look.panels[group.group.key] for group in drawn)) if encoded.panels else [""]
    )
    planes = {heading: str(i + 1) if i else "" for i, heading in enumerate(headings)}
    panel = {key: planes.get(heading, "") for key, heading in look.panels.items()}
    behind = _updates(comparison, updates, style, panel, look)
    lines = [
        (key, Traces(group, look.dashes[key], look.colors[key], look.ends[key] if encoded.panels else ""))
        for group in drawn
        for key in (group.group.key,)
    ]
    curves = [trace for key, line in lines for trace in line.traces(style, panel[key])]
    layout = _layout(comparison, drawn, style, list(planes.values()) or [""])
    layout["uirevision"] = f"{layout['uirevision']} {' '.join(encoded.panels)}"
    if encoded.panels:
        shades = {look.panels[group.group.key]: look.colors[group.group.key] for group in drawn}
        layout["meta"]["panels"] = [
            {"heading": text(heading)} | ({"color": shades[heading]} if look.headings_colored else {})
            for heading in headings
        ]
    note = how_drawn(
        comparison, drawn, smoothing=smoothing, log_x=style.log_x, updates=bool(behind), unit=style.x
    )
    floors = floor_note([group.group.plan for group in drawn], comparison.metric)
    note = " ".join(filter(None, (means(encoded, look.meanings) if len(drawn) > 1 else "", note, floors)))
    return Figure(
        {"data": [*behind, *curves], "layout": layout}, alt(comparison, drawn, UNITS[style.x]), note
    )


def _updates(
    comparison: Comparison,
    updates: Mapping[str, Series],
    style: TraceStyle,
    panels: Mapping[str, str],
    look: Appearance,
) -> list[dict[str, Any]]:
    """Every update of the runs that have them, behind the curves."""
    series = comparison.series
    runs = [(g, run) for g in comparison.groups for run in g.runs if run.id in updates and run.id in series]
    traces = []
    for group, run in runs:
        panel = panels[group.key]
        points = update_points(
            run,
            updates[run.id],
            series[run.id],
            style.x,
            comparison.metric.kind,
            until=comparison.cut,
            log=style.log_x,
        )
        name = text(f"{group.label}, seed {run.spec.seed}, every update")
        trace = update_trace(*points, look.colors[group.key], name)
        traces.append(trace | {"xaxis": f"x{panel}", "yaxis": f"y{panel}"})
    return traces


def _layout(
    comparison: Comparison, drawn: Sequence[GroupCurves], style: TraceStyle, panels: Sequence[str]
) -> dict[str, Any]:
    """Axes without ranges, and in `meta` what the page needs to show them.

    `x` is the word before a position and `y` the words over values; `floors` are what the law of their data scores;
    `bounded` says that growth is no divergence (accuracy); `budget` is where an equal budget cuts, on the
    x-axis, or None.
    """
    metric, cut, unit = comparison.metric, comparison.cut, UNITS[style.x]
    plans = [group.group.plan for group in drawn]
    name = metric_name(metric, plans) if plans else METRIC_TITLES[metric.key]
    layout: dict[str, Any] = {
        "showlegend": False,
        "meta": {
            "x": unit.singular,
            "y": text(name),
            "floors": sorted({floor for plan in plans if (floor := metric.floor(plan)) is not None}),
            "bounded": any(metric.higher_is_better(plan) for plan in plans),
            "budget": cut.budget if cut is not None and cut.unit == style.x else None,
        },
        # What the visitor zoomed into is kept while the axes mean the same.
        "uirevision": f"{style.x} {comparison.clocks.path} {metric.kind} {style.log_x} {style.log_y} {len(panels)}",
    }
    for panel in panels:
        layout[f"xaxis{panel}"] = _axis(
            axis(style.x, comparison.clocks), f"y{panel}", log=style.log_x, shared="x" if panel else ""
        )
        layout[f"yaxis{panel}"] = _axis(
            with_unit(name), f"x{panel}", log=style.log_y, shared="y" if panel else ""
        )
    return layout


def _axis(title: str, anchor: str, *, log: bool, shared: str) -> dict[str, Any]:
    """`shared` names the axis whose range it has, empty for none."""
    axis = {"title": {"text": title}, "type": "log" if log else "linear", "anchor": anchor}
    return axis | ({"matches": shared} if shared else {})
