"""The questions over the table: search, order, filters. Their answers stand in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from batchviz.experiment.columns import COLUMNS, NUMBERS, SETTINGS, Value
from batchviz.experiment.query import ORDERS
from batchviz.experiment.records import Status
from batchviz.links.limits import MAX_SEARCH_LENGTH
from batchviz.links.run_filter import RunFilter, between, condition, where
from batchviz.text import hints
from batchviz.text.run_columns import condition_title, headings, order_title
from batchviz.ui import address, session
from batchviz.ui.components.run_questions import choose_days, dataset_title
from batchviz.ui.limits import MAX_FILTER_VALUES
from batchviz.ui.session_state import (
    PAGE_TURNS,
    RANGE_COLUMN,
    RANGE_HIGH,
    RANGE_LOW,
    RUN_FILTER,
    Key,
    delete,
    run_filter_field,
)


@session.on_coming
def open_address() -> str:
    """On coming to the page: set the questions from its address, or as they were left; what was wrong with it."""
    last = RUN_FILTER.get()
    if last is not None and not session.comes():
        return ""
    if last is not None and not session.follows_address():
        run_filter, unread = last, list[str]()
    else:
        run_filter, unread = RunFilter.decode_lists(address.lists())
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
    address.write(run_filter.encode_lists())


def draw_filters(
    experiments: Sequence[Mapping[str, Value]], tags: Sequence[str], upload_names: Mapping[str, str]
) -> RunFilter:
    """Draw the questions; the answers. Any new answer leads back to the first page.

    `experiments` are the settings that occur among this visitor's runs.
    """
    run_filter = answers()
    titles = headings({str(settings["dataset"]) for settings in experiments if settings["dataset"]})
    with st.container(key="runs_questions", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search", key=run_filter_field("text").name, type="search", max_chars=MAX_SEARCH_LENGTH,
            on_change=_first_page, placeholder="Anything a run says: growing, Adam, 0.01, done",
            label_visibility="collapsed", live="400ms",
        )  # fmt: skip
        st.selectbox(
            "Order", list(ORDERS), key=run_filter_field("order").name, width=220, label_visibility="collapsed",
            format_func=lambda order: order_title(order, run_filter.reverse, titles), on_change=_first_page,
        )  # fmt: skip
        st.toggle("Reverse", key=run_filter_field("reverse").name, on_change=_first_page)
        with st.popover(
            f"Filters ({run_filter.filters})" if run_filter.filters else "Filters", key="runs_filters"
        ):
            _draw_popover(run_filter, experiments, tags, upload_names, titles)
        with st.popover("Columns", key="runs_columns_menu"):
            st.multiselect(
                "Columns", [name for name in COLUMNS if name != "full_batch"],
                key=run_filter_field("columns").name, format_func=titles.__getitem__,
                placeholder="What tells the runs apart",
            )  # fmt: skip
        st.toggle(
            "Group seeds", key=run_filter_field("group").name, on_change=_first_page,
            help=hints.GROUP_SEEDS,
        )  # fmt: skip
    return answers()


def _draw_popover(
    run_filter: RunFilter,
    experiments: Sequence[Mapping[str, Value]],
    tags: Sequence[str],
    upload_names: Mapping[str, str],
    titles: Mapping[str, str],
) -> None:
    there: dict[str, set[Any]] = {
        name: {settings[name] for settings in experiments} - {None}
        for name in SETTINGS
        if name not in ("seed", "full_batch")
    }
    data = sorted({*map(str, there["dataset"]), *run_filter.datasets})
    _several("Data", "datasets", data, lambda name: dataset_title(name, upload_names))
    sizes = sorted({*there["batch_size"], *run_filter.batch_sizes})
    _several("Batch size (examples)", "batch_sizes", sizes, "{:,}".format)
    _several("Status", "statuses", [str(status) for status in Status], str.capitalize)
    _several("Tags, any of", "tags", sorted({*tags, *run_filter.tags}), str)
    offered = [
        where(name, value)
        for name, occurring in there.items()
        if name not in ("dataset", "batch_size") and 1 < len(occurring) <= MAX_FILTER_VALUES
        for value in sorted(occurring)
    ]
    wheres = list(dict.fromkeys([*offered, *run_filter.where]))
    _several("Settings and values", "where", wheres, lambda text: condition_title(condition(text), titles))
    _draw_between(titles)
    choose_days(run_filter_field("since").name, run_filter_field("until").name, on_change=_first_page)
    st.toggle("Favourites only", key=run_filter_field("favourite").name, on_change=_first_page)
    st.button("Clear the filters", on_click=clear, disabled=not run_filter.filters, key="runs_clear_filters")


def _draw_between(titles: Mapping[str, str]) -> None:
    """A number of any column from one value to another, to add to the values asked for."""
    column, low, high, add = st.columns([3, 2, 2, 1], vertical_alignment="bottom")
    numbers = [name for name in COLUMNS if name in NUMBERS]
    name = column.selectbox(
        "Number",
        numbers,
        index=numbers.index(RANGE_COLUMN.default),
        key=RANGE_COLUMN.name,
        format_func=titles.__getitem__,
    )
    ends = (
        low.number_input("At least", value=None, key=RANGE_LOW.name, format="%g"),
        high.number_input("At most", value=None, key=RANGE_HIGH.name, format="%g"),
    )
    add.button(
        "Add", key="runs_range_add", disabled=ends == (None, None), on_click=_add_range, args=(name, *ends)
    )


def _add_range(column: str, low: float | None, high: float | None) -> None:
    wheres = run_filter_field("where")
    wheres.set(list(dict.fromkeys([*wheres.get(), between(column, low, high)])))
    delete((RANGE_LOW, RANGE_HIGH))
    _first_page()


def clear() -> None:
    """Look for everything again, shown the same way."""
    now = answers()
    set_answers(RunFilter(order=now.order, reverse=now.reverse, group=now.group, columns=now.columns))


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
