"""What the teacher alone sees: the way in, how many have answered, and the buttons that lead on."""

from __future__ import annotations

import time

import streamlit as st

from batchviz.experiment.classroom import Phase
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.text import classroom as words
from batchviz.ui import resources, session, url
from batchviz.ui.classroom import entry, gain, grid, reveal, state
from batchviz.ui.classroom.invitation import draw_invitation
from batchviz.ui.classroom.state import Opened
from batchviz.ui.classroom.watch import QUICK, draw_watch
from batchviz.ui.components import html
from batchviz.ui.session_state import CLASS_LESSON


def draw_teacher(opened: Opened) -> None:
    """Draw the teacher's private view. Raises StoreError."""
    classroom, lesson = opened.classroom, opened.lesson
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name(
            "Your class", f"{lesson.title}. This page is yours alone: show the projector's instead."
        )
        st.link_button("Page for the projector", state.screen_link(classroom.code), help=words.KEYS)
        st.button("All classes", key="class_leave", on_click=state.leave)
    draw_invitation(opened.code, wide=False)
    html.paragraph(words.where(classroom), "question", testid="class-phase")
    draw_watch(classroom, grid=bool(classroom.sweep), patience=QUICK)
    if classroom.open:
        _draw_leads(opened)
    if classroom.phase is Phase.REVEAL:
        reveal.draw_reveal(opened, {})
    if classroom.sweep:
        grid.draw_grid(opened)
    elif classroom.open:
        grid.draw_begin(opened)
    gain.draw_gain(opened)
    _draw_end(opened)


def _draw_leads(opened: Opened) -> None:
    with st.container(key="class_leads", horizontal=True, vertical_alignment="bottom"):
        for place, phase in enumerate(opened.classroom.phase.next):
            if (
                phase is Phase.REVEAL
                and opened.classroom.phase is Phase.OPEN
                and not opened.classroom.measures
            ):
                continue  # without predictions there is nothing to reveal
            st.button(
                words.LEADS[phase], key=f"class_to_{phase.name.lower()}", help=words.LEAD_HINTS[phase],
                type="primary" if not place else "secondary", on_click=state.act, args=(_lead, opened, phase),
            )  # fmt: skip
        if opened.classroom.phase is Phase.REVEAL:
            entry.choose_lesson("Next lesson")
            st.button("Begin it", key="class_next", on_click=state.act, args=(_begin, opened))


def _lead(opened: Opened, phase: Phase) -> None:
    """At the reveal the race trains for everybody: once, since what is asked for twice is answered from the store."""
    runs: list[str] = []
    if phase is Phase.REVEAL:
        lesson = opened.lesson
        further = lesson.further[: MAX_RUNS_SHOWN - len(lesson.members)]
        runs = resources.submit(lesson.members, opened.classroom.owner, further, network=session.network())
    resources.store().classes.lead(opened.code, opened.secret, phase, runs)


def _begin(opened: Opened) -> None:
    resources.store().classes.begin_round(opened.code, opened.secret, CLASS_LESSON.get())


def _draw_end(opened: Opened) -> None:
    classroom = opened.classroom
    html.heading("End", style="section")
    html.note(words.leaves((classroom.ends - time.time()) / 86_400))
    with st.container(key="class_end", horizontal=True):
        export = url.absolute(f"api/class/{opened.code}/answers.csv", {"teacher": opened.secret})
        st.link_button("Answers as CSV", export, help=words.CSV_HINT)
        if classroom.open:
            st.button(
                "End the class", key="class_stop", help=words.END_HINT, on_click=state.act,
                args=(resources.store().classes.end, opened.code, opened.secret),
            )  # fmt: skip
        with st.popover("Delete"):
            st.markdown(words.DELETE_QUESTION)
            st.button("Delete for good", key="class_delete", type="primary", on_click=_delete, args=(opened,))


def _delete(opened: Opened) -> None:
    state.act(resources.store().classes.delete, opened.code, opened.secret)
    state.leave()
