"""The head of the Playground: its name, what the link's author wrote above the chart, and the buttons."""

from __future__ import annotations

from typing import Literal, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from batchviz.links import experiment
from batchviz.ui import locks
from batchviz.ui.components import dialogs, html, share
from batchviz.ui.playground.form import FormState
from batchviz.ui.playground.race import Race, draw_race_menu
from batchviz.ui.url import COMPARE


class Action(NamedTuple):
    """Which buttons this run of the script answers, and a place beside them."""

    exports: DeltaGenerator
    """For the menu of exports, which offers the runs that this very press adds."""

    train: bool = False
    race: Race | None = None
    stop: bool = False


def draw_header(answers: FormState, runs: list[str]) -> Action:
    """Draw the head and say what was pressed."""
    frame = locks.lesson()
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        claim = (
            ""
            if frame.title or frame.text
            else "See what batch size does. Every curve is real Keras training."
        )
        html.page_name("BatchViz", claim)
        # A chart alone has no buttons; without a run it would have nothing at all.
        pressed = (
            _draw_buttons(answers, runs) if frame.layout.page != "chart" or not runs else Action(st.empty())
        )
    html.author_words(frame.title, frame.text)
    return pressed


def invitation() -> str:
    """What to do while there is no run: only what the link leaves to do."""
    form = locks.lesson().layout.page == "full"
    return "Choose a batch size and press Train" if form and not locks.locked("batch_size") else "Press Train"


def opens() -> bool:
    """Whether the page begins with the recorded race: not where a link's author decides what is to be seen."""
    frame = locks.lesson()
    return frame.free is None and not frame.title and not frame.text and frame.layout.page == "full"


def _draw_buttons(answers: FormState, runs: list[str]) -> Action:
    # Beside the race that plays, whose own button is the one to press, it is one of several.
    weight: Literal["primary", "secondary"] = "secondary" if opens() and not runs else "primary"
    train = st.button("Train", type=weight, disabled=not answers.trainable, key="train")
    race = draw_race_menu(answers)
    stop = st.button("Stop", key="stop", help="Stop everything of yours on this page.")
    exports = st.empty()
    pressed = st.button("Share", key="share", help="A link, a QR code or a frame for another page.")
    if dialogs.wanted("share", pressed=pressed):
        share.playground(answers.spec, runs)
    if st.button("Compare", key="to_compare", help="These runs at equal budgets, with a verdict."):
        st.switch_page(
            COMPARE,
            query_params=experiment.runs_link(runs) if runs else None,
        )
    return Action(exports, train, race, stop)
