"""What the page's address says: the set-up of the form and the runs on the page, both ways."""

from __future__ import annotations

import streamlit as st

from batchviz import link
from batchviz.errors import BatchVizError
from batchviz.spec import RunSpec

MOST_RUNS = link.MOST_RUNS


def read() -> tuple[RunSpec | None, list[str], str]:
    """The set-up in the address (None if there is none), the run ids, and what was wrong with either."""
    given = st.query_params.to_dict()
    errors: list[str] = []
    spec: RunSpec | None = None
    runs: list[str] = []
    try:
        runs = link.decode_runs(given.pop("runs", ""))
    except BatchVizError as error:
        errors.append(str(error))
    try:
        spec = link.decode(given) if given else None
    except BatchVizError as error:
        errors.append(str(error))
    return spec, runs, " ".join(errors)


def write(spec: RunSpec | None, runs: list[str]) -> None:
    """Make the address say this, so that a reload and a copied link find the same page."""
    wanted = link.encode(spec) if spec is not None else {}
    if wanted == {"v": "1"} and not runs:
        wanted = {}  # the article's experiment is what an empty address opens
    if runs:
        wanted["runs"] = ",".join(runs)
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)
