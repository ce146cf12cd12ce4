"""The export menu: a download link a format, for any selection of runs, and MLflow where there is a server."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.exporters import EXPORTS, MAX_RUNS, Export
from batchviz.exporters.mlflow import log_runs
from batchviz.links import experiment
from batchviz.store.selection import StoredSelection
from batchviz.ui import resources, session

CLOSENESS = (
    "Script and notebook end within 1e-5 of the recorded loss, on the versions that recorded it; in long trainings "
    "rounding can grow beyond that."
)


def export_menu(run_ids: Sequence[str], key: str, *, drawn: bool = True) -> None:
    """A popover with a link a format. Closed to the pointer while there are no runs.

    Pictures are made where the curves are `drawn`, with buttons of the chart; elsewhere the menu leads to Compare.

    Runs that were deleted are left out: a link that names one would be answered by an error instead of a file.

    The links are relative to the app's address, so that they hold behind any path prefix, and are the browser's own:
    nothing runs here when one is followed, and the file streams from `api/export`.
    """
    there = resources.store().runs.visible(run_ids)
    run_ids = [run_id for run_id in run_ids if run_id in there]
    with st.popover(
        "Export", key=key, disabled=not run_ids, help=None if run_ids else "There is no run yet."
    ):
        if not run_ids:
            return
        chosen = run_ids[:MAX_RUNS]
        st.html(_menu(chosen, drawn))
        if len(run_ids) > len(chosen):
            st.caption(f"The first {MAX_RUNS} of {len(run_ids):,} runs. Select fewer to export others.")
        if resources.settings().mlflow_uri and st.button("Log to MLflow", key=f"{key}_mlflow"):
            _log(chosen)


def _menu(run_ids: Sequence[str], drawn: bool) -> str:
    """The links as a list. Nothing in it comes from a user but the ids, and those are escaped."""
    entries = [_row(name, export, run_ids) for name, export in EXPORTS.items()]
    rows = "".join(f"<li>{entry}</li>" for entry in ([] if drawn else [_picture(run_ids)]) + entries)
    count = "1 run" if len(run_ids) == 1 else f"{len(run_ids)} runs"
    return (
        f'<p class="batchviz-exported">{count} as a file:</p><ul class="batchviz-exports">{rows}</ul>'
        f'<p class="batchviz-exported">{CLOSENESS}</p>'
    )


def _row(name: str, export: Export, run_ids: Sequence[str]) -> str:
    texts = f"<strong>{escape(export.title)}</strong> <span>{escape(export.purpose)}</span>"
    if len(run_ids) > export.most:
        return f"<div>{texts} <em>at most {export.most} runs</em></div>"
    query = urlencode({"runs": ",".join(run_ids)}, safe=",")
    return f'<a href="api/export/{name}?{escape(query)}" download>{texts}</a>'


def _picture(run_ids: Sequence[str]) -> str:
    texts = (
        "<strong>PNG, SVG</strong> <span>The chart as a picture: Compare opens, with a button for each</span>"
    )
    if len(run_ids) > experiment.MAX_RUNS:
        return f"<div>{texts} <em>at most {experiment.MAX_RUNS} runs</em></div>"
    query = urlencode(experiment.runs_link(run_ids), safe=",")
    return f'<a href="compare?{escape(query)}" target="_self">{texts}</a>'


def _log(run_ids: Sequence[str]) -> None:
    """Log the runs to this installation's MLflow server, and say how that went. Texts of others are shown as text."""
    try:
        with st.spinner("Logging to MLflow"):
            selection = StoredSelection(resources.store(), run_ids, session.visitor())
            logged = list(log_runs(selection, resources.settings().mlflow_uri))
    except BatchVizError as error:
        st.text(str(error))
        return
    before = sum(run.before for run in logged)
    st.text(
        f"{len(logged) - before} logged to MLflow" + (f", {before} were there already." if before else ".")
    )
