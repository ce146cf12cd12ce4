"""The head of the Compare page: its name, what the link's author wrote, and what can be done with these runs."""

from __future__ import annotations

from html import escape

import streamlit as st

from batchviz.ui import boards
from batchviz.ui.compare import state
from batchviz.ui.components import run_picker, share
from batchviz.ui.components.export_menu import export_menu


def ask() -> None:
    """Draw the head; its buttons act on the runs on the page."""
    ids = state.compared()
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        st.html(
            '<h1 class="batchviz-name">Compare</h1>'
            '<p class="batchviz-claim">Any recorded runs together, at equal budgets.</p>'
        )
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
    _words()


def _words() -> None:
    """The author's title and text: escaped, never Markdown, because anybody can write a link."""
    view = state.view()
    title = f'<h2 class="batchviz-title">{escape(view.title)}</h2>' if view.title else ""
    text = f'<p class="batchviz-text">{escape(view.text)}</p>' if view.text else ""
    if title or text:
        st.html(f'<div class="batchviz-words" data-testid="words">{title}{text}</div>')


def invite() -> None:
    """What to do while nothing is chosen."""
    with st.container(key="compare_empty", horizontal_alignment="center", gap="small"):
        st.html(
            '<h2 class="batchviz-invitation">Choose runs to compare</h2>'
            '<p class="batchviz-quiet">Overlaid or side by side, at equal epochs, updates, examples or seconds, and '
            "with a verdict that knows how much of a difference is chance.</p>"
        )
        if run_picker.anything():
            st.button("Compare my latest runs", key="latest", on_click=run_picker.compare_latest)
        else:
            st.html('<p class="batchviz-quiet">None are yours yet: train some in the Playground first.</p>')
