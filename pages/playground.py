"""The Playground: move a slider, watch real Keras training."""

import streamlit as st

from batchviz.errors import StoreError
from batchviz.ui import address, facts, form, head, locks, notices, playground
from batchviz.ui.export import export_menu
from batchviz.ui.live import live_chart


def ask() -> form.Answers:
    """Ask in the sidebar."""
    playground.open_address()
    with st.sidebar:
        answers = form.ask()
        if answers.spec and locks.frame().layout.page == "full":
            facts.ledger(answers.spec.plan)
    return answers


def draw(answers: form.Answers) -> None:
    """Act on the buttons, draw the facts and the chart. Raises StoreError."""
    layout, pressed = locks.frame().layout, head.ask(answers, playground.shown())
    full = layout.page != "chart"
    if pressed.train and answers.spec:
        playground.train(answers.replicates(answers.spec))
    if pressed.race:
        playground.race(answers, list(pressed.sizes))
    if pressed.stop:
        playground.stop_all()
    if wrong := playground.problem() or answers.error:
        notices.problem(wrong)
    elif answers.hindrance and full:
        notices.note(answers.hindrance)
    known = not (answers.spec and full) or facts.show(answers.spec.plan, answers.seeds)
    if full:
        with pressed.exports:
            export_menu(playground.shown(), key="export")
    live_chart(
        playground.shown(), on_stop=playground.stop, on_remove=playground.remove, mine=playground.mine(),
        refused=playground.refused(), preset=layout.chart, alone=not full, invitation=head.invitation(),
        tell_end=not known,
    )  # fmt: skip
    address.write(answers.spec or locks.link_spec(), playground.shown(), locks.frame())


@st.fragment
def again(answers: form.Answers) -> None:
    """By itself after a press of Train: the form takes longer. What is raised in a fragment reaches nobody."""
    try:
        draw(answers)
    except StoreError as error:
        notices.problem(str(error))


try:
    again(ask())
except StoreError as error:
    notices.problem(str(error))
