"""Writing a lesson in the browser: its file as text, begun with the Playground's set-up, checked as it is typed."""

from __future__ import annotations

import streamlit as st

from batchviz import lessons
from batchviz.errors import BatchVizError, DataError
from batchviz.lessons import own
from batchviz.lessons.limits import MAX_LESSON_LENGTH
from batchviz.ui.components import buttons, html, notices, share
from batchviz.ui.components.dialogs import is_open
from batchviz.ui.lessons import state
from batchviz.ui.session_state import LESSON_DRAFT, RACE_SIZES, WRITING_LESSON
from batchviz.ui.sweep.state import from_the_playground

MAX_SIZES = 4


def draw_entry() -> None:
    """On the path: write one, or open a file."""
    with st.expander("Lessons of your own", key="lesson_own"):
        st.button("Write a lesson", key="lesson_write", on_click=begin)
        # Whatever its ending: a phone offers no file of one that it does not know.
        file = st.file_uploader("Open a lesson's file (.md)", key="lesson_upload", max_upload_size=1)
        if file is not None and buttons.pressed("Open it", key="lesson_open_file"):
            try:
                state.show_own(_text(file.getvalue()))
            except BatchVizError as error:
                notices.problem(str(error))
            else:
                st.rerun()


def _text(data: bytes) -> str:
    """Of a file. Raises DataError where it holds something else."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise DataError(
            "The file holds no text; expected a lesson as this page saves it (Markdown, UTF-8). Choose another file."
        ) from None


def begin() -> None:
    """Begin a draft with what the Playground's form holds, unless there is one."""
    if not LESSON_DRAFT.get():
        try:
            spec = from_the_playground()
        except BatchVizError as error:
            notices.report(str(error))
            return
        LESSON_DRAFT.set(own.begun(spec, list(RACE_SIZES.get())[:MAX_SIZES]))
    WRITING_LESSON.set(True)


def draw_writer() -> None:
    """The text, what is wrong with it, and what can be done with it once nothing is."""
    LESSON_DRAFT.keep()
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name("Write a lesson", "Its set-up, its questions, and three texts in Markdown: one file.")
        st.button("All lessons", key="lesson_close", on_click=WRITING_LESSON.set, args=(False,))
    st.text_area("The lesson's file", key=LESSON_DRAFT.name, height=520, max_chars=MAX_LESSON_LENGTH)
    text = LESSON_DRAFT.get()
    try:
        lesson = lessons.load(text)
        parameters = {"own": own.packed(text)}
    except BatchVizError as error:
        notices.warning(str(error))
        st.download_button("Save the file", text, "lesson.md", "text/markdown", key="lesson_save")
        return
    with st.container(horizontal=True):
        st.button("Play it", key="lesson_play", type="primary", on_click=state.show_own, args=(text,))
        if is_open("share", pressed=buttons.pressed("Share", key="share")):
            share.page("lessons", parameters, lesson.title)
        st.download_button(
            "Save the file", text, f"{_file_name(lesson.title)}.md", "text/markdown", key="lesson_save"
        )


def _file_name(title: str) -> str:
    """A title as a file's name."""
    return (
        "".join(c if c.isascii() and c.isalnum() else "-" for c in title.lower()).strip("-")[:40] or "lesson"
    )
