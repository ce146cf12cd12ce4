"""What stands around the table: the page's name, how much there is, further pages, what to do when there is nothing."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.library import StorageUsage
from batchviz.links.run_filter import PAGE_SIZE
from batchviz.text.numbers import byte_size, count, quantity
from batchviz.ui.components import buttons, html
from batchviz.ui.runs import deletion, filters
from batchviz.ui.runs.import_dialog import import_menu
from batchviz.ui.url import PLAYGROUND


def draw_header(storage: StorageUsage, owner: str | None) -> None:
    """The page's name, what the runs take, and the ways to more: deleted ones, and those of files."""
    whose = "Everybody's runs" if owner is None else "Your runs, in this browser"
    amount = f"{count(storage.runs, 'run')}, {byte_size(storage.bytes)}"
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.draw("runs_head.html", whose=whose, amount=amount)
        deletion.draw_recent(owner)
        if owner is not None:
            import_menu("import")


def draw_pages(rows: int, matching: int, runs: int, *, grouped: bool) -> None:
    """How many runs were found, in how many rows, and the way to the other rows."""
    with st.container(key="runs_pages", horizontal=True, vertical_alignment="center"):
        part = "" if matching == runs else f"{quantity(matching)} of "
        experiments = f"{count(rows, 'experiment')}, " if grouped else ""
        st.text(f"{experiments}{part}{count(runs, 'run')}")
        if rows > PAGE_SIZE:
            filters.pagination(-(-rows // PAGE_SIZE))


def draw_nothing_yet(*, everybodys: bool) -> None:
    """Before the first run."""
    if everybodys:
        st.text("There are no runs on this installation.")
        return
    st.text(
        "There is nothing here yet. Every run you train is kept here, to compare, to name and to take away."
    )
    if buttons.pressed("Train a run in the Playground", type="primary", key="runs_first"):
        buttons.go(PLAYGROUND)


def draw_nothing_found() -> None:
    """When the filters leave nothing."""
    st.text("No run matches the search and the filters. Words and numbers are found as the table shows them.")
    st.button("Show all runs", key="runs_show_all", on_click=filters.clear)
