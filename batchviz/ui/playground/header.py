"""The head of the Playground: its name, what the link's author wrote above the chart, and the buttons."""

from __future__ import annotations

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from batchviz.links import experiment
from batchviz.text import hints
from batchviz.ui import locks
from batchviz.ui.components import buttons, dialogs, html, share
from batchviz.ui.components.export_menu import export_menu
from batchviz.ui.playground import actions, presses
from batchviz.ui.playground.form import FormState
from batchviz.ui.playground.race import draw_race_menu
from batchviz.ui.url import COMPARE


def draw_header() -> DeltaGenerator:
    """Draw the head; returns the place of its buttons."""
    frame = locks.lesson()
    place = st.container(key="head", horizontal=True, vertical_alignment="center")
    with place:
        claim = (
            ""
            if frame.title or frame.text
            else "See what batch size does. Every curve is real Keras training."
        )
        html.page_name("BatchViz", claim)
    html.author_words(frame.title, frame.text)
    return place


def invitation() -> str:
    """What to do while there is no run: only what the link leaves to do."""
    form = locks.lesson().layout.page == "full"
    return "Choose a batch size and press Train" if form and not locks.locked("batch_size") else "Press Train"


def opens() -> bool:
    """Whether the page begins with the recorded race: not where a link's author decides what is to be seen."""
    frame = locks.lesson()
    return frame.free is None and not frame.title and not frame.text and frame.layout.page == "full"


def draw_buttons(answers: FormState, runs: list[str]) -> None:
    """The buttons, where the head has them: a chart alone has none, but without a run it would have nothing at all."""
    layout = locks.lesson().layout
    if layout.page == "chart" and runs:
        return
    # Beside the race that plays, whose own button is the one to press, it is one of several.
    weight: Literal["primary", "secondary"] = "secondary" if opens() and not runs else "primary"
    st.button(
        "Train", type=weight, disabled=not answers.trainable, key="train",
        on_click=presses.press_train, args=(answers,),
    )  # fmt: skip
    draw_race_menu(answers, presses.press_race)
    st.button("Stop", key="stop", help=hints.STOP, on_click=actions.stop_all)
    if layout.page != "chart":
        export_menu(runs, key="export")
    pressed = buttons.pressed("Share", key="share", help=hints.SHARE)
    if dialogs.is_open("share", pressed=pressed):
        share.playground(answers.spec, runs)
    if buttons.pressed("Compare", key="to_compare", help=hints.TO_COMPARE):
        buttons.go(COMPARE, experiment.runs_link(runs) if runs else None)
