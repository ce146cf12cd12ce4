"""The Playground: move a slider, watch real Keras training."""

import streamlit as st

from batchviz.errors import StoreError
from batchviz.ui import locks, mechanism, url
from batchviz.ui.components import notices
from batchviz.ui.components.live_chart import live_chart
from batchviz.ui.playground import actions, form, header, plan_summary, presses


def draw_sidebar() -> form.FormState:
    """Ask in the sidebar."""
    actions.open_address()
    with st.sidebar:
        form_state = form.draw_form()
        if form_state.spec and locks.lesson().layout.page == "full":
            plan_summary.draw_ledger(form_state.spec)
    return form_state


def draw(form_state: form.FormState) -> None:
    """Draw the chart, then what stands over it, which takes longer. Raises StoreError."""
    if actions.form_filled():
        st.rerun()  # by a press on the chart, which runs this function without the form
    presses.act(form_state)
    actions.stand_back()
    layout, spec = locks.lesson().layout, form_state.spec
    full = layout.page != "chart"
    head = header.draw_header()
    notices.draw_mentioned()
    if wrong := notices.take_report() or form_state.error:
        notices.problem(wrong)
    elif form_state.denied_reason and full:
        notices.information(form_state.denied_reason)
    shown_runs = actions.shown_runs()
    try:
        runs = actions.records()
    except StoreError:
        with head:
            header.draw_buttons(form_state, shown_runs)  # to try again
        raise
    # Before the first run the race that plays stands over them (css/streamlit.css).
    facts = st.container(key="facts" if shown_runs else "facts_after")
    clock = plan_summary.clock_of(spec) if spec and full else None
    live_chart(
        shown_runs, on_stop=actions.stop, on_remove=actions.remove, owned=actions.own_run_ids(runs),
        on_measure=actions.measure, on_again=actions.start_again, again=actions.again(runs) if full else None,
        on_start=actions.start_preset if header.opens() else None,
        on_accept=actions.train_offered if full and form_state.trainable and not locks.locked("seeds") else None,
        refused=actions.refused_stops(), preset=layout.chart, alone=not full, invitation=header.invitation(),
        starts=actions.starts(), tell_clock=bool(spec) and full and not (clock and clock.steady),
    )  # fmt: skip
    with head:
        header.draw_buttons(form_state, shown_runs)
    if spec and full:
        with facts:
            plan_summary.draw_facts(spec, form_state.seeds, clock)
        mechanism.draw_look_inside(spec)
        mechanism.draw_inspection(shown_runs)
    url.write(spec or locks.linked_spec(), shown_runs, locks.lesson())


@st.fragment
def draw_again(form_state: form.FormState) -> None:
    """By itself after a press of Train: the form takes longer. What is raised in a fragment reaches nobody."""
    with notices.store_errors_shown():
        draw(form_state)


draw_again(draw_sidebar())
