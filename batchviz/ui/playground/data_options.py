"""This visitor's own data in the form: what it is called, and whether this visitor can train on it here."""

from __future__ import annotations

from batchviz.analysis.differences import distinct
from batchviz.errors import StoreError
from batchviz.experiment import datasets
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.library import Upload
from batchviz.ui import resources, session


def options(chosen: str) -> dict[str, str]:
    """The data sets the form offers, by name: the built-in ones, this visitor's, and the one a link has chosen."""
    titles = {name: data.title for name, data in DATASETS.items()}
    titles |= {upload.dataset: f"{upload.name} (yours)" for upload in _own_uploads()}
    # Streamlit tells options apart by what they are called.
    titles = dict(zip(titles, distinct(list(titles.values())), strict=True))
    if chosen not in titles and datasets.exists(chosen):
        titles[chosen] = (
            "Trained elsewhere" if datasets.find(chosen).origin == "imported" else "Not your data"
        )
    return titles


def denied_reason(chosen: str) -> str:
    """Why this visitor cannot train on the data, a sentence; empty when nothing hinders."""
    if chosen in DATASETS or not datasets.exists(chosen):
        return ""
    try:
        return resources.denied_reason(chosen, session.visitor())
    except StoreError as error:
        return str(error)


def _own_uploads() -> list[Upload]:
    try:
        return resources.store().uploads.owned_by(session.visitor())
    except StoreError:
        return []  # the page says what is wrong with the store as soon as something is asked of it
