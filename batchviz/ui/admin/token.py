"""Who holds this installation's administrator token sees and deletes everybody's runs."""

from __future__ import annotations

import hmac

import streamlit as st

from batchviz.ui import resources
from batchviz.ui.components import notices
from batchviz.ui.runs import selection

_TOKEN, _ADMITTED, _REFUSED = "runs_admin_token", "runs_admitted", "runs_refused"


def admitted() -> bool:
    """Whether this tab's visitor entered the token."""
    return bool(resources.settings().admin_token) and st.session_state.get(_ADMITTED) is True


def ask() -> None:
    """The field for the token, where this installation has one; or the way out."""
    if not resources.settings().admin_token:
        return
    with st.expander("Administrator", key="runs_administrator"):
        if admitted():
            st.text("You see everybody's runs, and can delete them. What others wrote cannot be changed.")
            st.button("Back to my own runs", key="runs_admin_leave", on_click=_leave)
            return
        with st.form("runs_admin", border=False, clear_on_submit=True):
            st.text_input(
                "Administrator token", type="password", key=_TOKEN, max_chars=400, autocomplete="off"
            )
            st.form_submit_button("See everybody's runs", on_click=_enter)
        if st.session_state.pop(_REFUSED, False):
            notices.problem(
                "This is not the token. It is what BATCHVIZ_ADMIN_TOKEN was set to when the server was started."
            )


def _enter() -> None:
    given, token = st.session_state.get(_TOKEN, ""), resources.settings().admin_token
    # In constant time, so that how long a refusal takes tells nothing of the token.
    right = hmac.compare_digest(str(given).encode(), token.encode())
    st.session_state[_ADMITTED], st.session_state[_REFUSED] = right, not right
    if right:
        selection.clear()


def _leave() -> None:
    st.session_state[_ADMITTED] = False
    selection.clear()
