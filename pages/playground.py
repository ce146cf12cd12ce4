"""The Playground: move a slider, watch real Keras training."""

import streamlit as st

from batchviz.ui import locks, url
from batchviz.ui.components import notices
from batchviz.ui.components.export_menu import export_menu
from batchviz.ui.components.live_chart import live_chart
from batchviz.ui.playground import actions, form, header, plan_summary


def draw_sidebar() -> form.FormState:
    """Ask in the sidebar."""
    actions.open_address()
    with st.sidebar:
        answers = form.draw_form()
        if answers.spec and locks.lesson().layout.page == "full":
            plan_summary.draw_ledger(answers.spec)
    return answers


def draw(answers: form.FormState) -> None:
    """Act on the buttons, draw the facts and the chart. Raises StoreError."""
    layout, pressed = locks.lesson().layout, header.draw_header(answers, actions.shown_runs())
    full = layout.page != "chart"
    if pressed.train and answers.spec:
        actions.train(answers.replicates(answers.spec))
    if pressed.race:
        actions.race(answers, list(pressed.sizes))
    if pressed.stop:
        actions.stop_all()
    if wrong := notices.take_report() or answers.error:
        notices.problem(wrong)
    elif answers.denied_reason and full:
        notices.information(answers.denied_reason)
    known = not (answers.spec and full) or plan_summary.draw_facts(answers.spec, answers.seeds)
    if full:
        with pressed.exports:
            export_menu(actions.shown_runs(), key="export")
    live_chart(
        actions.shown_runs(), on_stop=actions.stop, on_remove=actions.remove, mine=actions.own_runs(),
        refused=actions.refused_stops(), preset=layout.chart, alone=not full, invitation=header.invitation(),
        tell_end=not known,
    )  # fmt: skip
    url.write(answers.spec or locks.linked_spec(), actions.shown_runs(), locks.lesson())


@st.fragment
def draw_again(answers: form.FormState) -> None:
    """By itself after a press of Train: the form takes longer. What is raised in a fragment reaches nobody."""
    with notices.store_errors_shown():
        draw(answers)


draw_again(draw_sidebar())
