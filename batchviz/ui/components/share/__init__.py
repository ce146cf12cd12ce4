"""Sharing: a link to what is on the page, its QR code, an embed snippet, and what a teacher adds to it.

link_box.py   the link with its copy button, QR code and embed snippet
options.py    title, text, locks and layout
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from batchviz.experiment.spec import RunSpec
from batchviz.ui import locks, url
from batchviz.ui.components import dialogs, html
from batchviz.ui.components.share import options
from batchviz.ui.components.share.link_box import link_box
from batchviz.ui.session_state import SEEDS

__all__ = ["comparison", "page", "playground"]

PAGE_HEIGHTS = {"full": 1100, "buttons": 900, "chart": 780}
"""Of an embedding frame, CSS pixels: what shows the whole chart at 700-1200 pixels of width."""

RUNS, CONFIGURATION = "These runs", "This set-up"


@st.dialog("Share", width="medium", on_dismiss=dialogs.close)
def playground(spec: RunSpec | None, runs: Sequence[str]) -> None:
    """Share the Playground: the runs on it, or the configuration in its form (None while that is not valid)."""
    kinds = [*([RUNS] if runs else []), *([CONFIGURATION] if spec else [])]
    if not kinds:
        st.markdown("There is nothing to share yet: train a run, or correct the form.")
        return
    kind = st.segmented_control("What to share", kinds, default=kinds[0], required=True, key="share_kind")
    html.note(_meaning(str(kind), spec, len(runs)))
    box = st.container()
    with st.expander("For a class: title, locked controls, layout", key="share_options"):
        pages = ("full", "chart") if kind == RUNS else ("full", "buttons")
        frame = options.draw_lesson_form(locks.lesson(), SEEDS.get(), pages=pages)
    parameters = url.parameters(None, runs, frame) if kind == RUNS else url.parameters(spec, [], frame)
    with box:
        title = frame.title or ("BatchViz: runs" if kind == RUNS else "BatchViz: set-up")
        link_box(
            url.absolute("", parameters),
            title=title,
            height=PAGE_HEIGHTS[frame.layout.page],
            key="share_box",
        )


@st.dialog("Share", width="medium", on_dismiss=dialogs.close)
def page(name: str, parameters: Mapping[str, str], title: str, *, height: int = 900) -> None:
    """Share a page as it is: `name` is its url_path, `parameters` are those of its address, `title` says what it is."""
    _page(name, parameters, title, height)


@st.dialog("Share", width="medium", on_dismiss=dialogs.close)
def comparison(parameters: Mapping[str, str], title: str, text: str) -> None:
    """Share the Compare page, its address having these parameters, under a title and a text: at first those it has."""
    box = st.container()
    with st.expander("For a class: title and text", key="share_options"):
        title, text = options.draw_words_form(title, text)
    words = {name: value.strip() for name, value in (("title", title), ("text", text)) if value.strip()}
    others = {name: value for name, value in parameters.items() if name not in ("title", "text")}
    with box:
        _page("compare", others | words, words.get("title", "BatchViz: comparison"), 900)


def _page(name: str, parameters: Mapping[str, str], title: str, height: int) -> None:
    html.note("Opens this page as it is now. Starts nothing.")
    link_box(url.absolute(name, parameters), title=title, height=height, key="share_page_box")


def _meaning(kind: str, spec: RunSpec | None, count: int) -> str:
    if kind == RUNS:
        curves = (
            "the recorded curves of this run" if count == 1 else f"the recorded curves of these {count} runs"
        )
        return f"Opens {curves}. Starts nothing; a run that still trains is shown live to everybody, and trains once."
    end = "the same curves, number for number."
    if spec and spec.budget_unit == "seconds":
        end = "similar curves: how many updates fit into seconds depends on the machine."
    return f"Opens the form filled in. Starts nothing by itself; pressing Train gives {end}"
