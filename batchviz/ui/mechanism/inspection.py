"""A look into a run that is over: asked for by a press, trained once more by a worker, drawn when it is there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.analysis.differences import name
from batchviz.errors import StoreError
from batchviz.experiment.inspection import Inspection
from batchviz.experiment.records import Run
from batchviz.frontend.assets import addresses, text
from batchviz.frontend.inspection import payload
from batchviz.store import RequestState
from batchviz.store.inspections import InspectionRequest, check_can_be_inspected
from batchviz.text import inspection as words
from batchviz.ui import resources
from batchviz.ui.components import html, notices

LOOK_SECONDS = 0.5

# Its rules all stay below .batchviz-inspection.
_component = st.components.v2.component(
    "batchviz_inspection",
    html='<div class="batchviz-inspection" data-testid="inspection"></div>',
    js=text("src/mount.js"),
    isolate_styles=False,
)


def draw_inspection(run_ids: Sequence[str]) -> None:
    """A closed place under the runs of a page; nothing where there are none. Raises StoreError."""
    if not run_ids:
        return
    inside = st.expander(words.TITLE, key="inspection", on_change="rerun")
    if inside.open:
        with inside:
            _draw_choice(list(run_ids))


def _draw_choice(run_ids: list[str]) -> None:
    runs = resources.store().runs.by_id(run_ids)
    over = {run.id: run for run in runs.values() if run.status.final and run.progress.updates}
    if not over:
        html.paragraph(words.NONE_OVER, "quiet")
        return
    names = {run_id: f"{name(run)}, seed {run.spec.seed}" for run_id, run in over.items()}
    chosen = st.selectbox("Run", list(over), format_func=names.__getitem__, key="inspection_run")
    _draw_run(over[chosen])


def _draw_run(run: Run) -> None:
    inspection = resources.store().inspections.find(run.id)
    if isinstance(inspection, Inspection):
        _component(
            # Streamlit refuses a key with two of them in a row, and an id may begin with one.
            key=f"inspection_{run.id.replace('_', '~')}",
            data={"assets": addresses("inspection"), **payload(run.spec, inspection)},
        )
        html.paragraph(f"{words.arrows_note(inspection)} {words.trained_again(run, inspection)}", "quiet")
        return
    if inspection is not None and inspection.state is not RequestState.FAILED:
        _draw_waiting(run.id)
        return
    if inspection is not None:
        notices.problem(inspection.reason)
    try:
        check_can_be_inspected(run)
    except StoreError as error:
        html.paragraph(str(error), "quiet")
        return
    html.paragraph(f"{words.offer(run)} {words.hint(run)}".strip(), "quiet")
    st.button(words.BUTTON, key="inspection_ask", on_click=_request_inspection, args=(run,))


def _request_inspection(run: Run) -> None:
    try:
        resources.store().inspections.add(run)
    except StoreError as error:
        notices.report(str(error))


@st.fragment(run_every=LOOK_SECONDS)
def _draw_waiting(run_id: str) -> None:
    """Look again and again, and draw the page anew when it is there."""
    with notices.store_errors_shown():
        inspection = resources.store().inspections.find(run_id)
        if not isinstance(inspection, InspectionRequest) or inspection.state is RequestState.FAILED:
            notices.redraw_page()
        html.paragraph(words.WAITING, "quiet", role="status")
