"""The head of the Compare page: its name, what the link's author wrote, and what can be done with these runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from batchviz.experiment.query import Query
from batchviz.links.comparison import View
from batchviz.text import hints
from batchviz.ui import resources, session
from batchviz.ui.compare import state
from batchviz.ui.components import buttons, dialogs, html, run_picker, share
from batchviz.ui.components.export_menu import export_menu
from batchviz.ui.session_state import SAVED_BOARD


def draw_header(save_as_board: Callable[[Sequence[str], View], None]) -> None:
    """Its buttons act on the runs on the page; what a board is, only the page knows."""
    ids = state.compared()
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name("Compare", "Any recorded runs together, at equal budgets.")
        pressed = buttons.pressed("Choose runs", type="primary", key="choose", on_press=_start_picking)
        if dialogs.is_open("choose", pressed=pressed):
            run_picker.choose_runs(ids, state.compare_runs)
        pressed = buttons.pressed(
            "Save as board",
            key="save_board",
            disabled=not ids,
            on_press=SAVED_BOARD.delete,
            help=hints.BOARD,
        )
        if dialogs.is_open("save", pressed=pressed):
            save_as_board(ids, state.view())
        export_menu(ids, key="export")
        pressed = buttons.pressed("Share", key="share", disabled=not ids, help=hints.SHARE)
        if dialogs.is_open("share", pressed=pressed):
            share.comparison(state.parameters(), state.view().title, state.view().text)
    html.author_words(state.view().title, state.view().text)


def draw_invitation() -> None:
    """What to do while nothing is chosen."""
    with st.container(key="compare_empty", horizontal_alignment="center", gap="small"):
        html.draw("compare_invitation.html")
        if resources.store().library.page(session.visitor(), Query(page_size=1)).total:
            st.button("Compare my latest runs", key="latest", on_click=_compare_latest)
        else:
            html.paragraph("None are yours yet: train some in the Playground first.", "quiet")


def _compare_latest() -> None:
    """Put this visitor's latest runs on the page."""
    library = resources.store().library.page(session.visitor())
    state.compare_runs(state.latest([entry.run for entry in library.entries]))


def _start_picking() -> None:
    run_picker.start_from(state.compared())
