"""The statement, the chart, and under it what the seeds say in detail."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.analysis.comparison import Comparison
from batchviz.errors import BatchVizError
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.records import Run
from batchviz.figures.comparison import multiples, overlay
from batchviz.figures.figure import PlotlyFigure
from batchviz.links.comparison import View
from batchviz.text.clock import MEASURING, OFFER
from batchviz.text.comparison import detail, lead, statement
from batchviz.text.numbers import count, form
from batchviz.ui import resources
from batchviz.ui.compare.data import Fetched, updates
from batchviz.ui.components import html, notices
from batchviz.ui.components.figure_chart import chart
from batchviz.web.clocks import request_clocks


def draw_statement(comparison: Comparison, fetched: Fetched) -> None:
    """What the comparison shows, the headline first, and how much of it is still to come."""
    waiting = ""
    if runs := len(fetched.unfinished):
        waiting = (
            f"{count(runs, 'run')} {form(runs, 'is', 'are')} still training; the page follows by itself."
        )
    headline, *rest = lead(comparison)
    html.draw("statement.html", headline=headline, rest=" ".join(rest), waiting=waiting)


def draw_chart(comparison: Comparison, fetched: Fetched, view: View) -> None:
    """The chart, of the view's layout."""
    apart = {"panels": view.panels} if view.layout == "multiples" else {}
    figure = (multiples if apart else overlay)(
        comparison,
        color=view.color,
        dash=view.dash,
        **apart,
        x=view.x,
        log=view.log,
        smoothing=view.smoothing,
        seeds=view.seeds,
        updates=updates(fetched.runs) if view.noise else None,
    )
    chart(
        figure.plotly,
        key="compare_chart",
        title=_heading(figure.plotly),
        alt=figure.alt,
        note=figure.note,
        caption=statement(comparison),
        file_name=f"batchviz-{view.measure}-by-{view.x}",
    )


def draw_detail(comparison: Comparison) -> None:
    """By how much and how surely, and what was not equal: a line each."""
    if lines := detail(comparison):
        html.draw("findings.html", lines=lines)


def offer_clock(fetched: Fetched) -> None:
    """A button where seconds are asked for that were not measured yet; none while they are about to be."""
    runs, clocks = fetched.runs, fetched.clocks
    if clocks.offered(runs):
        st.button(
            OFFER, key="measure_clock", on_click=_request_clocks, args=(runs, clocks.path), help=MEASURING
        )


def _request_clocks(runs: Sequence[Run], path: ClockPath) -> None:
    try:
        request_clocks(resources.store(), runs, path)
    except BatchVizError as error:
        notices.report(str(error))


def _heading(figure: PlotlyFigure) -> str:
    """What the y-axis shows, and its unit: over the chart it is read without turning the head."""
    title = str(figure["layout"]["yaxis"]["title"]["text"])
    return title[:1].upper() + title[1:]
