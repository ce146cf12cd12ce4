"""Buttons whose press is heard by the run of the script that reaches them, even if it is not the one that was told.

Streamlit ends a run of the script when the page asks for another one (a column was sorted, training ended), and what
that run was told of a press is forgotten with it: the `True` of `st.button` would never be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, NoReturn

import streamlit as st

from batchviz.ui.session_state import DESTINATION, PRESSED_BUTTONS
from batchviz.ui.url import PLAYGROUND


def pressed(
    label: str,
    key: str,
    *,
    type: Literal["primary", "secondary", "tertiary"] = "secondary",
    help: str | None = None,
    disabled: bool = False,
    on_press: Callable[[], object] | None = None,
) -> bool:
    """Draw a button and say, once, whether it was pressed. `on_press` is called before anything is drawn."""
    st.button(label, key, type=type, help=help, disabled=disabled, on_click=_remember, args=(key, on_press))
    was_pressed = key in PRESSED_BUTTONS.get()
    if was_pressed:
        PRESSED_BUTTONS.set(PRESSED_BUTTONS.get() - {key})
    return was_pressed and not disabled


def _remember(key: str, on_press: Callable[[], object] | None) -> None:
    PRESSED_BUTTONS.set(PRESSED_BUTTONS.get() | {key})
    if on_press is not None:
        on_press()


def forget() -> None:
    """At the end of a whole run: a button that was not drawn is not to be pressed when it is drawn again."""
    PRESSED_BUTTONS.delete()


def go(page: Path, parameters: dict[str, str] | None = None) -> NoReturn:
    """Leave for another page, whatever else the browser asks for meanwhile."""
    DESTINATION.set((page, parameters))
    st.switch_page(page, query_params=parameters)


def arrive(page: str) -> None:
    """Before a page is drawn, by its url_path: go on to where a press led, until the visitor is there."""
    if (destination := DESTINATION.get()) is None:
        return
    target, parameters = destination
    if page == ("" if target == PLAYGROUND else target.stem):
        DESTINATION.delete()
    else:
        st.switch_page(target, query_params=parameters)
