"""The picture of an outcome, for pages and files: a table of rungs, with the prediction's path over it."""

from __future__ import annotations

from typing import Any

from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec
from batchviz.figures.appearance import looks
from batchviz.figures.palette import Color, color
from batchviz.lessons import Answer, Lesson, Question, words
from batchviz.lessons.ladder import GREY, ladder, path_picture
from batchviz.lessons.outcome import Outcome


def picture(lesson: Lesson, question: Question, answer: Answer, result: Outcome) -> dict[str, Any]:
    """What `lesson_outcome.html` is filled in with: a rung an option."""
    rungs = ladder(question, answer, result)
    colors = {rung.key: GREY for rung in rungs.rungs}
    colors |= {option.key: _color(lesson, spec) for option, spec in lesson.runs_of(question)}
    return {
        "ladder": rungs,
        "path": path_picture(rungs),
        "colors": colors,
        "measure": words.measured(result.measure),
        "value": lambda amount: words.value(result.measure, amount),
        "note": words.drawn(rungs),
        "relations": words.relations(question, result),
    }


def _color(lesson: Lesson, spec: RunSpec) -> Color:
    """That of its line in the chart; of what is counted and was never run, that of its batch size."""
    if spec not in lesson.members:
        return color(plan_for(spec).first.batch_size)
    runs = Run.planned(lesson.members)
    return looks(runs)[runs[lesson.members.index(spec)].id].color
