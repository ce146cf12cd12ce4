"""A chart in words: what is to be seen, and how it was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from batchviz.analysis.comparison import Comparison
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.units import UNITS
from batchviz.analysis.words import listing, number
from batchviz.figures.traces import Traces, TraceStyle

IN_WORDS = 8
"""Curves told one by one; the rest is counted."""


def alt(comparison: Comparison, lines: Sequence[Traces], unit: str) -> str:
    """Where every curve starts and ends, for those who do not see it."""
    names = sorted({one.measure for one in lines}, key=list(MEASURES).index) or [comparison.measure]
    plans = [one.group.plan for one in lines]
    what = listing([MEASURES[name].name(plans) if plans else MEASURES[name].title for name in names])
    what = f"{what[:1].upper()}{what[1:]}"
    if not lines:
        return f"{what}: nothing recorded yet."
    told = [_course(one) for one in lines[:IN_WORDS]]
    more = len(lines) - IN_WORDS
    rest = [f"And {more} more {'curve' if more == 1 else 'curves'}, in the table."] if more > 0 else []
    return " ".join([f"{what} over {UNITS[unit].axis}.", *told, *rest])


def note(
    comparison: Comparison,
    lines: Sequence[Traces],
    look: TraceStyle,
    behind: Sequence[Mapping[str, Any]],
    *,
    thinned: bool = False,
) -> str:
    """How to read the chart, as far as something in it needs it."""
    said = []
    if any(len(one.curves) > 1 for one in lines):
        said.append("Line: mean over seeds. Band: lowest to highest seed.")
    if len({one.measure for one in lines}) > 1:
        said.append("Solid: training. Dotted: validation.")
    if look.until is not None and lines:
        said.append(f"Every curve ends after {UNITS[look.until.unit].amount(look.until.budget)}.")
    if look.smoothing:
        said.append(
            f"Smoothed, EMA {look.smoothing:.2f}: a moving average from one measurement to the next. "
            "Tables and verdicts are not smoothed."
        )
    if look.log_x and lines:
        said.append("The state before the first update has no place on a logarithmic axis.")
    if behind:
        said.append(f"Thin line: the {MEASURES[comparison.measure].kind} of single updates, extremes kept.")
    if thinned:
        said.append(
            "Of a very long run: its first epochs, then the last, lowest and highest of every stretch."
        )
    return " ".join(said)


def _course(one: Traces) -> str:
    start, end = number(float(one.band.mean[0])), number(float(one.band.mean[-1]))
    return f"{one.name}: from {start} to {end}."
