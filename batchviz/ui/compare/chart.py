"""The statement and the chart."""

from __future__ import annotations

from batchviz.analysis.comparison import Comparison
from batchviz.figures.comparison import multiples, overlay
from batchviz.figures.figure import Figure
from batchviz.links.comparison import View
from batchviz.text.numbers import count, form
from batchviz.ui.compare.data import Fetched, updates
from batchviz.ui.components import html
from batchviz.ui.components.figure_chart import chart


def state_it(comparison: Comparison, fetched: Fetched) -> None:
    """What the comparison shows, the finding first, and how much of it is still to come."""
    waiting = ""
    if runs := len(fetched.unfinished):
        waiting = (
            f"{count(runs, 'run')} {form(runs, 'is', 'are')} still training; the page follows by itself."
        )
    rest = " ".join(comparison.sentences[1:])
    html.draw("statement.html", headline=comparison.headline, rest=rest, waiting=waiting)


def draw(comparison: Comparison, fetched: Fetched, view: View) -> None:
    """The chart, of the view's layout."""
    drawing = (multiples if view.layout == "multiples" else overlay)(
        comparison,
        fetched.series,
        x=view.x,
        log=view.log,
        smoothing=view.smoothing,
        seeds=view.seeds,
        updates=updates(fetched.runs) if view.noise else None,
    )
    chart(
        drawing.figure,
        key="compare_chart",
        title=_heading(drawing.figure),
        alt=drawing.alt,
        note=drawing.note,
        caption=comparison.statement,
        file_name=f"batchviz-{view.measure}-by-{view.x}",
    )


def _heading(figure: Figure) -> str:
    """What the y-axis shows, and its unit: over the chart it is read without turning the head."""
    title = str(figure["layout"]["yaxis"]["title"]["text"])
    return title[:1].upper() + title[1:]
