"""Which runs are selected: across pages and filters, until they are taken off or deleted."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.ui.session_state import SELECTED_RUNS, TABLE_NUMBER


def selected() -> list[str]:
    """The ids, in the order in which they were selected."""
    return list(SELECTED_RUNS.get())


def select(run_ids: Sequence[str], ticked: bool) -> None:
    """Select the runs of one row, or no longer. The table shows that already."""
    gone = set(run_ids)
    others = [other for other in selected() if other not in gone]
    SELECTED_RUNS.set([*others, *run_ids] if ticked else others)


def select_all(run_ids: Sequence[str]) -> None:
    """Select these too."""
    SELECTED_RUNS.set(list(dict.fromkeys([*selected(), *run_ids])))
    redraw()


def clear(run_ids: Sequence[str] | None = None) -> None:
    """Select none of these, or none at all."""
    gone = set(selected() if run_ids is None else run_ids)
    SELECTED_RUNS.set([run_id for run_id in selected() if run_id not in gone])
    redraw()


def redraw() -> None:
    """Have the table drawn afresh: what is ticked in it is its own, and cannot be changed from here."""
    TABLE_NUMBER.set(table_number() + 1)


def table_number() -> int:
    """Counts the tables drawn afresh."""
    return TABLE_NUMBER.get()
