"""The path: every lesson with its minutes and how far this visitor is. The next opens when one is done, or skipped."""

from __future__ import annotations

import streamlit as st

from batchviz import lessons
from batchviz.lessons import Lesson
from batchviz.text.numbers import count
from batchviz.ui.components import html
from batchviz.ui.lessons import state, take_away
from batchviz.ui.lessons.state import Progress


def draw_path() -> None:
    """Draw it. Raises StoreError."""
    progress, path = Progress(), lessons.all()
    minutes = sum(lesson.minutes for lesson in path)
    with st.container(key="head"):
        html.page_name(
            "Lessons",
            f"Predict, run, see, explain: {count(len(path), 'lesson')}, {minutes} minutes in all. Every curve is "
            "trained while you watch.",
        )
    take_away.draw_sheet_button(progress, path)
    following = progress.next(path)
    for lesson in path:
        _draw_lesson(lesson, progress, following)


def _draw_lesson(lesson: Lesson, progress: Progress, following: Lesson | None) -> None:
    done, skipped = progress.done(lesson), progress.skipped(lesson)
    is_next = lesson is following
    if done:
        status = "Done"
    elif is_next:
        status = "Begun" if progress.begun(lesson) else "Next"
    else:
        status = "Skipped" if skipped else f"Opens after lesson {lesson.number - 1}"
    opens = done or skipped or is_next
    with st.container(key=f"lesson_{lesson.slug}", border=True, horizontal=True, vertical_alignment="center"):
        html.draw(
            "lesson.html", number=lesson.number, title=lesson.title, summary=lesson.summary,
            minutes=lesson.minutes, status=status,
        )  # fmt: skip
        if is_next and following is not lessons.all()[-1]:
            st.button(
                "Skip", key=f"skip_{lesson.slug}", type="tertiary", on_click=state.skip, args=(lesson,),
                help="The next lesson opens; this one stays open.",
            )  # fmt: skip
        word = "Look again" if done else "Continue" if progress.begun(lesson) else "Start"
        st.button(
            word, key=f"open_{lesson.slug}", disabled=not opens, type="primary" if is_next else "secondary",
            on_click=state.open_lesson, args=(lesson.slug,),
        )  # fmt: skip
