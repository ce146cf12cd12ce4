"""What came of a race, and over it what was predicted: a row an option, in the order that was measured."""

from __future__ import annotations

from batchviz.exporters.lesson.picture import picture
from batchviz.lessons import Answer, Lesson, Question, words
from batchviz.lessons.outcome import Recorded, outcome
from batchviz.lessons.scoring import score
from batchviz.ui.components import html


def draw_outcome(lesson: Lesson, question: Question, answer: Answer, recorded: Recorded) -> None:
    """The score, the picture, and what is true of each pair."""
    result = outcome(lesson, question, recorded)
    html.paragraph(words.scored(question, answer, score(question, answer, result)), "score", testid="score")
    if result is not None:
        html.draw("lesson_outcome.html", **picture(lesson, question, answer, result))
