"""Which runs and which view are on the Compare page: in the session, and in the page's address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from batchviz.errors import BatchVizError
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.records import Run
from batchviz.links import experiment
from batchviz.links.comparison import View
from batchviz.links.url_model import VERSION
from batchviz.ui import address, session, url
from batchviz.ui.components import notices
from batchviz.ui.limits import MAX_LATEST_RUNS
from batchviz.ui.session_state import COMPARED, VIEW, Key, delete, view_field

T = TypeVar("T")


@session.on_coming
def open_address() -> None:
    """On coming to the page: what its address says; without one, what was there when the visitor left."""
    if _here(COMPARED).is_set and not session.follows_address():
        return
    query = address.parameters()
    errors = []
    runs = query.pop("runs", "")
    try:
        ids = url.linked_runs(runs)
    except BatchVizError as error:
        errors.append(str(error))
        parts = [part.partition("~")[0] for part in runs[:2000].split(",")]
        ids = [part for part in parts if experiment.RUN_ID.fullmatch(part)][:MAX_RUNS_SHOWN]
    try:
        view = View.decode(query)
    except BatchVizError as error:
        errors.append(str(error))
        view = View()
    compare_runs(ids, view)
    if errors:
        notices.report(" ".join(errors))


def write_address() -> None:
    """Make the address say what is on the page, so that a reload and a copied link find it again."""
    address.write(parameters())


def parameters() -> dict[str, str]:
    """The parameters of a link to what is on the page; none for an empty page."""
    runs = {"runs": url.runs_text(compared())} if compared() else {}
    query = view().encode() | runs
    return {} if query == {"v": VERSION} else query


def compared() -> list[str]:
    """The ids of the runs on the page."""
    return list(_here(COMPARED).get())


def view() -> View:
    """How they are drawn."""
    return _here(VIEW).get()


def compare_runs(ids: Sequence[str], new_view: View | None = None) -> None:
    """Put these runs on the page, drawn in this way or as before."""
    distinct = list(dict.fromkeys(ids))
    if len(distinct) > MAX_RUNS_SHOWN:
        notices.report(
            f"A comparison holds at most {MAX_RUNS_SHOWN} runs: the first {MAX_RUNS_SHOWN} are shown."
        )
    _here(COMPARED).set(distinct[:MAX_RUNS_SHOWN])
    if new_view is not None:
        _here(VIEW).set(new_view)
        delete(map(view_answer, View.model_fields))


def set_view(new_view: View) -> None:
    """Draw the same runs in this way."""
    _here(VIEW).set(new_view)


def clock_path() -> ClockPath:
    """Whose seconds are told, as the switch says this moment: the view follows once the controls are drawn."""
    answer = view_answer("clock")
    return ClockPath(answer.get() if answer.is_set else view().clock)


def view_answer(name: str) -> Key[Any]:
    """Where the session keeps the answer to a field of the view."""
    return _here(view_field(name))


def _here(key: Key[T]) -> Key[T]:
    """A board is looked at beside the visitor's own comparison, which is there again on coming back to it."""
    return key.prefixed("board_") if session.page() == "board" else key


def latest(runs: Sequence[Run]) -> list[str]:
    """Of a visitor's runs, newest first: the last ones that learn the same thing and so stand in one chart."""
    alike = [run for run in runs if run.spec.dataset == runs[0].spec.dataset]
    return [run.id for run in alike[:MAX_LATEST_RUNS]]
