"""What leaves with a learner or a teacher: the sheet of all that was answered, a lesson as one file, and for an LMS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from batchviz import lessons
from batchviz.exporters import lesson as files
from batchviz.lessons import Lesson
from batchviz.lessons.outcome import Recorded
from batchviz.store.selection import StoredSelection
from batchviz.ui import resources
from batchviz.ui.lessons import race
from batchviz.ui.lessons.state import Progress


def draw_sheet_button(progress: Progress, path: Sequence[Lesson]) -> None:
    """The sheet, once there is something to take away."""
    begun = [lesson for lesson in path if progress.begun(lesson)]
    if begun:
        _button("My sheet", "sheet", "batchviz-lessons.html", "text/html", partial(_sheet, progress, begun),
                "What you predicted and what came of it, as one HTML file.")  # fmt: skip


def draw_menu(lesson: Lesson, progress: Progress, run_ids: Sequence[str], recorded: Recorded) -> None:
    """Everything that a lesson can be taken away as, once its runs are over."""
    name = f"batchviz-{lesson.slug}"
    with st.popover("Take away", key="lesson_take"):
        draw_sheet_button(progress, lessons.all() if lesson.number else [lesson])
        page = partial(_page, lesson, run_ids, recorded)
        _button("This lesson as one file", "lesson_file", f"{name}.html", "text/html", page,
                "Text, questions and recordings: it plays without a server.")  # fmt: skip
        package = partial(_package, lesson, page)
        _button("This lesson for an LMS (SCORM 1.2)", "lesson_scorm", f"{name}-scorm.zip", "application/zip", package,
                "The same as a package that tells completion and score.")  # fmt: skip


def _button(label: str, key: str, file_name: str, mime: str, content: Callable[[], bytes], help: str) -> None:
    """Written when it is pressed: a page of curves weighs megabytes."""
    st.download_button(label, content, file_name, mime, key=key, help=help, on_click="ignore")


def _sheet(progress: Progress, begun: Sequence[Lesson]) -> bytes:
    return files.sheet(
        [
            files.Played(lesson, progress.answers(lesson), race.read(lesson, progress.runs(lesson)))
            for lesson in begun
        ]
    )


def _page(lesson: Lesson, run_ids: Sequence[str], recorded: Recorded) -> bytes:
    recorded_ids = {run.id for run in recorded.runs}
    selection = StoredSelection(resources.store(), [run_id for run_id in run_ids if run_id in recorded_ids])
    return files.page(lesson, selection, recorded)


def _package(lesson: Lesson, page: Callable[[], bytes]) -> bytes:
    return files.scorm(lesson, page())
