"""What a sweep says, as one fragment: while its runs train it draws itself anew, and nothing else does."""

from __future__ import annotations

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.text import sweep_page as words
from batchviz.ui.components import html, notices
from batchviz.ui.sweep import answer, charts, heat_map
from batchviz.ui.sweep.data import Fetched, fetch

FOLLOW_SECONDS = 2.0
"""Between two looks at a sweep that runs."""


def draw_results(first: Fetched) -> None:
    """Progress, answer and figures; a timer only while it runs."""
    handed = [first]

    def again() -> None:
        try:
            fetched = handed.pop() if handed else fetch(first.sweep.id)
        except BatchVizError as error:
            notices.problem(str(error))  # an exception inside a fragment never reaches the page
            return
        if fetched.sweep.state != first.sweep.state:
            notices.redraw_page()  # its head offers other buttons, and it sets the timer
        _draw(fetched)

    st.fragment(again, run_every=FOLLOW_SECONDS if first.changing else None)()


def _draw(fetched: Fetched) -> None:
    progress = fetched.progress
    html.draw(
        "sweep_progress.html",
        told=words.progress(progress, fetched.sweep.state, fetched.ahead),
        share=round(100 * progress.ended / max(progress.runs, 1), 1),
        running=fetched.changing,
    )
    answer.draw_answer(fetched)
    heat_map.draw_heat_map(fetched)
    charts.draw_charts(fetched)
