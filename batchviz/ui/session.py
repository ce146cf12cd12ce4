"""Who this script runs for, and on which page of the tab."""

from __future__ import annotations

import streamlit as st

from batchviz.web.visitor import name_in, new_name


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


def visitor() -> str:
    """The name of the visitor this script runs for; one for the browser tab where cookies are refused."""
    if name := name_in(st.context.cookies):
        return name
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = new_name()
    return str(st.session_state["visitor"])
