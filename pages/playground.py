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
        form_state = form.draw_form()
        if form_state.spec and locks.lesson().layout.page == "full":
            plan_summary.draw_ledger(form_state.spec)
    return form_state


def draw(form_state: form.FormState) -> None:
    """Act on the buttons, draw the facts and the chart. Raises StoreError."""
    if actions.form_filled():
        st.rerun()  # by a press on the chart, which runs this function without the form
    layout, pressed = locks.lesson().layout, header.draw_header(form_state, actions.shown_runs())
    full = layout.page != "chart"
    if pressed.train and form_state.spec:
        actions.train(form_state.replicates(form_state.spec))
    if pressed.race:
        actions.race(pressed.race)
    if pressed.stop:
        actions.stop_all()
    if wrong := notices.take_report() or form_state.error:
        notices.problem(wrong)
    elif form_state.denied_reason and full:
        notices.information(form_state.denied_reason)
    clock_known = True
    if form_state.spec and full:
        # Before the first run the race that plays stands over them (css/streamlit.css).
        with st.container(key="facts" if actions.shown_runs() else "facts_after"):
            clock_known = plan_summary.draw_facts(form_state.spec, form_state.seeds)
    if full:
        with pressed.exports:
            export_menu(actions.shown_runs(), key="export")
    runs = actions.records()
    live_chart(
        actions.shown_runs(), on_stop=actions.stop, on_remove=actions.remove, mine=actions.own(runs),
        on_measure=actions.measure, on_again=actions.start_again, again=actions.again(runs) if full else None,
        on_start=actions.start_preset if header.opens() else None,
        on_accept=actions.train_offered if full and form_state.trainable and not locks.locked("seeds") else None,
        refused=actions.refused_stops(), preset=layout.chart, alone=not full, invitation=header.invitation(),
        tell_clock=not clock_known,
    )  # fmt: skip
    url.write(form_state.spec or locks.linked_spec(), actions.shown_runs(), locks.lesson())


@st.fragment
def draw_again(form_state: form.FormState) -> None:
    """By itself after a press of Train: the form takes longer. What is raised in a fragment reaches nobody."""
    with notices.store_errors_shown():
        draw(form_state)


draw_again(draw_sidebar())
