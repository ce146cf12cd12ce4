"""A learner's sheet: what was predicted and what came of it, in the learner's words and ours, as one HTML file.

It opens from a disk and prints. It has no script, and names nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from batchviz.exporters import playback
from batchviz.exporters.lesson.markdown import as_html
from batchviz.exporters.lesson.picture import picture
from batchviz.frontend.assets import text
from batchviz.frontend.templates import Markup, render
from batchviz.lessons import Answer, Lesson, Question, words
from batchviz.lessons.outcome import Recorded, outcome
from batchviz.lessons.scoring import score
from batchviz.text.plan import described
from batchviz.text.playground import describe

STYLES = ("css/tokens.css", "css/player.css", "css/lesson.css")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
TITLES = {"predict": "Predicted", "see": "Seen", "why": "Why", "check": "Tried"}


@dataclass(frozen=True)
class Played:
    """A lesson, what somebody answered in it by the questions' keys, and what its runs recorded."""

    lesson: Lesson
    answers: Mapping[str, Answer]
    recorded: Recorded = field(default_factory=Recorded)


@dataclass(frozen=True)
class Line:
    """A question and its answer."""

    title: str
    question: str
    answer: str
    verdict: str
    picture: Markup


def sheet(played: Sequence[Played]) -> bytes:
    """The file."""
    return playback.file(
        "lesson_sheet.html",
        styles="\n".join(text(name) for name in STYLES),
        policy=POLICY,
        title="My lessons",
        lessons=[_lesson(each) for each in played if each.answers],
    ).encode()


def _lesson(played: Played) -> dict[str, object]:
    lesson, recorded = played.lesson, played.recorded
    answered = [question for question in lesson.questions if question.key in played.answers]
    return {
        "title": f"{lesson.number}. {lesson.title}" if lesson.number else lesson.title,
        "facts": words.facts(lesson.members),
        "names": words.FACTS,
        "budget": words.budget(lesson.base),
        "lines": [_line(played, question) for question in answered],
        "reason": as_html(lesson.reason) if "why" in played.answers else "",
        "sentence": describe(recorded.runs, recorded.epochs).sentence if recorded.over else "",
        "runs": [described(spec, lesson.seeds) for spec in lesson.members] if recorded.runs else [],
    }


def _line(played: Played, question: Question) -> Line:
    answer = played.answers[question.key]
    result = outcome(played.lesson, question, played.recorded)
    is_over = played.recorded.over or result is None
    return Line(
        TITLES.get(question.key, "Predicted"),
        question.text,
        words.answer_given(question, answer),
        words.scored(question, answer, score(question, answer, result)) if is_over else "Not run yet.",
        Markup(render("lesson_outcome.html", **picture(played.lesson, question, answer, result)))
        if result is not None and is_over and question in (played.lesson.predict, *played.lesson.also)
        else Markup(""),
    )
