"""The statement and the chart."""

from __future__ import annotations

from batchviz.analysis.comparison import Comparison
from batchviz.figures.comparison import multiples, overlay
from batchviz.figures.figure import PlotlyFigure
from batchviz.links.comparison import View
from batchviz.text.comparison import sentences, statement
from batchviz.text.numbers import count, form
from batchviz.ui.compare.data import Fetched, updates
from batchviz.ui.components import html
from batchviz.ui.components.figure_chart import chart


def draw_statement(comparison: Comparison, fetched: Fetched) -> None:
    """What the comparison shows, the finding first, and how much of it is still to come."""
    waiting = ""
    if runs := len(fetched.unfinished):
        waiting = (
            f"{count(runs, 'run')} {form(runs, 'is', 'are')} still training; the page follows by itself."
        )
    headline, *rest = sentences(comparison)
    html.draw("statement.html", headline=headline, rest=" ".join(rest), waiting=waiting)


def draw_chart(comparison: Comparison, fetched: Fetched, view: View) -> None:
    """The chart, of the view's layout."""
    figure = (multiples if view.layout == "multiples" else overlay)(
        comparison,
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


def _heading(figure: PlotlyFigure) -> str:
    """What the y-axis shows, and its unit: over the chart it is read without turning the head."""
    title = str(figure["layout"]["yaxis"]["title"]["text"])
    return title[:1].upper() + title[1:]
