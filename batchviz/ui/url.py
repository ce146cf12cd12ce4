"""What the page's address says: the form's configuration, the runs, what a teacher added, both ways."""

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


def read() -> tuple[RunSpec | None, list[str], LessonLink, str]:
    """The configuration in the address (None where there is none), the run ids, the lesson, what was wrong with any."""
    query = st.query_params.to_dict()
    errors: list[str] = []
    spec: RunSpec | None = None
    runs: list[str] = []
    lesson_link = LessonLink()
    try:
        runs = experiment.decode_runs(query.pop("runs", ""))
    except BatchVizError as error:
        errors.append(str(error))
    try:
        lesson_link = LessonLink.decode(query)
    except BatchVizError as error:
        errors.append(str(error))
    configuration = {
        name: value for name, value in query.items() if name not in experiment.NON_SPEC_PARAMETERS
    }
    try:
        spec = experiment.decode(configuration) if configuration else None
    except BatchVizError as error:
        errors.append(str(error))
    return spec, runs, lesson_link, " ".join(dict.fromkeys(errors))


def write(spec: RunSpec | None, runs: list[str], lesson_link: LessonLink) -> None:
    """Make the address say this, so that a reload and a copied link find the same page."""
    query = parameters(spec, runs, lesson_link)
    if query == {"v": "1"}:
        query = {}  # the article's experiment is what an empty address opens
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)


def parameters(spec: RunSpec | None, runs: Sequence[str], lesson_link: LessonLink) -> dict[str, str]:
    """The parameters of a Playground link."""
    configuration = experiment.encode(spec) if spec is not None else {}
    return configuration | ({"runs": experiment.encode_runs(runs)} if runs else {}) | lesson_link.encode()


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
