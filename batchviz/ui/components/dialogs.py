"""A dialog that was opened stays open until somebody closes it, however often the script runs meanwhile.

Streamlit closes a dialog at the next run of the script that does not draw it, and runs come unasked: training ends, a
clock is known, the connection is back. So what is open is remembered, and drawn anew.
"""

from __future__ import annotations

from batchviz.ui.session_state import OPEN_DIALOG


def wanted(name: str, *, pressed: bool) -> bool:
    """Whether to draw this dialog of the page: its button was pressed in this run, or in one before."""
    if pressed:
        OPEN_DIALOG.set(name)
    return OPEN_DIALOG.get() == name


def close() -> None:
    """It is done with, or was dismissed: what `st.dialog` takes as `on_dismiss`."""
    OPEN_DIALOG.delete()
