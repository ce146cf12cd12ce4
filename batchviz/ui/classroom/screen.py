"""What stands on the wall: the way in, the question, numbers, and at the reveal the runs. Nothing that is hidden."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.classroom import Phase
from batchviz.text import classroom as words
from batchviz.ui.classroom import gain, grid, reveal
from batchviz.ui.classroom.invitation import draw_invitation
from batchviz.ui.classroom.state import Opened
from batchviz.ui.classroom.watch import QUICK, draw_watch
from batchviz.ui.components import html
from batchviz.ui.lessons.question import plain


def draw_screen(opened: Opened) -> None:
    """Draw it. Raises StoreError."""
    classroom, lesson = opened.classroom, opened.lesson
    with st.container(key="head"):
        html.page_name(lesson.title, f"Class {opened.code}", testid="class-title")
    if classroom.phase is Phase.OPEN and classroom.open:
        draw_invitation(opened.code, wide=True)
        draw_watch(classroom, patience=QUICK)
    elif classroom.phase is not Phase.REVEAL:
        html.paragraph(lesson.predict.text, "question", testid="class-question")
        for option in lesson.predict.options if lesson.predict.kind != "place" else ():
            st.markdown(f"- {plain(option.text)}")
        html.paragraph(words.where(classroom), "quiet", testid="class-phase")
        draw_watch(classroom, patience=QUICK)
        draw_invitation(opened.code, wide=False)
    else:
        draw_watch(classroom, grid=bool(classroom.sweep), patience=QUICK)
        reveal.draw_reveal(opened, {}, keys=True)
    if classroom.sweep:
        grid.draw_grid(opened)
    gain.draw_gain(opened)
