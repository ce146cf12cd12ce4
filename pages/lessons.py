"""Lessons: predict, run, see, explain. A path of short ones, or the one that the address names."""

from batchviz.ui.components import notices
from batchviz.ui.lessons import path, play, state, write


def draw() -> None:
    """The open lesson, or the path."""
    state.open_address()
    lesson = state.opened()
    if wrong := notices.take_report():
        notices.problem(wrong)
    if lesson is not None:
        play.draw_lesson(lesson)
    elif state.writing():
        write.draw_writer()
    else:
        path.draw_path()
        write.draw_entry()
    state.write_address()


draw()
