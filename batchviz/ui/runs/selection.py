"""Which runs are selected: across pages and filters, until they are taken off or deleted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_SELECTED, _TABLE = "runs_selected", "runs_table_number"


def selected() -> list[str]:
    """The ids, in the order in which they were selected."""
    return list(st.session_state.get(_SELECTED, []))


def select(run_id: str, wanted: bool) -> None:
    """Select one run, or no longer. The table shows that already."""
    others = [other for other in selected() if other != run_id]
    st.session_state[_SELECTED] = [*others, run_id] if wanted else others


def select_all(run_ids: Sequence[str]) -> None:
    """Select these too."""
    st.session_state[_SELECTED] = list(dict.fromkeys([*selected(), *run_ids]))
    redraw()


def clear(run_ids: Sequence[str] | None = None) -> None:
    """Select none of these, or none at all."""
    gone = selected() if run_ids is None else run_ids
    st.session_state[_SELECTED] = [run_id for run_id in selected() if run_id not in gone]
    redraw()


def redraw() -> None:
    """Have the table drawn afresh: what is ticked in it is its own, and cannot be changed from here."""
    st.session_state[_TABLE] = table_number() + 1


def table_number() -> int:
    """Counts the tables drawn afresh."""
    return int(st.session_state.get(_TABLE, 0))
