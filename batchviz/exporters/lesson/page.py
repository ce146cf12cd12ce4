"""A lesson as one HTML file: text, questions, and the recordings of its race, which play in the live chart itself.

It opens from a disk and asks nobody for anything. What is true of every question was found when the file was written;
src/lesson asks, scores and shows it, as the page Lessons does.
"""

from __future__ import annotations

from typing import Any

from batchviz.exporters import playback
from batchviz.exporters.lesson.markdown import as_html
from batchviz.exporters.lesson.picture import picture
from batchviz.exporters.selection import Selection
from batchviz.figures.appearance import looks
from batchviz.figures.terms import PICTURES, term_picture
from batchviz.frontend import player, plotly_js
from batchviz.frontend.payload import update_rows
from batchviz.frontend.templates import Markup, render
from batchviz.lessons import CANNOT_TELL, Answer, Lesson, Question, words
from batchviz.lessons.outcome import Recorded, outcome

MOST_BUCKETS = 1024
"""Of updates a run: one a pixel."""


def page(lesson: Lesson, selection: Selection, recorded: Recorded) -> bytes:
    """The file. `selection` holds the runs of `recorded`, all of which are over."""
    runs = [entry.run for entry in selection.entries]
    look = looks(runs)
    parts = [_head(lesson, recorded).encode()]
    for entry in selection.entries:
        run = entry.run
        updates = update_rows(playback.updates(selection, run, MOST_BUCKETS))
        message = playback.message(entry, look[run.id], playback.measurements(selection, run.id), updates)
        parts.append(playback.element(f"batchviz-run-{run.id}", message, run.id))
    parts += [
        *playback.about_all(selection, runs, recorded.epochs),
        playback.element("batchviz-lesson", _document(lesson, recorded)),
        f'<script type="module">{player.script(player.LESSON)}</script>\n</body>\n</html>\n'.encode(),
    ]
    return b"".join(parts)


def _head(lesson: Lesson, recorded: Recorded) -> str:
    counted = bool(lesson.predict.measure and lesson.predict.measure.counted)
    return playback.file(
        "lesson_file.html",
        styles=player.styles(player.LESSON),
        title=lesson.title,
        subtitle=lesson.summary,
        plotly=playback.as_base64(plotly_js.compressed()),
        lesson=lesson,
        text=as_html(lesson.facts),
        mechanism=Markup(term_picture(lesson.mechanism)) if lesson.mechanism in PICTURES else "",
        facts=[] if counted else words.facts(lesson.members),
        names=words.FACTS,
        budget=words.budget(lesson.base),
        reason=as_html(lesson.reason),
        held=words.LEDGER,
        ledger=words.ledger(lesson.members) if lesson.ledger else [],
        task=as_html(lesson.task.text),
        sure=words.SURE,
        how_sure=words.HOW_SURE,
        cannot_tell=words.CANNOT_TELL,
        alike=words.ALIKE,
        pictures={
            question.key: _picture(lesson, question, recorded) for question in (lesson.predict, *lesson.also)
        },
    )


def _picture(lesson: Lesson, question: Question, recorded: Recorded) -> Markup:
    """What came of a prediction, which the script draws over it."""
    result = outcome(lesson, question, recorded)
    if result is None:
        return Markup("")
    nothing = Answer(value=CANNOT_TELL)
    return Markup(render("lesson_outcome.html", **picture(lesson, question, nothing, result)))


def _document(lesson: Lesson, recorded: Recorded) -> dict[str, Any]:
    """What src/lesson/document.d.ts says."""
    return {
        "id": lesson.hash[:16],
        "preset": lesson.layout.chart,
        "questions": [_question(lesson, question, recorded) for question in lesson.questions],
    }


def _question(lesson: Lesson, question: Question, recorded: Recorded) -> dict[str, Any]:
    result = outcome(lesson, question, recorded)
    return {
        "key": question.key,
        "kind": question.kind,
        "lower_wins": question.lower_wins,
        "right": question.right,
        "within": question.within,
        "measured": result is not None,
        "values": {} if result is None else {key: _finite(value) for key, value in result.values.items()},
        "pairs": []
        if result is None
        else [[pair.first, pair.second, pair.relation.name.lower()] for pair in result.pairs],
    }


def _finite(value: float) -> float | None:
    return value if value - value == 0 else None
