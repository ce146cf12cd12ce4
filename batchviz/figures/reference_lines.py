"""Lines across a chart: the best that is possible, and where an equal budget cuts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from batchviz.analysis.metrics import Metric
from batchviz.experiment.plan import Plan
from batchviz.figures.palette import MUTED
from batchviz.figures.traces import TraceStyle
from batchviz.text.numbers import number


def floors(plans: Sequence[Plan], measure: Metric) -> list[float]:
    """The distinct floors of the runs that are drawn."""
    return sorted({floor for plan in plans if (floor := measure.floor(plan)) is not None})


def fraction(value: float) -> str:
    """A simple fraction says more than its decimals: 1/12 for 0.0833."""
    for below in range(2, 21):
        above = round(value * below)
        if above > 0 and abs(value - above / below) < 2e-4:
            return f"{above}/{below}" if above % below else str(above // below)
    return number(value)


def marks(
    panel: str, values: Sequence[float], cut: float | None, look: TraceStyle, *, said: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shapes and (when `said`) their words for one panel; `cut` is in the unit of the x-axis, or None."""
    dotted = {"type": "line", "layer": "below", "line": {"color": MUTED, "width": 1, "dash": "1px,2px"}}
    words = {"showarrow": False, "font": {"color": MUTED, "size": 11}}
    shapes, annotations = [], []
    for value in values:
        if look.log_y and value <= 0:
            continue
        shapes.append(
            dotted
            | {"xref": f"x{panel} domain", "x0": 0, "x1": 1, "yref": f"y{panel}", "y0": value, "y1": value}
        )
        place = math.log10(value) if look.log_y else value
        annotations.append(
            words
            | {
                "text": f"floor {fraction(value)}",
                "xref": f"x{panel} domain",
                "x": 0,
                "xanchor": "left",
                "yref": f"y{panel}",
                "y": place,
                "yanchor": "top",
            }
        )
    if cut is not None:
        shapes.append(
            dotted
            | {"xref": f"x{panel}", "x0": cut, "x1": cut, "yref": f"y{panel} domain", "y0": 0, "y1": 1}
            | {"line": {"color": MUTED, "width": 1, "dash": "dash"}}
        )
        annotations.append(
            words
            | {
                "text": "equal budget",
                "xref": f"x{panel}",
                "x": math.log10(cut) if look.log_x else cut,
                "xanchor": "right",
                "xshift": -4,
                "yref": f"y{panel} domain",
                "y": 1,
                "yanchor": "top",
            }
        )
    return shapes, annotations if said else []
