"""Class: one lesson for many at once. A member's view, the teacher's own, and the one for the wall."""

from batchviz.ui.classroom import entry, screen, state, student, teacher
from batchviz.ui.components import notices


def draw() -> None:
    """The class that the address names, as the one it names; without one, the way in."""
    state.open_address()
    opened = state.opened()
    if wrong := notices.take_report():
        notices.problem(wrong)
    if opened is None:
        entry.draw_entry()
    elif opened.secret:
        teacher.draw_teacher(opened)
    elif opened.screen:
        screen.draw_screen(opened)
    else:
        student.draw_student(opened)
    state.write_address()


draw()
