"""The head of the Compare page: its name, what the link's author wrote, and what can be done with these runs."""

from __future__ import annotations

import streamlit as st

from batchviz.ui import boards
from batchviz.ui.compare import state
from batchviz.ui.components import html, run_picker, share
from batchviz.ui.components.export_menu import export_menu


def ask() -> None:
    """Draw the head; its buttons act on the runs on the page."""
    ids = state.compared()
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name("Compare", "Any recorded runs together, at equal budgets.")
        if st.button("Choose runs", type="primary", key="choose", on_click=run_picker.begin):
            run_picker.choose()
        if st.button(
            "Save as board",
            key="save_board",
            disabled=not ids,
            help="Keep this comparison under a link of its own.",
        ):
            boards.save(ids, state.view())
        export_menu(ids, key="export")
        if st.button(
            "Share", key="share", disabled=not ids, help="A link, a QR code or a frame for another page."
        ):
            share.comparison(state.parameters(), state.view().title, state.view().text)
    html.author_words(state.view().title, state.view().text)


def invite() -> None:
    """What to do while nothing is chosen."""
    with st.container(key="compare_empty", horizontal_alignment="center", gap="small"):
        html.draw("compare_invitation.html")
        if run_picker.anything():
            st.button("Compare my latest runs", key="latest", on_click=run_picker.compare_latest)
        else:
            html.paragraph("None are yours yet: train some in the Playground first.", "quiet")
