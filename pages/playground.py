"""The Playground: move a slider, watch real Keras training."""

import streamlit as st

from batchviz.errors import StoreError
from batchviz.ui import address, facts, form, playground
from batchviz.ui.export import export_menu
from batchviz.ui.live import live_chart


def draw() -> None:
    """Ask in the sidebar, act on the buttons, draw the facts and the chart."""
    playground.open_address()
    with st.sidebar:
        answers = form.ask()
        if answers.spec:
            facts.ledger(answers.spec.plan)

    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        st.html(
            '<h1 class="batchviz-name">BatchViz</h1>'
            '<p class="batchviz-claim">See what batch size does. Every curve is real Keras training.</p>'
        )
        train = st.button("Train", type="primary", disabled=answers.spec is None, key="train")
        with st.popover("Race", disabled=answers.spec is None, key="race_menu", on_change="rerun"):
            st.markdown("Several batch sizes from the same start, on the same data and budget.")
            sizes = playground.ask_sizes()
            race = st.button(
                "Start the race",
                type="primary",
                disabled=not sizes,
                key="race",
                on_click=playground.close_race,
            )
        stop = st.button("Stop", key="stop", help="Stop everything of yours on this page.")
        exports = st.empty()

    if train and answers.spec:
        playground.train(answers.replicates(answers.spec))
    if race:
        playground.race(answers, list(sizes))
    if stop:
        playground.stop_all()
    if wrong := playground.problem() or answers.error:
        st.error(wrong)
    if answers.spec:
        facts.show(answers.spec.plan, answers.seeds)
    with exports:
        export_menu(playground.shown(), key="export")
    live_chart(playground.shown(), on_stop=playground.stop, on_remove=playground.remove)
    address.write(answers.spec, playground.shown())


try:
    draw()
except StoreError as error:
    st.error(str(error))
