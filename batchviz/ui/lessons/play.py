"""One lesson, step by step: each begins when the one before it was answered, and what was answered stays."""

from __future__ import annotations

import streamlit as st

from batchviz.lessons import Answer, Lesson, Question, words
from batchviz.lessons.outcome import Recorded, outcome
from batchviz.lessons.scoring import score
from batchviz.links import sweep
from batchviz.text.numbers import count
from batchviz.ui import url
from batchviz.ui.components import buttons, html, picture
from batchviz.ui.lessons import race, state, take_away
from batchviz.ui.lessons.lesson_text import draw_text
from batchviz.ui.lessons.outcome import draw_outcome
from batchviz.ui.lessons.question import draw_question
from batchviz.ui.lessons.recorded_race import draw_recorded_race
from batchviz.ui.lessons.state import Progress
from batchviz.ui.mechanism import draw_inspection, draw_look_inside


def draw_lesson(lesson: Lesson) -> None:
    """Draw what has been reached. Raises StoreError."""
    progress = Progress()
    _draw_head(lesson, progress)
    with st.container(key="lesson"):
        _draw_facts(lesson)
        _draw_steps(lesson, progress)


def _draw_steps(lesson: Lesson, progress: Progress) -> None:
    html.heading("Predict")
    predicted = _draw_question(lesson, lesson.predict, progress, ask_sure=True)
    if predicted is None:
        return
    html.heading("Run")
    run_ids = progress.runs(lesson)
    if not run_ids:
        st.button(_runs(lesson), type="primary", key="lesson_run", on_click=race.start, args=(lesson,))
        return
    equal_ids = progress.equal_runs(lesson)
    recorded = race.read(lesson, run_ids, equal_ids)
    with st.container(key="lesson_recorded"):
        if not recorded.over:
            draw_recorded_race(lesson)
    race.draw_chart(lesson, run_ids)
    if race.waiting(lesson, recorded):
        race.draw_waiting(lesson, run_ids, equal_ids, recorded.over)
    if not recorded.over:
        return
    html.heading("What came of it")
    take_away.draw_menu(lesson, progress, run_ids, recorded)
    draw_outcome(lesson, lesson.predict, predicted, recorded)
    html.heading("What did you see?")
    if _draw_question(lesson, lesson.see, progress, recorded) is None:
        return
    for question in lesson.also:
        html.heading("Predict again")
        answer = _draw_question(lesson, question, progress)
        if answer is None:
            return
        if race.waits_for(question, recorded):
            html.paragraph(words.NOT_YET, "quiet")
        else:
            draw_outcome(lesson, question, answer, recorded)
    html.heading("Why?")
    if _draw_question(lesson, lesson.why, progress, recorded) is None:
        return
    draw_text(lesson.reason)
    if lesson.ledger:
        html.draw("lesson_ledger.html", held=words.LEDGER, ledger=words.ledger(lesson.members))
    draw_look_inside(lesson.base, lesson.mechanism)
    draw_inspection(run_ids[: len(lesson.members)])
    html.heading("Try it")
    _draw_task(lesson, progress, recorded)


def _draw_head(lesson: Lesson, progress: Progress) -> None:
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        number = f"Lesson {lesson.number}, about" if lesson.number else "Somebody's own lesson, about"
        html.page_name(lesson.title, f"{number} {count(lesson.minutes, 'minute')}.")
        if progress.begun(lesson):
            st.button(
                "Begin anew", key="lesson_anew", on_click=state.begin_anew, args=(lesson,),
                help="Forgets what you answered here. The runs stay.",
            )  # fmt: skip
        st.button("All lessons", key="lesson_close", on_click=state.close)


def _draw_facts(lesson: Lesson) -> None:
    html.heading("Facts")
    draw_text(lesson.facts)
    if lesson.mechanism:
        picture.term_picture_shown(lesson.mechanism)
    sentences = (
        [] if lesson.predict.measure and lesson.predict.measure.counted else words.facts(lesson.members)
    )
    html.draw("lesson_facts.html", names=words.FACTS, facts=sentences, budget=words.budget(lesson.base))


def _draw_question(
    lesson: Lesson,
    question: Question,
    progress: Progress,
    recorded: Recorded | None = None,
    *,
    ask_sure: bool = False,
) -> Answer | None:
    """The question, or the answer to it; with runs also how it did."""
    answer = progress.answer(lesson, question)
    if answer is None:
        submitted = draw_question(
            question, f"{lesson.slug}_{question.key}", ask_sure=ask_sure,
            button="This is my prediction" if ask_sure else "Answer",
        )  # fmt: skip
        if submitted is not None:
            state.save(lesson, question, submitted)
            st.rerun()
        return None
    verdict = ""
    if recorded is not None:
        verdict = words.scored(question, answer, score(question, answer, outcome(lesson, question, recorded)))
    html.draw(
        "lesson_answer.html",
        question=question.text,
        answer=words.answer_given(question, answer),
        verdict=verdict,
    )
    return answer


def _draw_task(lesson: Lesson, progress: Progress, recorded: Recorded) -> None:
    task = lesson.task
    draw_text(task.text)
    if buttons.pressed("Open in the Playground", key="lesson_task"):
        buttons.go(url.PLAYGROUND, url.parameters(task.base, (), task.link))
    if task.sweep is not None and buttons.pressed("Open in Sweep", key="lesson_sweep"):
        buttons.go(url.SWEEP, sweep.encode(task.sweep))
    if _draw_question(lesson, task.check, progress, recorded) is not None:
        html.paragraph("This lesson is done.", "quiet", testid="lesson-done", role="status")
        st.button("All lessons", key="lesson_next", type="primary", on_click=state.close)


def _runs(lesson: Lesson) -> str:
    """`Run it: 3 runs, each from 10 seeds`."""
    seeds = f", each from {count(lesson.seeds, 'seed')}" if lesson.seeds > 1 else ""
    return f"Run it: {count(len(lesson.members), 'run')}{seeds}"
