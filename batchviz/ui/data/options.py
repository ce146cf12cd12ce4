"""What a visitor decides about an uploaded table: how it is read, the target, the task, what is left out, the name."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from batchviz.experiment.column_findings import Way
from batchviz.experiment.limits import MAX_OWN_ROWS
from batchviz.importers.table import Reading, Table, likely_target, suggested, tasks, times
from batchviz.importers.table.column import shortened
from batchviz.importers.table.target import Task
from batchviz.text import hints
from batchviz.text.column import way
from batchviz.text.numbers import listing
from batchviz.ui.components import html
from batchviz.ui.limits import MAX_UNCLEAR_COLUMNS
from batchviz.ui.session_state import (
    DATASET_NAME,
    DECIMAL,
    HEADINGS,
    LEFT_OUT,
    ROW_ORDER,
    SAMPLE,
    SEPARATOR,
    TARGET,
    TASK,
    WAYS,
    Key,
    delete,
)

SEPARATORS = {"": "Find out", ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
DECIMALS = {"": "Find out", ".": "Point: 1.5", ",": "Comma: 1,5"}
HEADING_ROWS = {None: "Find out", True: "Names", False: "Values"}
SAMPLES = {"first": f"The first {MAX_OWN_ROWS:,}", "random": f"{MAX_OWN_ROWS:,} at random"}
PLAIN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]:$~<>#"})
"""Streamlit's labels are Markdown; names are a stranger's text."""
TASKS = {"regression": "Number (regression)", "classification": "Class (classification)"}


class DatasetOptions(NamedTuple):
    """The answers."""

    target: str
    task: Task | None = None
    leave_out: tuple[str, ...] | None = None
    order: str | None = None
    """By what the rows stay in order, empty for the file's; None for shuffled rows."""


def forget_answers() -> None:
    """Another file: its own answers."""
    delete((SEPARATOR, DECIMAL, HEADINGS, WAYS, SAMPLE, TARGET, TASK, LEFT_OUT, ROW_ORDER, DATASET_NAME))


def reading() -> Reading:
    """How the file is to be read, as answered so far."""
    ways = tuple(sorted(WAYS.get().items()))
    return Reading(SEPARATOR.get(), DECIMAL.get(), HEADINGS.get(), ways, SAMPLE.get() or "")


def choose_sample(rows: int) -> None:
    """Which of too many rows, if they are too many."""
    if rows <= MAX_OWN_ROWS:
        return
    st.segmented_control("Rows to take", list(SAMPLES), format_func=SAMPLES.__getitem__, key=SAMPLE.name)


def draw_reading_form(text: bool, opened: bool = False) -> None:
    """What reading found out and may have got wrong. Parquet leaves nothing to ask."""
    if not text:
        return
    with st.expander("How the file is read", expanded=opened):
        st.selectbox("Separator", list(SEPARATORS), format_func=SEPARATORS.__getitem__, key=SEPARATOR.name)
        st.selectbox("Decimal mark", list(DECIMALS), format_func=DECIMALS.__getitem__, key=DECIMAL.name)
        st.selectbox(
            "The first line holds",
            list(HEADING_ROWS),
            format_func=HEADING_ROWS.__getitem__,
            key=HEADINGS.name,
        )


def choose_ways(table: Table) -> None:
    """How columns are read whose words can be read in two ways."""
    unclear = [column for column in table.columns if column.ways]
    if not unclear:
        return
    html.note("Two readings fit. Check them:")
    for column in unclear[:MAX_UNCLEAR_COLUMNS]:
        words = {choice.way: way(choice) for choice in sorted(column.ways, key=lambda choice: choice.way)}
        taken = column.ways[0].way
        answer: Key[Way] = Key(f"way_{table.names.index(column.name)}_{taken}", taken)
        st.selectbox(
            shortened(column.name, 40).translate(PLAIN), list(words), index=list(words).index(taken),
            format_func=words.__getitem__, key=answer.name, on_change=_way_chosen, args=(column.name, answer),
        )  # fmt: skip


def _way_chosen(column: str, answer: Key[Way]) -> None:
    WAYS.set({**WAYS.get(), column: answer.get()})


def choose_order(table: Table, target: str) -> str | None:
    """Whether the rows are shuffled, or stay in the order of the file or of a time."""
    time_columns = [name for name in times(table) if name != target]
    orders = {"shuffled": "Shuffled", "file": "As in the file"} | {
        f"by {name}": f"By {name}" for name in time_columns
    }
    if ROW_ORDER.get() not in orders:
        ROW_ORDER.set("shuffled")
    chosen = st.selectbox(
        "Order of the rows", list(orders), format_func=orders.__getitem__, key=ROW_ORDER.name,
        help=hints.ROW_ORDER,
    )  # fmt: skip
    if time_columns and chosen == "shuffled":
        html.note(f"In order of {listing(time_columns, 2)} the latest rows would be held out.")
    return {"shuffled": None, "file": ""}.get(chosen, chosen.removeprefix("by "))


def choose_target(table: Table) -> str:
    """The column to predict: the last one that looks like it, until another is chosen."""
    if TARGET.get() not in table.names:
        TARGET.set(likely_target(table))
    return str(
        st.selectbox(
            "Target", table.names, key=TARGET.name, on_change=_target_changed,
            help=hints.TARGET,
        )
    )  # fmt: skip


def choose_task_and_inputs(table: Table, target: str) -> DatasetOptions:
    """The task and the columns to leave out. Raises DataError for a column that cannot be a target."""
    possible = tasks(table.column(target))
    if TASK.get() not in possible:
        TASK.set(possible[0])
    task = st.selectbox(
        "What it is", possible, key=TASK.name, format_func=TASKS.__getitem__, disabled=len(possible) == 1,
        help=hints.TASK,
    )  # fmt: skip
    others = [name for name in table.names if name != target]
    left_out = LEFT_OUT.get()
    kept = suggested(table, target) if left_out is None else left_out
    LEFT_OUT.set([name for name in kept if name in others])
    leave_out = st.multiselect(
        "Leave out", others, key=LEFT_OUT.name, placeholder="Nothing",
        help=hints.LEAVE_OUT,
    )  # fmt: skip
    return DatasetOptions(target, task, tuple(leave_out), choose_order(table, target))


def _target_changed() -> None:
    delete((TASK, LEFT_OUT))
