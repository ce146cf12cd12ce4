"""Coming in: join a class by its code, open one, or go back to one's own."""

from __future__ import annotations

import time

import streamlit as st

from batchviz import lessons
from batchviz.text import classroom as words
from batchviz.ui import resources, session
from batchviz.ui.classroom import state
from batchviz.ui.components import html
from batchviz.ui.session_state import CLASS_LESSON, CLASS_MEASURES, CLASS_TYPED
from batchviz.web.class_state import lesson_of

CLAIM = "One question, many predictions, one run: without accounts and without names."


def draw_entry() -> None:
    """Draw it. Raises StoreError."""
    with st.container(key="head"):
        html.page_name("Class", CLAIM)
    left, right = st.columns(2, gap="large")
    with left:
        _draw_join()
    with right:
        _draw_open()
    _draw_own()


def _draw_join() -> None:
    html.heading("Join a class", style="section")
    st.text_input(
        "Class code", key=CLASS_TYPED.name, max_chars=12, placeholder="K7P3M", on_change=_join,
        help="Five letters and digits; your teacher shows them.",
    )  # fmt: skip
    st.button("Join", key="class_join", on_click=_join)


def _join() -> None:
    if typed := CLASS_TYPED.get().strip():
        state.enter(typed)


def _draw_open() -> None:
    html.heading("Open a class", style="section")
    with st.container(key="class_open_form"):
        choose_lesson("Lesson")
        st.toggle(words.CONSENT, key=CLASS_MEASURES.name, help=words.CONSENT_HINT)
        st.button("Open a class", key="class_open", type="primary", on_click=state.act, args=(_open,))


def choose_lesson(label: str) -> None:
    """Which lesson comes next."""
    titles = {lesson.slug: lesson.title for lesson in lessons.all()}
    st.selectbox(label, list(titles), key=CLASS_LESSON.name, format_func=titles.__getitem__)


def _open() -> None:
    classroom, secret = resources.store().classes.open(
        session.visitor(),
        CLASS_LESSON.get(),
        ends=time.time() + resources.settings().class_days * 24 * 3600,
        measures=CLASS_MEASURES.get(),
    )
    state.enter(classroom.code, secret)


def _draw_own() -> None:
    own = resources.store().classes.owned_by(session.visitor())
    if not own:
        return
    html.heading("Your classes", style="section")
    for classroom, secret in own:
        title = lesson_of(classroom.lesson).title
        with st.container(key=f"class_own_{classroom.code}", horizontal=True, vertical_alignment="center"):
            html.paragraph(words.listed(classroom, title), "question")
            st.button(
                "Open", key=f"class_to_{classroom.code}", on_click=state.enter, args=(classroom.code, secret)
            )
