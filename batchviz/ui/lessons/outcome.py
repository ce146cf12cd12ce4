"""What came of a race, and over it what was predicted: a row an option, in the order that was measured."""

from __future__ import annotations

from batchviz.experiment.plan import plan_for
from batchviz.figures.palette import color
from batchviz.lessons import Answer, Lesson, Question, words
from batchviz.lessons.ladder import ladder
from batchviz.lessons.outcome import Recorded, outcome
from batchviz.lessons.scoring import score
from batchviz.ui.components import html

GREY = {"light": "#5d626b", "dark": "#a2a8b3"}
"""Of what no run stands for."""


def draw_outcome(lesson: Lesson, question: Question, answer: Answer, recorded: Recorded) -> None:
    """The score, the picture, and what is true of each pair."""
    found = outcome(lesson, question, recorded)
    html.paragraph(words.scored(question, answer, score(question, answer, found)), "score", testid="score")
    if found is None:
        return
    rungs = ladder(question, answer, found)
    colors = {option.key: color(plan_for(spec).first.batch_size) for option, spec in lesson.runs_of(question)}
    html.draw(
        "lesson_outcome.html", ladder=rungs, colors={rung.key: GREY for rung in rungs.rungs} | colors,
        measure=words.measured(found.measure), value=lambda amount: words.value(found.measure, amount),
        note=words.drawn(rungs), relations=words.relations(question, found),
    )  # fmt: skip
