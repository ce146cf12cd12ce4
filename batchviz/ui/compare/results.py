"""Everything under the head, as one fragment: while runs train it draws itself anew, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from batchviz.analysis.comparison import compare
from batchviz.errors import BatchVizError
from batchviz.text.numbers import count
from batchviz.ui.compare import chart, controls, header, race_again, state, table, verdict
from batchviz.ui.compare.data import Fetched, fetch
from batchviz.ui.components import notices

FOLLOW_SECONDS = 1.5
"""Between two looks at runs that still train."""


class Page:
    """What stands around a comparison: here, on the Compare page. A board has words of its own."""

    names: Mapping[str, str] | None = None
    """By run id; None for those that this visitor gave."""

    def above(self, fetched: Fetched) -> None:
        """Say what is missing."""
        if fetched.missing:
            notices.warning(_missing(fetched.missing))

    def nothing(self) -> None:
        """What to say while there is no run to draw."""
        header.draw_invitation()

    def below(self) -> None:
        """Once the view is known."""
        state.write_address()


def draw_results(page: Page | None = None) -> None:
    """Statement, chart, verdict and table of the runs on the page; a timer only while some of them train."""
    around = page or Page()
    first = fetch(state.compared(), state.clock_path(), around.names)
    handed = [first]

    def again() -> None:
        try:
            fetched = handed.pop() if handed else fetch(state.compared(), state.clock_path(), around.names)
        except BatchVizError as error:
            notices.problem(str(error))  # an exception inside a fragment never reaches the page
            return
        if fetched.run_ids != first.run_ids or fetched.changing != first.changing:
            notices.redraw_page()  # its head offers the runs, and it sets the timer
        if notices.waiting():
            st.rerun()  # a callback of this fragment went wrong, and the page has a place to say so
        notices.draw_mentioned()
        _draw(fetched, around)

    st.fragment(again, run_every=FOLLOW_SECONDS if first.changing else None)()


def _draw(fetched: Fetched, around: Page) -> None:
    around.above(fetched)
    if not fetched.runs:
        around.nothing()
        around.below()
        return
    with st.container(key="compare_stage"):
        above = st.container()
        view = controls.draw_controls(fetched.runs)
        comparison = compare(
            fetched.runs,
            fetched.series,
            metric=view.measure,
            unit=None if view.equal == "off" else view.equal,
            names=fetched.names,
            clocks=fetched.clocks,
        )
        with above:
            chart.draw_statement(comparison, fetched)
            race_again.draw_races(fetched)
            if "seconds" in (view.x, view.equal):
                chart.offer_clock(fetched)
        chart.draw_chart(comparison, fetched, view)
        chart.draw_detail(comparison)
    verdict.draw_verdict(comparison)
    table.draw_table(comparison)
    around.below()


def _missing(ids: tuple[str, ...]) -> str:
    runs = "One run" if len(ids) == 1 else count(len(ids), "run")
    named = ", ".join(ids[:3]) + (", ..." if len(ids) > 3 else "")
    return (
        f"{runs} of the link cannot be shown ({named}): deleted, or the link is damaged or comes from another "
        "installation. The others are shown."
    )
