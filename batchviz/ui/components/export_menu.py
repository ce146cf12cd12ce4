"""The export menu: a download link a format, for any selection of runs, and MLflow where there is a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.limits import MAX_RUNS_EXPORTED, MAX_RUNS_SHOWN
from batchviz.exporters import EXPORTS, Export
from batchviz.exporters.mlflow import log_runs
from batchviz.links import experiment
from batchviz.store.selection import StoredSelection
from batchviz.text import hints
from batchviz.text.numbers import count
from batchviz.ui import resources, session
from batchviz.ui.components import buttons, html

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
    with st.popover("Export", key=key, disabled=not run_ids, help=None if run_ids else hints.EXPORT_NOTHING):
        if not run_ids:
            return
        chosen = run_ids[:MAX_RUNS_EXPORTED]
        _menu(chosen, drawn)
        if len(run_ids) > len(chosen):
            html.note(
                f"The first {MAX_RUNS_EXPORTED} of {count(len(run_ids), 'run')}. Select fewer to export others."
            )
        if resources.settings().mlflow_uri and buttons.pressed("Log to MLflow", key=f"{key}_mlflow"):
            _log(chosen)


class Entry(NamedTuple):
    """One row of the menu; without an address there are too many runs for it."""

    title: str
    purpose: str
    address: str
    max_runs: int
    download: bool = True


def _menu(run_ids: Sequence[str], drawn: bool) -> None:
    entries = [_entry(name, export, run_ids) for name, export in EXPORTS.items()]
    html.draw(
        "export_menu.html",
        runs=count(len(run_ids), "run"),
        entries=entries if drawn else [_picture(run_ids), *entries],
        closeness=CLOSENESS,
    )


def _entry(name: str, export: Export, run_ids: Sequence[str]) -> Entry:
    query = urlencode({"runs": ",".join(run_ids)}, safe=",")
    address = f"api/export/{name}?{query}" if len(run_ids) <= export.most else ""
    return Entry(export.title, export.purpose, address, export.most)


def _picture(run_ids: Sequence[str]) -> Entry:
    address = ""
    if len(run_ids) <= MAX_RUNS_SHOWN:
        address = f"compare?{urlencode(experiment.runs_link(run_ids), safe=',')}"
    purpose = "The chart as a picture: Compare opens, with a button for each"
    return Entry("PNG, SVG", purpose, address, MAX_RUNS_SHOWN, download=False)


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
