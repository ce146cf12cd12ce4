"""What came of a race, and over it what was predicted: a row an option, in the order that was measured."""

from __future__ import annotations

from urllib.parse import quote

from batchviz.experiment.plan import plan_for
from batchviz.figures.palette import color
from batchviz.lessons import Answer, Lesson, Question, words
from batchviz.lessons.ladder import Ladder, ladder
from batchviz.lessons.outcome import Recorded, outcome
from batchviz.lessons.scoring import score
from batchviz.ui.components import html

STROKE = "#7d8594"
"""Of the prediction's path, on light and on dark pages: it is part of a picture, which cannot ask the page."""
GREY = {"light": "#5d626b", "dark": "#a2a8b3"}
"""Of what no run stands for."""


def draw_outcome(lesson: Lesson, question: Question, answer: Answer, recorded: Recorded) -> None:
    """The score, the picture, and what is true of each pair."""
    found = outcome(lesson, question, recorded)
    html.paragraph(words.scored(question, answer, score(question, answer, found)), "score", testid="score")
    if found is None:
        return
    rungs = ladder(question, answer, found)
    colors = {rung.key: GREY for rung in rungs.rungs}
    colors |= {
        option.key: color(plan_for(spec).first.batch_size) for option, spec in lesson.runs_of(question)
    }
    html.draw(
        "lesson_outcome.html", ladder=rungs, path=_path(rungs), colors=colors,
        measure=words.measured(found.measure), value=lambda amount: words.value(found.measure, amount),
        note=words.drawn(rungs), relations=words.relations(question, found),
    )  # fmt: skip


def _path(drawn: Ladder) -> str:
    """The prediction over the rungs, as the address of a picture: Streamlit takes SVG out of a page's HTML."""
    if len(drawn.path) < 2:
        return ""
    points = " ".join(f"{at},{number + 0.5}" for at, number in drawn.path)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {len(drawn.rungs)}" preserveAspectRatio="none">'
        f'<polyline points="{points}" fill="none" stroke="{STROKE}" stroke-width="1.5" stroke-dasharray="5 4" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    return f"data:image/svg+xml,{quote(picture)}"
