"""What came of an import, on the page: how many runs, where to look at them, and what could not be imported."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.links import experiment
from batchviz.text.numbers import count
from batchviz.ui.components import buttons
from batchviz.ui.session_state import IMPORTED
from batchviz.ui.url import COMPARE


def leave_notice(ids: Sequence[str], problems: Sequence[tuple[str, str]]) -> None:
    """Say this on the page next."""
    IMPORTED.set((list(ids), list(problems), True))


def waiting() -> bool:
    """Whether there is something to say that the page has not shown yet."""
    imported = IMPORTED.get()
    return imported is not None and imported[2]


def draw_notice() -> None:
    """The notice, until it is closed."""
    imported = IMPORTED.get()
    if imported is None:
        return
    ids, problems, _ = imported
    IMPORTED.set((ids, problems, False))
    with st.container(key="imported", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{count(len(ids), 'run')} imported." if ids else "Nothing was imported.")
            chosen = ids[:MAX_RUNS_SHOWN]
            words = "Compare them" if len(chosen) == len(ids) else f"Compare the first {len(chosen)}"
            if ids and buttons.pressed(words, type="primary", key="imported_compare"):
                close()
                buttons.go(COMPARE, experiment.runs_link(chosen))
            st.button("Close", key="imported_close", type="tertiary", on_click=close)
        for name, text in problems:
            draw_problem(name, text)


def draw_problem(name: str, text: str) -> None:
    """Why a file was not imported. Both may hold a stranger's words: they are shown as text."""
    with st.container(key=f"import_problem_{abs(hash((name, text)))}", border=True):
        st.text(f"{name[:200]}: {text}")


def close() -> None:
    """Take the notice away."""
    IMPORTED.delete()
