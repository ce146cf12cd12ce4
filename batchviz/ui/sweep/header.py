"""The head of the Sweep page: its name, and what can be done with the sweep on it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from batchviz.errors import BatchVizError
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.links import experiment
from batchviz.links import sweep as sweep_link
from batchviz.text import sweep_page as words
from batchviz.ui import resources, session
from batchviz.ui.components import buttons, dialogs, html, notices, share
from batchviz.ui.components.export_menu import export_menu
from batchviz.ui.sweep import state, sweep_list
from batchviz.ui.sweep.data import Fetched
from batchviz.ui.url import COMPARE

CLAIM = "Which batch size? Every size, every rate, several seeds, one answer."


def draw_form_header() -> DeltaGenerator:
    """Over the form. Returns the place for what acts on its answers."""
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name("Sweep", CLAIM)
        return st.empty()


def draw_share(place: DeltaGenerator, set_up: SweepSpec | None) -> None:
    """Share the form's answers; None where they are no sweep."""
    with place:
        pressed = buttons.pressed(
            "Share", key="share", disabled=set_up is None, help="A link, a QR code or a frame."
        )
    if dialogs.is_open("share", pressed=pressed) and set_up is not None:
        share.page("sweep", sweep_link.encode(set_up), "BatchViz: a sweep to start")


def draw_header(fetched: Fetched) -> None:
    """Over an open sweep. Only who started it may stop it."""
    sweep, is_owner = fetched.sweep, fetched.sweep.owner == session.visitor()
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name("Sweep", words.name(sweep.spec))
        if is_owner and sweep.state == "running":
            _act(
                "Pause",
                "pause",
                resources.store().sweeps.pause,
                sweep.id,
                "Runs that train go on to their end.",
            )
        if is_owner and sweep.state == "paused":
            _act("Go on", "go_on", resources.store().sweeps.go_on, sweep.id, "Train what is missing.")
        if is_owner and sweep.state in ("running", "paused"):
            _act("Stop", "stop", resources.store().sweeps.stop, sweep.id, "End it. What was trained stays.")
        if is_owner:
            st.button(
                "Delete", key="sweep_delete", on_click=sweep_list.DELETION.carry_out, args=(sweep,),
                help="Stop it and take it off the list. Its runs stay in your library.",
            )  # fmt: skip
        st.button(
            "New sweep", key="sweep_new", on_click=_new, args=(sweep.spec,), help="From this one's set-up."
        )
        export_menu([run.id for run in fetched.runs if run.status.final], key="export", drawn=False)
        pressed = buttons.pressed("Share", key="share", help="A link, a QR code or a frame for another page.")
        if dialogs.is_open("share", pressed=pressed):
            share.page("sweep", {"id": sweep.id}, "BatchViz: sweep")
        reported = [run.run_id for cell in fetched.findings.reported for run in cell.runs if run.status.final]
        if buttons.pressed(
            "Compare", key="to_compare", disabled=not reported, help="The reported runs, with verdicts."
        ):
            buttons.go(COMPARE, experiment.runs_link(reported[:MAX_RUNS_SHOWN]))


def _act(label: str, key: str, act: Callable[[str, str], object], sweep_id: str, help: str) -> None:
    def pressed() -> None:
        try:
            act(sweep_id, session.visitor())
        except BatchVizError as error:
            notices.report(str(error))

    st.button(label, key=f"sweep_{key}", on_click=pressed, help=help)


def _new(spec: SweepSpec) -> None:
    state.fill_in(spec)
    state.close()
