"""What can be done with the selected runs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz import link
from batchviz.ui.export import export_menu
from batchviz.ui.pages import COMPARE, PLAYGROUND
from batchviz.ui.runs import deletion, selection


def bar(owner: str | None, on_page: Sequence[str]) -> None:
    """The buttons over the table."""
    chosen = selection.selected()
    with st.container(key="runs_actions", horizontal=True, vertical_alignment="center"):
        st.text(f"{len(chosen):,} selected" if chosen else "Select runs to act on")
        fits = 0 < len(chosen) <= link.MOST_RUNS
        help = f"At most {link.MOST_RUNS} runs at a time." if len(chosen) > link.MOST_RUNS else None
        if st.button("Compare", type="primary", disabled=not fits, help=help, key="runs_compare"):
            st.switch_page(COMPARE, query_params={"v": link.VERSION, "runs": link.encode_runs(chosen)})
        if st.button("Open in the Playground", disabled=not fits, help=help, key="runs_open"):
            st.switch_page(PLAYGROUND, query_params={"v": link.VERSION, "runs": link.encode_runs(chosen)})
        export_menu(chosen, key="runs_export")
        st.button(
            "Delete", key="runs_delete", disabled=not chosen, on_click=deletion.delete, args=(owner, chosen)
        )
        others = [run_id for run_id in on_page if run_id not in chosen]
        if others or not chosen:
            st.button(
                "Select this page", key="runs_select_page", type="tertiary", on_click=selection.select_all,
                args=(on_page,), disabled=not on_page,
            )  # fmt: skip
        if chosen:
            st.button("Select none", key="runs_select_none", type="tertiary", on_click=selection.clear)
