"""What the page's address says: the form's set-up, the runs, what a teacher added, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.lesson import LessonLink
from batchviz.ui import session

MAX_RUNS = experiment.MAX_RUNS


def read() -> tuple[RunSpec | None, list[str], LessonLink, str]:
    """The set-up in the address (None if there is none), the run ids, the frame, and what was wrong with any."""
    given = st.query_params.to_dict()
    errors: list[str] = []
    spec: RunSpec | None = None
    runs: list[str] = []
    around = LessonLink()
    try:
        runs = experiment.decode_runs(given.pop("runs", ""))
    except BatchVizError as error:
        errors.append(str(error))
    try:
        around = LessonLink.decode(given)
    except BatchVizError as error:
        errors.append(str(error))
    set_up = {name: value for name, value in given.items() if name not in experiment.NON_SPEC_PARAMETERS}
    try:
        spec = experiment.decode(set_up) if set_up else None
    except BatchVizError as error:
        errors.append(str(error))
    return spec, runs, around, " ".join(dict.fromkeys(errors))


def write(spec: RunSpec | None, runs: list[str], around: LessonLink) -> None:
    """Make the address say this, so that a reload and a copied link find the same page."""
    wanted = parameters(spec, runs, around)
    if wanted == {"v": "1"}:
        wanted = {}  # the article's experiment is what an empty address opens
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def parameters(spec: RunSpec | None, runs: Sequence[str], around: LessonLink) -> dict[str, str]:
    """The parameters of a Playground link."""
    set_up = experiment.encode(spec) if spec is not None else {}
    return set_up | ({"runs": experiment.encode_runs(runs)} if runs else {}) | around.encode()


def absolute(page: str, parameters: Mapping[str, str]) -> str:
    """The address of a page of this app, as this browser reaches it; `page` is its url_path, empty the Playground's."""
    here = str(st.context.url or "").rstrip("/")
    base = here.removesuffix(f"/{session.page()}".rstrip("/"))
    query = urlencode(parameters, safe=",", quote_via=quote)
    return f"{base}/{page}" + (f"?{query}" if query else "")


_INSTALLED = Path(__file__).parents[1] / "_dashboard" / "pages"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "pages"
PLAYGROUND = FOLDER / "playground.py"
COMPARE = FOLDER / "compare.py"
BOARD = FOLDER / "board.py"
