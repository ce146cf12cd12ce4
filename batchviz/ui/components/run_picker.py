"""The dialog that finds runs on this visitor's shelf: by words, data, batch size, status and date."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from batchviz.analysis.differences import name
from batchviz.errors import StoreError
from batchviz.experiment.records import LibraryEntry, Query, Status
from batchviz.links.run_filter import MAX_SEARCH_LENGTH, RunFilter
from batchviz.store import FilterOptions
from batchviz.ui import resources, session
from batchviz.ui.compare import state
from batchviz.ui.components import notices
from batchviz.ui.runs.filters import ask_days, data_title
from batchviz.ui.session_state import PICKED, PICKED_ALL, PICKER_ROUND

MAX_ROWS = 200


@st.dialog("Choose runs", width="large")
def choose() -> None:
    """Find runs and put them on the page, beside or instead of those that are there."""
    if PICKED_ALL.pop():
        st.rerun()  # closes the dialog
    if not PICKED.is_set:
        PICKED.set(state.compared())
    try:
        store = resources.store()
        found = store.library.page(session.visitor(), _ask(store.library.filter_options(session.visitor())))
    except StoreError as error:
        notices.problem(str(error))
        return
    with st.container(key="choose_found"):
        _tick(found.entries)
    if found.total > len(found.entries):
        st.caption(f"The newest {len(found.entries):,} of {found.total:,} runs. Filter to see others.")
    ids = PICKED.get()
    with st.container(horizontal=True, vertical_alignment="center"):
        count = "1 run" if len(ids) == 1 else f"{len(ids)} runs"
        st.button(f"Compare {count}", type="primary", key="choose_done", disabled=not ids, on_click=_compare)
        st.button("Clear", key="choose_clear", disabled=not ids, on_click=_clear)


def begin() -> None:
    """Start from what is on the page now."""
    PICKED.set(state.compared())


def anything() -> bool:
    """Whether this visitor has any runs."""
    return resources.store().library.page(session.visitor(), Query(page_size=1)).total > 0


def compare_latest() -> None:
    """Put this visitor's latest runs on the page."""
    state.show(
        state.latest([entry.run for entry in resources.store().library.page(session.visitor()).entries])
    )


def _ask(choices: FilterOptions) -> Query:
    text = st.text_input(
        "Search", key="choose_text", placeholder="Name, note, tag or id", max_chars=MAX_SEARCH_LENGTH,
        type="search", live="400ms", label_visibility="collapsed",
    )  # fmt: skip
    with st.container(horizontal=True):
        data = st.multiselect(
            "Data", choices.datasets, key="choose_data", format_func=data_title, placeholder="Any"
        )
        sizes = st.multiselect("Batch size", choices.batch_sizes, key="choose_sizes", placeholder="Any")
        statuses = st.multiselect(
            "Status", list(Status), key="choose_statuses", format_func=str.capitalize, placeholder="Any"
        )
    since, until = ask_days("choose_since", "choose_until")
    runs = RunFilter(
        text=text, datasets=tuple(data), batch_sizes=tuple(sizes), statuses=tuple(statuses), since=since, until=until
    )  # fmt: skip
    return replace(runs.query(session.time_zone()), page_size=MAX_ROWS)


def _tick(entries: Sequence[LibraryEntry]) -> None:
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
        pd.DataFrame([_row(entry) for entry in entries]),
        hide_index=True,
        height=360,
        placeholder="–",
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked}},
        alt="Runs that were found; tick those to compare.",
        column_config={
            "Validation loss": st.column_config.NumberColumn(format="%.4g"),
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
        "Data": data_title(run.spec.dataset),
        "Batch size": run.plan.first.batch_size,
        "Seed": run.spec.seed,
        "Status": str(run.status),
        "Validation loss": run.final.get("val_loss"),
        "Made": datetime.datetime.fromtimestamp(run.created, session.time_zone()).replace(tzinfo=None),
    }


def _compare() -> None:
    state.show(PICKED.get())
    PICKED_ALL.set(True)


def _clear() -> None:
    PICKED.set([])
    PICKER_ROUND.set(PICKER_ROUND.get() + 1)
