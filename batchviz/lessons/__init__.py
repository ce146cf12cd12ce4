"""Lessons: predict, run, see, explain. One lesson is one file in this folder; to add one, docs/adding/lesson.md.

    question    what is asked and answered        lesson      all of one lesson as a value
    loading     a file -> a lesson                outcome     recorded runs -> what is true of the options
    scoring     answer and outcome -> a score     words       what is said of all these

Nothing here runs anything: whoever plays a lesson trains its runs and hands them in.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from batchviz.errors import SpecError
from batchviz.lessons.lesson import Lesson, Task
from batchviz.lessons.loading import load
from batchviz.lessons.question import CANNOT_TELL, Answer, Measure, Option, Question, Sure

__all__ = [
    "CANNOT_TELL",
    "Answer",
    "Lesson",
    "Measure",
    "Option",
    "Question",
    "Sure",
    "Task",
    "all",
    "get",
    "load",
]

_NAME = re.compile(r"(\d\d)-([a-z0-9-]+)")


@functools.cache
def all() -> tuple[Lesson, ...]:
    """The lessons of this folder, in the order of the path."""
    read = []
    for path in sorted(Path(__file__).parent.glob("*.md")):
        name = _NAME.fullmatch(path.stem)
        if name is None:
            raise SpecError(f"{path.name}: expected a name such as 04-three-budgets.md.")
        try:
            read.append(load(path.read_text(encoding="utf-8"), name[2], int(name[1])))
        except SpecError as error:
            raise SpecError(f"{path.name}: {error}") from None
    return tuple(read)


def get(slug: str) -> Lesson:
    """The lesson of this name. Raises SpecError for a name that no lesson has."""
    for lesson in all():
        if lesson.slug == slug:
            return lesson
    names = ", ".join(lesson.slug for lesson in all())
    raise SpecError(f"There is no lesson {slug[:40]!r}; expected one of {names}.")
