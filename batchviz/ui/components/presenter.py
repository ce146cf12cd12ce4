"""The presenter's switch: everything twice as large, the form folded away, for the back row of a lecture hall.

On every page, in the bar over it; the address keeps it, so that a reload and the way to another page do.
"""

from __future__ import annotations

import streamlit as st

from batchviz.text import hints
from batchviz.ui import address, session
from batchviz.ui.components import html
from batchviz.ui.session_state import PRESENTING


def read_address() -> bool:
    """Whether the page is presented: as a link says, or as Back leads to, and otherwise as it was left."""
    # Only on coming to a page: after a press the address still says what was before it.
    comes = session.first_run() and (session.led_back() or address.presents())
    if comes or not PRESENTING.is_set:
        PRESENTING.set(address.presents())
    return PRESENTING.get()


def draw_switch() -> None:
    """The switch; wherever it is drawn, the style sheet puts it into the bar over the page."""
    presenting = PRESENTING.get()
    with st.container(key="presenter", horizontal=True, vertical_alignment="center"):
        html.draw("words_link_short.html")
        st.button(
            "Normal size" if presenting else "Present",
            key="present",
            type="tertiary",
            on_click=PRESENTING.set,
            args=(not presenting,),
            help=hints.PRESENTING if presenting else hints.PRESENT,
        )
