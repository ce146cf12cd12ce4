"""The dialog that finds runs in this visitor's library: by words, data, batch size, status and date."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from batchviz.analysis.differences import name
from batchviz.errors import StoreError
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.query import Query
from batchviz.experiment.records import Status
from batchviz.links.limits import MAX_SEARCH_LENGTH
from batchviz.links.run_filter import RunFilter
from batchviz.store import FilterOptions
from batchviz.text.numbers import count, number, quantity
from batchviz.ui import resources, session
from batchviz.ui.components import dialogs, html, notices
from batchviz.ui.components.number_columns import printed
from batchviz.ui.components.run_questions import choose_days, dataset_title, query_for
from batchviz.ui.limits import MAX_PICKER_ROWS
from batchviz.ui.session_state import PICKED, PICKED_ALL, PICKER_ROUND


@st.dialog("Choose runs", width="large", on_dismiss=dialogs.close)
def choose_runs(start: Sequence[str], use: Callable[[Sequence[str]], None]) -> None:
    """Find runs beside or instead of those to start from; `use` is called with what was chosen."""
    if PICKED_ALL.pop():
        dialogs.close()
        st.rerun()
    if not PICKED.is_set:
        start_from(start)
    try:
        store = resources.store()
        query = _draw_filters(store.library.filter_options(session.visitor()))
        runs = store.library.page(session.visitor(), query)
    except StoreError as error:
        notices.problem(str(error))
        return
    with st.container(key="choose_found"):
        _draw_choices(runs.entries)
    if runs.total > len(runs.entries):
        html.note(
            f"The newest {quantity(len(runs.entries))} of {count(runs.total, 'run')}. Filter to see others."
        )
    ids = PICKED.get()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Compare {count(len(ids), 'run')}", type="primary", key="choose_done", disabled=not ids,
            on_click=_use, args=(use,),
        )  # fmt: skip
        st.button("Clear", key="choose_clear", disabled=not ids, on_click=_clear)


def start_from(run_ids: Sequence[str]) -> None:
    """Choose these at first, when the dialog opens next."""
    PICKED.set(run_ids)


def _draw_filters(choices: FilterOptions) -> Query:
    text = st.text_input(
        "Search", key="choose_text", placeholder="Anything a run says", max_chars=MAX_SEARCH_LENGTH,
        type="search", live="400ms", label_visibility="collapsed",
    )  # fmt: skip
    with st.container(horizontal=True):
        data = st.multiselect(
            "Data", choices.datasets, key="choose_data", format_func=dataset_title, placeholder="Any"
        )
        sizes = st.multiselect("Batch size", choices.batch_sizes, key="choose_sizes", placeholder="Any")
        statuses = st.multiselect(
            "Status", list(Status), key="choose_statuses", format_func=str.capitalize, placeholder="Any"
        )
    since, until = choose_days("choose_since", "choose_until")
    runs = RunFilter(
        text=text, datasets=tuple(data), batch_sizes=tuple(sizes), statuses=tuple(statuses), since=since, until=until
    )  # fmt: skip
    store, visitor = resources.store(), session.visitor()
    upload_names = {upload.dataset: upload.name for upload in store.uploads.owned_by(visitor)}
    experiments = store.library.experiments(visitor) if text else []
    return replace(query_for(runs, experiments, upload_names), page_size=MAX_PICKER_ROWS)


def _draw_choices(entries: Sequence[LibraryEntry]) -> None:
    """The runs found, as a grid with a box before each: grids show text as text."""
    if not entries:
        st.info("No run of yours matches. Change the filters, or train runs in the Playground.")
        return
    listed = [entry.run.id for entry in entries]
    ids = PICKED.get()
    ticked = [place for place, run_id in enumerate(listed) if run_id in ids]
    # Another list is another widget, so that ticks stay with their runs when filters change.
    key = f"choose_{hash(tuple(listed))}_{PICKER_ROUND.get()}"
    answer: Any = st.dataframe(
        printed(pd.DataFrame([_row(entry) for entry in entries]), {"Validation loss": number}),
        hide_index=True,
        height=360,
        placeholder="–",
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked}},
        alt="Runs that were found; tick those to compare.",
        column_config={
            "Made": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
    )
    chosen = {listed[place] for place in answer.selection.rows if place < len(listed)}
    kept = [run_id for run_id in ids if run_id not in listed or run_id in chosen]
    PICKED.set([*kept, *(run_id for run_id in listed if run_id in chosen and run_id not in ids)])


def _row(entry: LibraryEntry) -> dict[str, Any]:
    run = entry.run
    return {
        "Run": name(run, entry.name),
        "Data": dataset_title(run.spec.dataset),
        "Batch size": run.plan.first.batch_size,
        "Seed": run.spec.seed,
        "Status": str(run.status),
        "Validation loss": run.final.get("val_loss"),
        "Made": datetime.datetime.fromtimestamp(run.created, session.time_zone()).replace(tzinfo=None),
    }


def _use(use: Callable[[Sequence[str]], None]) -> None:
    use(PICKED.get())
    PICKED_ALL.set(True)


def _clear() -> None:
    PICKED.set([])
    PICKER_ROUND.set(PICKER_ROUND.get() + 1)
