"""The data that this visitor keeps: use, look up, delete."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment import datasets
from batchviz.experiment.library import Upload
from batchviz.experiment.spec import RunSpec
from batchviz.importers.table import Prepared
from batchviz.links import experiment
from batchviz.text import hints
from batchviz.text.numbers import byte_size, count, quantity
from batchviz.text.table import sentences as words
from batchviz.ui import resources, session
from batchviz.ui.components import html, notices
from batchviz.ui.components.html import heading, sentences
from batchviz.ui.components.undo import Deletion
from batchviz.ui.data import upload
from batchviz.ui.limits import MAX_INPUTS_NAMED
from batchviz.ui.session_state import DELETED_DATASET, SAVED_DATASET
from batchviz.ui.url import PLAYGROUND


def save_dataset(name: str, prepared: Prepared) -> None:
    """Keep prepared data under a name."""
    try:
        saved = resources.store().uploads.add(
            session.visitor(),
            name,
            prepared.x,
            prepared.y,
            outputs=prepared.outputs,
            explanation=prepared.explanation,
            columns=prepared.columns,
            target=prepared.target,
            classes=prepared.classes,
            standardised=prepared.standardised,
            in_order=prepared.in_order,
            network=session.network(),
        )
    except BatchVizError as error:
        notices.report(str(error))
        return
    upload.clear_file()
    SAVED_DATASET.set(saved.id)


def draw_datasets() -> None:
    """The data kept, newest first."""
    DELETION.draw(_draw_deleted)
    uploads = resources.store().uploads.owned_by(session.visitor())
    heading("Your data")
    if not uploads:
        html.note("Nothing yet. What you upload is kept for this browser alone, until you delete it.")
    for uploaded in uploads:
        _draw_card(uploaded)


def _draw_card(uploaded: Upload) -> None:
    with st.container(border=True, key=f"own_{uploaded.id}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            html.draw("dataset.html", name=uploaded.name, facts=_facts(uploaded))
            st.page_link(
                PLAYGROUND,
                label="Use in the Playground",
                query_params=experiment.encode(RunSpec.parse({"dataset": uploaded.dataset})),
            )
            st.button(
                "Delete", key=f"delete_{uploaded.id}", on_click=DELETION.carry_out,
                args=((uploaded.id, uploaded.name),), help=hints.DELETE_DATASET,
            )  # fmt: skip
        with st.expander("What was done with its columns", expanded=SAVED_DATASET.get() == uploaded.id):
            more = (
                f" and {quantity(len(uploaded.columns) - MAX_INPUTS_NAMED)} more"
                if len(uploaded.columns) > MAX_INPUTS_NAMED
                else ""
            )
            inputs = ", ".join(uploaded.columns[:MAX_INPUTS_NAMED]) + more
            sentences(f"Inputs: {quantity(len(uploaded.columns))}", [inputs], 3)
            sentences("Preparation", words(uploaded.explanation), 3)
            if not uploaded.over_training_rows:
                html.note(
                    "Prepared by an earlier version: its numbers are standardised over all rows, validation rows "
                    "included. Upload the file again to standardise over the training rows alone."
                )


def _facts(uploaded: Upload) -> str:
    data = datasets.find(uploaded.dataset)
    task = "regression" if data.outputs == 1 else count(data.outputs, "class", "classes")
    day = datetime.fromtimestamp(uploaded.created, UTC).strftime("%-d %B %Y")
    facts = [
        count(data.rows, "row"),
        count(data.inputs, "input"),
        f"{task} of {uploaded.target}",
        *(["rows in order"] if uploaded.in_order else []),
        byte_size(uploaded.bytes),
        day,
    ]
    return " · ".join(facts)


def _delete(uploaded: tuple[str, str]) -> tuple[str, str]:
    resources.store().uploads.delete(session.visitor(), uploaded[0])
    return uploaded


def _restore(uploaded: tuple[str, str]) -> None:
    resources.store().uploads.restore(session.visitor(), uploaded[0])


def _draw_deleted(uploaded: tuple[str, str]) -> None:
    html.paragraph(f"Deleted: {uploaded[1]}. Its recorded runs stay.", "undo", role="status")


DELETION = Deletion(DELETED_DATASET, _delete, _restore)
"""Of a data set, by its id and its name."""
