"""Two questions on the same idea, one for before a lesson and one for after it: whether it taught is told from both.

They are picks that arithmetic or reason decides, no measurement, and neither is in a lesson, so that nobody has met one
on the way. A lesson without twins of its own takes those on what every lesson is about.
"""

from __future__ import annotations

from collections.abc import Mapping

from batchviz.lessons.lesson import Lesson
from batchviz.lessons.question import Option, Question

GENERAL = "general"


def twins(lesson: Lesson) -> tuple[Question, Question]:
    """The question before and the question after."""
    before, after = _TWINS.get(lesson.slug, _TWINS[GENERAL])
    return before, after


def _pick(text: str, right: str, *others: str) -> Question:
    """The right answer stands in a place that its own text decides, the same for everybody."""
    texts = sorted([right, *others])
    options = tuple(Option(key=f"option{place}", text=each) for place, each in enumerate(texts))
    return Question(key="twin", kind="pick", text=text, options=options, right=f"option{texts.index(right)}")


_TWINS: Mapping[str, tuple[Question, Question]] = {
    GENERAL: (
        _pick(
            "Two runs train for 10 epochs on the same 6,000 rows, one with batches of 20, one with batches of 200, at "
            "the same learning rate. Before you know any loss: what differs for certain?",
            "The first makes ten times as many updates",
            "The second sees ten times as many rows",
            "The second takes ten times as long",
            "Nothing: both train for 10 epochs",
        ),
        _pick(
            "Two runs train for 5 epochs on the same 9,000 rows, one with batches of 300, one with batches of 30, at "
            "the same learning rate. Before you know any loss: what differs for certain?",
            "The second makes ten times as many updates",
            "The first sees ten times as many rows",
            "The first takes ten times as long",
            "Nothing: both train for 5 epochs",
        ),
    ),
}
"""Slug -> before and after."""
