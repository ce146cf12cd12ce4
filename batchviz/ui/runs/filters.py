"""The questions over the table: search, order, filters. Their answers stand in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from batchviz.experiment.library import ORDERS
from batchviz.experiment.records import Status
from batchviz.links.limits import MAX_SEARCH_LENGTH
from batchviz.links.run_filter import RunFilter
from batchviz.store import FilterOptions
from batchviz.ui import session
from batchviz.ui.components.run_questions import choose_days, dataset_title
from batchviz.ui.session_state import PAGE_TURNS, RUN_FILTER, Key, run_filter_field


def open_address() -> str:
    """On coming to the page: set the questions from its address, or as they were left; what was wrong with it."""
    last = RUN_FILTER.get()
    if last is not None and not session.first_run():
        return ""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    run_filter, unread = RunFilter.decode_lists(query) if query or last is None else (last, [])
    set_answers(run_filter)
    if not unread:
        return ""
    return f"The address could not be read at {', '.join(unread)}: that part was left out."


def set_answers(run_filter: RunFilter) -> None:
    """Put these answers into the questions, before they are drawn."""
    for name, value in run_filter:
        run_filter_field(name).set(list(value) if isinstance(value, tuple) else value)
    RUN_FILTER.set(run_filter)
    turn_to(run_filter.page)


def answers() -> RunFilter:
    """What the questions say."""
    return RunFilter(**{name: run_filter_field(name).get() for name in RunFilter.model_fields})


def remember(run_filter: RunFilter) -> None:
    """Make the address say what is shown."""
    RUN_FILTER.set(run_filter)
    parameters = run_filter.encode_lists()
    if parameters != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(parameters)


def draw_filters(choices: FilterOptions, tags: Sequence[str], own: Mapping[str, str]) -> RunFilter:
    """Draw the questions; the answers. Any new answer leads back to the first page."""
    run_filter = answers()
    with st.container(key="runs_questions", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search", key=run_filter_field("text").name, type="search", max_chars=MAX_SEARCH_LENGTH,
            on_change=_first_page, placeholder="Name, note, tag or id", label_visibility="collapsed", live="400ms",
        )  # fmt: skip
        st.selectbox(
            "Order", list(ORDERS), key=run_filter_field("order").name, format_func=ORDERS.__getitem__, width=220,
            label_visibility="collapsed", on_change=_first_page,
        )  # fmt: skip
        with st.popover(
            f"Filters ({run_filter.filters})" if run_filter.filters else "Filters", key="runs_filters"
        ):
            _draw_popover(run_filter, choices, tags, own)
    return answers()


def _draw_popover(
    run_filter: RunFilter, choices: FilterOptions, tags: Sequence[str], own: Mapping[str, str]
) -> None:
    offered = sorted({*choices.datasets, *run_filter.datasets})
    _several("Data", "datasets", offered, lambda name: dataset_title(name, own))
    _several(
        "Batch size", "batch_sizes", sorted({*choices.batch_sizes, *run_filter.batch_sizes}), "{:,}".format
    )
    _several("Status", "statuses", [str(status) for status in Status], str.capitalize)
    _several("Tags, any of", "tags", sorted({*tags, *run_filter.tags}), str)
    choose_days(run_filter_field("since").name, run_filter_field("until").name, on_change=_first_page)
    st.toggle("Favourites only", key=run_filter_field("favourite").name, on_change=_first_page)
    st.button("Clear the filters", on_click=clear, disabled=not run_filter.filters, key="runs_clear_filters")


def clear() -> None:
    """Look for everything again, in the same order."""
    set_answers(RunFilter(order=answers().order))


def _several(title: str, name: str, options: Sequence[Any], written: Any) -> None:
    st.multiselect(
        title,
        options,
        key=run_filter_field(name).name,
        format_func=written,
        placeholder="Any",
        on_change=_first_page,
    )


def turn_to(page: int) -> None:
    """Show this page next."""
    run_filter_field("page").set(page)
    PAGE_TURNS.set(PAGE_TURNS.get() + 1)


def pagination(pages: int) -> None:
    """The pages by number. Its own turns keep the control, and with it the keyboard's place; others renew it."""
    chosen = Key(f"runs_pages_{PAGE_TURNS.get()}", 1)

    def turn() -> None:
        run_filter_field("page").set(chosen.get())

    st.pagination(pages, default=answers().page, key=chosen.name, on_change=turn)


def _first_page() -> None:
    turn_to(1)
