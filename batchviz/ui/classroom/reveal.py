"""The reveal: everyone's screen follows the same runs, then what is true of them and how one's own answer did."""

from __future__ import annotations

from collections.abc import Mapping

from batchviz.experiment.classroom import Vote
from batchviz.lessons import words
from batchviz.lessons.outcome import Outcome, outcome
from batchviz.lessons.question import Question
from batchviz.lessons.split import read
from batchviz.store.limits import MIN_SPLIT_ANSWERS
from batchviz.text import classroom as text
from batchviz.ui.classroom.state import Opened
from batchviz.ui.components import html
from batchviz.ui.components.live_chart import live_chart
from batchviz.ui.lessons import race
from batchviz.ui.lessons.outcome import draw_outcome


def draw_reveal(opened: Opened, own: Mapping[Vote, str], *, keys: bool = False) -> None:
    """Draw it; `own` are the answers of whoever looks. With `keys` the player hears the whole page.

    Raises StoreError.
    """
    lesson, run_ids = opened.lesson, opened.classroom.runs
    if opened.classroom.answered[Vote.FIRST] < MIN_SPLIT_ANSWERS:
        html.note(text.NO_SPLIT)
    if not run_ids:
        html.paragraph(text.NO_RUNS, "question")
        return
    key = f"class_{opened.code}_{opened.classroom.round}"
    live_chart(run_ids, key=key, preset=lesson.layout.chart, alone=True, keys=keys)
    recorded = race.read(lesson, run_ids)
    if not recorded.over:
        return  # the screen is drawn anew when they are
    vote = Vote.SECOND if Vote.SECOND in own else Vote.FIRST
    answer = read(lesson.predict, own[vote]) if vote in own else None
    if answer is not None:
        draw_outcome(lesson, lesson.predict, answer, recorded)
    elif (result := outcome(lesson, lesson.predict, recorded)) is not None:
        html.sentences(text.TRUE, _true(lesson.predict, result))


def _true(question: Question, result: Outcome) -> list[str]:
    """What is true of the options; of one alone its value."""
    names = {option.key: option.text for option in question.options}
    values = [f"{names[key]}: {words.value(result.measure, value)}." for key, value in result.values.items()]
    return words.relations(question, result) or values
