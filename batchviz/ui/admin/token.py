"""Who holds this installation's administrator token sees and deletes everybody's runs."""

from __future__ import annotations

import hmac
import logging
import threading
import time

import streamlit as st

from batchviz.ui import resources
from batchviz.ui.components import notices
from batchviz.ui.runs import selection
from batchviz.ui.session_state import ADMIN_TOKEN, ADMITTED, TOKEN_REFUSED
from batchviz.ui.url import ADMIN

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
"""How long a wrong token keeps the next one waiting: 86,400 tries a day, of 10^21 tokens of 12 letters and digits."""
_one_at_a_time = threading.Lock()


def admitted() -> bool:
    """Whether this tab's visitor entered the token."""
    return offered() and ADMITTED.get()


def offered() -> bool:
    """Whether this installation has an administrator."""
    return bool(resources.settings().admin_token)


def draw_token_form() -> None:
    """The field for the token, where this installation has one; or the way out."""
    if not offered():
        return
    with st.expander("Administrator", key="runs_administrator"):
        if admitted():
            st.text("You see everybody's runs, and can delete them. What others wrote cannot be changed.")
            st.page_link(ADMIN, label="Load, queue, visitors, storage")
            st.button("Back to my own runs", key="runs_admin_leave", on_click=_leave)
            return
        with st.form("runs_admin", border=False, clear_on_submit=True):
            st.text_input(
                "Administrator token",
                type="password",
                key=ADMIN_TOKEN.name,
                max_chars=400,
                autocomplete="off",
            )
            st.form_submit_button("See everybody's runs", on_click=_enter)
        if TOKEN_REFUSED.pop():
            notices.problem(
                "This is not the token. It is what BATCHVIZ_ADMIN_TOKEN was set to when the server was started."
            )


def _enter() -> None:
    right = _right(ADMIN_TOKEN.get())
    ADMITTED.set(right)
    TOKEN_REFUSED.set(not right)
    if right:
        selection.clear()


def _right(typed: str) -> bool:
    """Whether it is the token. One try at a time in this process, and after a wrong one a pause that all wait for."""
    with _one_at_a_time:
        # In constant time, so that how long a refusal takes tells nothing of the token.
        right = hmac.compare_digest(typed.encode(), resources.settings().admin_token.encode())
        if not right:
            logger.warning("Somebody entered a wrong administrator token.")
            time.sleep(PAUSE_SECONDS)
    return right


def _leave() -> None:
    ADMITTED.set(False)
    selection.clear()
