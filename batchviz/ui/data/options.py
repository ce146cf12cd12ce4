"""What a visitor decides about an uploaded table: how it is read, the target, the task, what is left out, the name."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from batchviz.experiment.datasets import OWN_ROWS
from batchviz.importers.table import Reading, Table, likely_target, suggested, tasks
from batchviz.importers.table.target import Task

SEPARATORS = {"": "Find out", ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
DECIMALS = {"": "Find out", ".": "Point: 1.5", ",": "Comma: 1,5"}
HEADINGS = {None: "Find out", True: "Names", False: "Values"}
SAMPLES = {"first": f"The first {OWN_ROWS:,}", "random": f"{OWN_ROWS:,} at random"}
TASKS = {"regression": "Number (regression)", "classification": "Class (classification)"}
_KEYS = ("separator", "decimal", "headings", "sample", "target", "task", "left_out", "data_name")


class DatasetOptions(NamedTuple):
    """The answers."""

    target: str
    task: Task | None = None
    leave_out: tuple[str, ...] | None = None


def forget() -> None:
    """Another file: its own answers."""
    for key in _KEYS:
        st.session_state.pop(key, None)


def reading() -> Reading:
    """How the file is to be read, as answered so far."""
    state = st.session_state
    return Reading(
        state.get("separator", ""),
        state.get("decimal", ""),
        state.get("headings"),
        state.get("sample") or "",
    )


def ask_sample(rows: int) -> None:
    """Which of too many rows, if they are too many."""
    if rows <= OWN_ROWS:
        return
    st.segmented_control("Rows to take", list(SAMPLES), format_func=SAMPLES.__getitem__, key="sample")


def ask_reading(text: bool, opened: bool = False) -> None:
    """What reading found out and may have got wrong. Parquet leaves nothing to ask."""
    if not text:
        return
    with st.expander("How the file is read", expanded=opened):
        st.selectbox("Separator", list(SEPARATORS), format_func=SEPARATORS.__getitem__, key="separator")
        st.selectbox("Decimal mark", list(DECIMALS), format_func=DECIMALS.__getitem__, key="decimal")
        st.selectbox("The first line holds", list(HEADINGS), format_func=HEADINGS.__getitem__, key="headings")


def ask_target(table: Table) -> str:
    """The column to predict: the last one that looks like it, until another is chosen."""
    if st.session_state.get("target") not in table.names:
        st.session_state["target"] = likely_target(table)
    return str(
        st.selectbox(
            "Target", table.names, key="target", on_change=_target_changed,
            help="The column that the network learns to predict from the others.",
        )
    )  # fmt: skip


def ask(table: Table, target: str) -> DatasetOptions:
    """The task and the columns to leave out. Raises DataError for a column that cannot be a target."""
    possible = tasks(table.column(target))
    if st.session_state.get("task") not in possible:
        st.session_state["task"] = possible[0]
    task = st.selectbox(
        "What it is", possible, key="task", format_func=TASKS.__getitem__, disabled=len(possible) == 1,
        help="A number to come close to, or a class to name. Text is always a class.",
    )  # fmt: skip
    others = [name for name in table.names if name != target]
    kept = st.session_state.get("left_out", suggested(table, target))
    st.session_state["left_out"] = [name for name in kept if name in others]
    leave_out = st.multiselect(
        "Leave out", others, key="left_out", placeholder="Nothing",
        help="Columns that say nothing about the target, and those that would give it away.",
    )  # fmt: skip
    return DatasetOptions(target, task, tuple(leave_out))


def _target_changed() -> None:
    for key in ("task", "left_out"):
        st.session_state.pop(key, None)
