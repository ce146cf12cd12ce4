"""Lessons: predict, run, see, explain. A path of short ones, or the one that the address names."""

from batchviz.ui.components import notices
from batchviz.ui.lessons import path, play, state


def draw() -> None:
    """The open lesson, or the path."""
    state.open_address()
    lesson = state.opened()
    if wrong := notices.take_report():
        notices.problem(wrong)
    if lesson is None:
        path.draw_path()
    else:
        play.draw_lesson(lesson)
    state.write_address()


draw()
