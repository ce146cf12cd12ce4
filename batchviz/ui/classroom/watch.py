"""The numbers that every screen of a class follows: fetched by the browser, without running the script."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.classroom import Classroom, Vote
from batchviz.frontend.assets import text
from batchviz.text import classroom as words
from batchviz.ui import url
from batchviz.ui.components import notices
from batchviz.web.class_state import version

_component = st.components.v2.component(
    "batchviz_class",
    html=text("html/classroom.html"),
    css=text("css/classroom.css"),
    js=text("src/classroom/index.js"),
)

QUICK, PATIENT = 1500, 5000
"""Milliseconds between two drawings of what a class trains: on a wall, and on thirty other screens."""


def draw_watch(
    classroom: Classroom, *, counts: bool = True, grid: bool = False, patience: int = PATIENT
) -> None:
    """Numbers and, from the reveal on, splits. The script runs again when the class goes on; with `grid` also when more
    of what it trains is there.
    """
    grown = f"{classroom.points} {classroom.trained} {classroom.elsewhere}" if grid else ""
    _component(
        key="class_watch",
        data={
            "api": url.absolute(f"api/class/{classroom.code}", {}),
            "version": version(classroom),
            "grown": grown,
            "patience": patience,
            "counts": counts,
            "titles": {vote.value: words.SPLITS[vote] for vote in (Vote.FIRST, Vote.SECOND)},
        },
        on_moved_change=notices.keep_report,  # a rerun is all it is for
    )
