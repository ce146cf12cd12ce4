"""Which class is on the page, and as whom: in the session, and in the page's address.

`/class?code=K7P3M` is a member's, `&teacher=SECRET` the teacher's own, `&view=screen` the one for the wall. Everything
else is in the store: the same address finds the class as it is, after a reload and in another browser.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from batchviz.errors import BatchVizError
from batchviz.experiment.classroom import Classroom, tidy_code
from batchviz.lessons.lesson import Lesson
from batchviz.store import NoClassError
from batchviz.ui import address, resources, session, url
from batchviz.ui.components import notices
from batchviz.ui.session_state import CLASS_CODE, CLASS_SCREEN, CLASS_SECRET
from batchviz.web.class_state import lesson_of


@dataclass(frozen=True)
class Opened:
    """The class on the page, and whose view of it this is."""

    classroom: Classroom
    lesson: Lesson
    secret: str = ""
    """The teacher's, in the teacher's view alone."""
    screen: bool = False

    @property
    def code(self) -> str:
        """Of the class."""
        return self.classroom.code


@session.on_coming
def open_address() -> None:
    """On coming to the page: what its address says; without one, what was there when the visitor left."""
    if CLASS_CODE.is_set and not session.follows_address():
        return
    query = address.parameters()
    enter(query.get("code", ""), query.get("teacher", ""), screen=query.get("view") == "screen")


def write_address() -> None:
    """Make the address say which class is on the page, and as whom."""
    parts = {"code": CLASS_CODE.get(), "teacher": CLASS_SECRET.get()}
    parts["view"] = "screen" if CLASS_SCREEN.get() else ""
    address.write({name: value for name, value in parts.items() if value})


def enter(code: str, secret: str = "", *, screen: bool = False) -> None:
    """Show this class."""
    CLASS_CODE.set(tidy_code(code))
    CLASS_SECRET.set(secret)
    CLASS_SCREEN.set(screen)


def leave() -> None:
    """Show none."""
    enter("")


def opened() -> Opened | None:
    """The class on the page; None where there is none, which is reported. Raises StoreError while the store is away."""
    code, secret = CLASS_CODE.get(), CLASS_SECRET.get()
    if not code:
        return None
    store = resources.store().classes
    try:
        classroom = store.get(code)
        if secret and not store.is_teacher(code, secret):
            notices.report("This is not the teacher's link of this class, so it opens as for a member.")
            CLASS_SECRET.set("")
            secret = ""
        return Opened(classroom, lesson_of(classroom.lesson), secret, CLASS_SCREEN.get())
    except NoClassError as error:
        notices.report(str(error))
        leave()
        return None


def act(change: Callable[..., object], *arguments: object) -> None:
    """What a press asks of the store; a refusal is said on the page."""
    try:
        change(*arguments)
    except BatchVizError as error:
        notices.report(str(error))


def link(code: str) -> str:
    """The class link: short, so that its QR code is coarse, and what Keras' RemoteMonitor is pointed at."""
    return url.absolute(f"c/{code}", {})


def screen_link(code: str) -> str:
    """For the wall: nothing in it may not be seen by everybody."""
    return url.absolute("class", {"code": code, "view": "screen", "present": "1"})


def sender() -> str:
    """This visitor's name in what their notebook sends: no one else's, and not the one that says who they are here."""
    return hashlib.sha256(f"{CLASS_CODE.get()} {session.visitor()}".encode()).hexdigest()[:10]
