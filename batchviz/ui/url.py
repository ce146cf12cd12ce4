"""What the page's address says: the form's configuration, the runs, what a teacher added, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.lesson import LessonLink
from batchviz.links.limits import MAX_RUNS_NAMED_SINGLY
from batchviz.ui import address, resources, session


def read() -> tuple[RunSpec | None, list[str], LessonLink, str]:
    """The configuration in the address (None where there is none), the run ids, the lesson, what was wrong with any."""
    query = address.parameters()
    errors: list[str] = []
    spec: RunSpec | None = None
    runs: list[str] = []
    lesson_link = LessonLink()
    try:
        runs = linked_runs(query.pop("runs", ""))
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
    opens = parameters(PRESETS[OPENING].spec, (), LessonLink())
    address.write({} if query == opens else query)


def parameters(spec: RunSpec | None, runs: Sequence[str], lesson_link: LessonLink) -> dict[str, str]:
    """The parameters of a Playground link."""
    configuration = experiment.encode(spec) if spec is not None else {}
    return configuration | ({"runs": runs_text(runs)} if runs else {}) | lesson_link.encode()


def linked_runs(text: str) -> list[str]:
    """The ids that a `runs` parameter means. Raises SpecError for what it cannot be, and StoreError."""
    return resources.store().runs.seeds_from(experiment.decode_runs(text))


def runs_text(run_ids: Sequence[str]) -> str:
    """The `runs` parameter that means these: of many, seeds that follow each other are named by the first of them.

    Ten seeds of eleven batch sizes would otherwise be an address of 1,600 characters, which no QR code holds well.
    """
    if len(run_ids) <= MAX_RUNS_NAMED_SINGLY:
        return experiment.encode_runs(run_ids)
    store = resources.store().runs
    groups: dict[str, list[Run]] = {}
    for run in store.by_id(run_ids).values():
        groups.setdefault(run.spec.group, []).append(run)
    series = [sorted(group, key=lambda run: run.spec.seed) for group in groups.values()]
    named = {group[0].id: len(group) for group in series}
    means_the_same = set(store.seeds_from(named)) == set(run_ids)
    return experiment.encode_runs(named if means_the_same else run_ids)


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
ADMIN = FOLDER / "admin.py"
BOARD = FOLDER / "board.py"
LESSONS = FOLDER / "lessons.py"
SWEEP = FOLDER / "sweep.py"
