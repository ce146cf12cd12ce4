"""A chart in words: what is to be seen, and how it was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batchviz.analysis.comparison import Comparison
from batchviz.analysis.curves import GroupCurves
from batchviz.analysis.units import UNITS, Unit
from batchviz.text.clock import axis, note
from batchviz.text.comparison import headline
from batchviz.text.names import METRIC_TITLES, amount, metric_name
from batchviz.text.numbers import count, number

MAX_TOLD = 8
"""Curves told one by one; the rest is counted."""


def alt(comparison: Comparison, drawn: Sequence[GroupCurves], unit: Unit) -> str:
    """The finding, and where every curve that is drawn over `unit` starts and ends, for those who do not see it.

    Where a group is ranked, its end is the very value that ranks it.
    """
    plans = [group.group.plan for group in drawn]
    if not drawn:
        return f"{METRIC_TITLES[comparison.metric.key]}: nothing recorded yet."
    name = metric_name(comparison.metric, plans)
    courses = [_course(group, comparison) for group in drawn[:MAX_TOLD]]
    more = len(drawn) - MAX_TOLD
    rest = [f"And {count(more, 'more curve')}, in the table."] if more > 0 else []
    axes = f"{name[:1].upper()}{name[1:]} over {axis(unit.key, comparison.clocks)}."
    return " ".join([headline(comparison), axes, *courses, *rest])


def _course(drawn: GroupCurves, comparison: Comparison) -> str:
    places = comparison.ranking.places
    ranked = next((place.mean for place in places if place.group.key == drawn.group.key and place.at), None)
    start, last = float(drawn.band.mean[0]), float(drawn.band.mean[-1])
    end = last if ranked is None else ranked
    return f"{drawn.group.label}: from {number(start)} to {number(end)}."


def how_drawn(
    comparison: Comparison,
    drawn: Sequence[GroupCurves],
    *,
    smoothing: float = 0.0,
    log_x: bool = False,
    updates: bool = False,
    unit: str = "epochs",
) -> str:
    """How to read the chart over `unit`, as far as something in it needs it.

    `updates`: whether single updates are drawn.
    """
    timed = "seconds" in (unit, None if comparison.unit is None else comparison.unit.key)
    runs = [run for group in comparison.groups for run in group.runs]
    clock = [note(comparison.clocks, runs)] if timed else []
    return " ".join([*clock, *_how_drawn(comparison, drawn, smoothing, log_x, updates)])


def _how_drawn(
    comparison: Comparison, drawn: Sequence[GroupCurves], smoothing: float, log_x: bool, updates: bool
) -> Iterator[str]:
    if any(len(group.curves) > 1 for group in drawn):
        yield "Line: mean over seeds. Band: lowest to highest seed."
    if any(curve.gaps for group in drawn for curve in group.curves):
        # As the live chart says it: src/live/describe.js.
        yield "No line is drawn between measurements far apart; a dot is a single one."
    if comparison.cut is not None and drawn:
        cut = amount(UNITS[comparison.cut.unit], comparison.cut.budget)
        skipped = bool(comparison.ranking.skipped)
        yield f"Every curve ends {'at its last measurement within' if skipped else 'after'} {cut}."
    if smoothing:
        yield (
            f"Smoothed, EMA {smoothing:.2f}: a moving average from one measurement to the next. "
            "Tables and verdicts are not smoothed."
        )
    if log_x and drawn:
        yield "The state before the first update has no place on a logarithmic axis."
    if updates:
        yield f"Thin line: the {comparison.metric.kind} of single updates, extremes kept."
    if any("number" in rows for rows in comparison.series.values()):
        yield "Of a very long run: its first epochs, then the last, lowest and highest of every stretch."
