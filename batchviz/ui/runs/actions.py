"""What can be done with the selected runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.links import experiment
from batchviz.text import hints
from batchviz.ui.components import buttons
from batchviz.ui.components.export_menu import export_menu
from batchviz.ui.runs import deletion, selection
from batchviz.ui.url import COMPARE, PLAYGROUND


def draw_actions(owner: str | None, on_page: Sequence[str]) -> None:
    """The buttons over the table."""
    chosen = selection.selected()
    with st.container(key="runs_actions", horizontal=True, vertical_alignment="center"):
        st.text(f"{len(chosen):,} selected" if chosen else "Select runs to act on")
        others = set(on_page).difference(chosen)
        if others or not chosen:
            st.button(
                "Select this page", key="runs_select_page", type="tertiary", on_click=selection.select_all,
                args=(on_page,), disabled=not on_page,
            )  # fmt: skip
        if chosen:
            st.button("Select none", key="runs_select_none", type="tertiary", on_click=selection.clear)
        _leave("Compare", COMPARE, chosen, hints.TO_COMPARE_SELECTED, type="primary")
        _leave("Playground", PLAYGROUND, chosen, hints.TO_PLAYGROUND)
        export_menu(chosen, key="runs_export", drawn=False)
        st.button(
            "Delete", key="runs_delete", disabled=not chosen, on_click=deletion.delete, args=(owner, chosen)
        )


def _leave(
    label: str,
    page: Path,
    chosen: Sequence[str],
    help: str,
    type: Literal["primary", "secondary"] = "secondary",
) -> None:
    """A button that opens the runs on another page."""
    if len(chosen) > MAX_RUNS_SHOWN:
        help = f"At most {MAX_RUNS_SHOWN} runs at a time. Select fewer, then press again."
    disabled = not 0 < len(chosen) <= MAX_RUNS_SHOWN
    if buttons.pressed(label, type=type, disabled=disabled, help=help, key=f"runs_{label.lower()}"):
        buttons.go(page, experiment.runs_link(chosen))
