"""The Playground: move a slider, watch real Keras training."""

import streamlit as st

from batchviz.errors import StoreError
from batchviz.ui import address, facts, form, head, locks, notices, playground
from batchviz.ui.export import export_menu
from batchviz.ui.live import live_chart


def draw() -> None:
    """Ask in the sidebar, act on the buttons, draw the facts and the chart."""
    playground.open_address()
    layout = locks.frame().layout
    with st.sidebar:
        answers = form.ask()
        if answers.spec and layout.page == "full":
            facts.ledger(answers.spec.plan)

    pressed = head.ask(answers, playground.shown())
    if pressed.train and answers.spec:
        playground.train(answers.replicates(answers.spec))
    if pressed.race:
        playground.race(answers, list(pressed.sizes))
    if pressed.stop:
        playground.stop_all()
    if wrong := playground.problem() or answers.error:
        notices.problem(wrong)
    elif answers.hindrance and layout.page != "chart":
        notices.note(answers.hindrance)
    if answers.spec and layout.page != "chart":
        facts.show(answers.spec.plan, answers.seeds)
    if layout.page != "chart":
        with pressed.exports:
            export_menu(playground.shown(), key="export")
    live_chart(
        playground.shown(),
        on_stop=playground.stop,
        on_remove=playground.remove,
        mine=playground.mine(),
        refused=playground.refused(),
        preset=layout.chart,
        alone=layout.page == "chart",
        invitation=head.invitation(),
    )
    address.write(answers.spec or locks.link_spec(), playground.shown(), locks.frame())


try:
    draw()
except StoreError as error:
    notices.problem(str(error))
