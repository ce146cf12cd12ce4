"""A dialog that was opened is drawn until somebody closes it, however often the script runs meanwhile.

A click in a dialog runs the dialog alone, unless a run of the whole page is due: then Streamlit makes one run of both,
and a dialog that this one does not draw never hears of the click. Such runs come unasked: training ends, a clock is
known, the connection is back. So what is open is remembered.
"""

from __future__ import annotations

from batchviz.ui.session_state import OPEN_DIALOG


def is_open(name: str, *, pressed: bool) -> bool:
    """Whether to draw this dialog of the page: its button was pressed in this run, or in one before."""
    if pressed:
        OPEN_DIALOG.set(name)
    return OPEN_DIALOG.get() == name


def close() -> None:
    """It is done with, or was dismissed: what `st.dialog` takes as `on_dismiss`."""
    OPEN_DIALOG.delete()
