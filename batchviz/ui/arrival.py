"""Coming to a page, from another or from a link: only then is its address read, afterwards the page writes it."""

from __future__ import annotations

import streamlit as st


def note(page: str) -> None:
    """Called by the shell before every page: remember which page this tab is on."""
    st.session_state["arrived"] = st.session_state.get("page") != page
    st.session_state["page"] = page


def just_now() -> bool:
    """Whether this is the first run of the script since the visitor came to the page."""
    return bool(st.session_state.get("arrived", False))


def page() -> str:
    """The url_path of the page that is drawn, empty for the Playground."""
    return str(st.session_state.get("page", ""))
