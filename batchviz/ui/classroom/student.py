"""What a member sees: the facts, a question, waiting, the reveal. No name is asked for at any moment."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from batchviz.experiment.classroom import Arm, Member, Phase, Vote
from batchviz.lessons import Answer, Question, words
from batchviz.lessons.split import read
from batchviz.lessons.twins import twins
from batchviz.text import classroom as text
from batchviz.ui import resources, session
from batchviz.ui.classroom import gain, grid, reveal, state
from batchviz.ui.classroom.state import Opened
from batchviz.ui.classroom.watch import draw_watch
from batchviz.ui.components import html
from batchviz.ui.lessons.lesson_text import draw_text
from batchviz.ui.lessons.question import draw_question


def draw_student(opened: Opened) -> None:
    """Draw the class for a member, who joins by coming. Raises StoreError."""
    classroom, lesson = opened.classroom, opened.lesson
    member = _member(opened)
    with st.container(key="head"):
        html.page_name(lesson.title, f"Class {classroom.code}", testid="class-title")
    draw_watch(classroom, grid=bool(classroom.sweep))
    if not classroom.open:
        html.paragraph(text.ENDED, "question", testid="class-phase")
    if member is None:
        return
    own = resources.store().class_answers.own(classroom.code, session.visitor())
    match classroom.phase:
        case Phase.OPEN:
            html.paragraph(text.WAITING[Phase.OPEN], "question", testid="class-phase")
            draw_text(lesson.facts)
            if classroom.measures:
                _draw_question(opened, twins(lesson)[0], Vote.BEFORE, own)
        case Phase.DISCUSSION:
            html.paragraph(text.WAITING[Phase.DISCUSSION], "question", testid="class-phase")
            _tell(opened, own)
        case Phase.REVEAL:
            reveal.draw_reveal(opened, own)
            if classroom.measures:
                _draw_question(opened, twins(lesson)[1], Vote.AFTER, own)
        case _:
            _predict(opened, member, own)
    if classroom.sweep:
        grid.draw_grid(opened)
    gain.draw_gain(opened)


def _member(opened: Opened) -> Member | None:
    answers = resources.store().class_answers
    member = answers.member(opened.code, session.visitor())
    if member is None and opened.classroom.open:
        return answers.join(opened.code, session.visitor())
    return member


def _predict(opened: Opened, member: Member, own: Mapping[Vote, str]) -> None:
    if member.arm is Arm.WATCH:
        html.paragraph(text.WATCHES, "question", testid="class-phase")
    else:
        vote = Vote.FIRST if opened.classroom.phase is Phase.VOTING else Vote.SECOND
        _draw_question(opened, opened.lesson.predict, vote, own)
    with st.expander("The facts", key="class_facts"):
        draw_text(opened.lesson.facts)


def _draw_question(opened: Opened, question: Question, vote: Vote, own: Mapping[Vote, str]) -> None:
    """The question, and what was answered so far: an answer can be changed as long as it is taken, but for the last."""
    earlier = read(question, own[vote]) if vote in own else None
    if earlier is not None:
        _draw_answer(question, earlier)
        html.note(text.TAKEN_ONCE if vote is Vote.AFTER else text.TAKEN)
    if not opened.classroom.open or (earlier is not None and vote is Vote.AFTER):
        return
    key = f"class_{opened.code}_{opened.classroom.round}_{vote}"
    answer = draw_question(
        question, key, ask_sure=vote in (Vote.FIRST, Vote.SECOND), button="Change" if earlier else "Send"
    )
    if answer is not None:
        store = resources.store().class_answers
        state.act(store.answer, opened.code, session.visitor(), vote, answer.model_dump_json())
        st.rerun()


def _tell(opened: Opened, own: Mapping[Vote, str]) -> None:
    earlier = read(opened.lesson.predict, own[Vote.FIRST]) if Vote.FIRST in own else None
    if earlier is not None:
        _draw_answer(opened.lesson.predict, earlier)


def _draw_answer(question: Question, answer: Answer) -> None:
    html.paragraph(f"Your answer: {words.answer_text(question, answer)}.", "question", testid="class-own")
