"""What a visitor decides about an uploaded table: how it is read, the target, the task, what is left out, the name."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from batchviz.experiment.limits import MAX_OWN_ROWS
from batchviz.importers.table import Reading, Table, likely_target, suggested, tasks
from batchviz.importers.table.target import Task
from batchviz.ui.session_state import (
    DATASET_NAME,
    DECIMAL,
    HEADINGS,
    LEFT_OUT,
    SAMPLE,
    SEPARATOR,
    TARGET,
    TASK,
    delete,
)

SEPARATORS = {"": "Find out", ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
DECIMALS = {"": "Find out", ".": "Point: 1.5", ",": "Comma: 1,5"}
HEADING_ROWS = {None: "Find out", True: "Names", False: "Values"}
SAMPLES = {"first": f"The first {MAX_OWN_ROWS:,}", "random": f"{MAX_OWN_ROWS:,} at random"}
TASKS = {"regression": "Number (regression)", "classification": "Class (classification)"}


class DatasetOptions(NamedTuple):
    """The answers."""

    target: str
    task: Task | None = None
    leave_out: tuple[str, ...] | None = None


def forget_answers() -> None:
    """Another file: its own answers."""
    delete((SEPARATOR, DECIMAL, HEADINGS, SAMPLE, TARGET, TASK, LEFT_OUT, DATASET_NAME))


def reading() -> Reading:
    """How the file is to be read, as answered so far."""
    return Reading(SEPARATOR.get(), DECIMAL.get(), HEADINGS.get(), SAMPLE.get() or "")


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


def choose_target(table: Table) -> str:
    """The column to predict: the last one that looks like it, until another is chosen."""
    if TARGET.get() not in table.names:
        TARGET.set(likely_target(table))
    return str(
        st.selectbox(
            "Target", table.names, key=TARGET.name, on_change=_target_changed,
            help="The column that the network learns to predict from the others.",
        )
    )  # fmt: skip


def choose_task_and_inputs(table: Table, target: str) -> DatasetOptions:
    """The task and the columns to leave out. Raises DataError for a column that cannot be a target."""
    possible = tasks(table.column(target))
    if TASK.get() not in possible:
        TASK.set(possible[0])
    task = st.selectbox(
        "What it is", possible, key=TASK.name, format_func=TASKS.__getitem__, disabled=len(possible) == 1,
        help="A number to come close to, or a class to name. Text is always a class.",
    )  # fmt: skip
    others = [name for name in table.names if name != target]
    left_out = LEFT_OUT.get()
    kept = suggested(table, target) if left_out is None else left_out
    LEFT_OUT.set([name for name in kept if name in others])
    leave_out = st.multiselect(
        "Leave out", others, key=LEFT_OUT.name, placeholder="Nothing",
        help="Columns that say nothing about the target, and those that would give it away.",
    )  # fmt: skip
    return DatasetOptions(target, task, tuple(leave_out))


def _target_changed() -> None:
    delete((TASK, LEFT_OUT))
