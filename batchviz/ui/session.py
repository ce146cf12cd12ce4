"""Whom the script runs for, on which page of the tab, and whether they have just come there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from batchviz.ui.session_state import FIRST_RUN, OPEN_DIALOG, PAGE, VISITOR
from batchviz.web.visitor import name_in, new_name


def open_page(page: str) -> None:
    """Called before every run of a page, by its url_path: from then on the other questions can be answered."""
    FIRST_RUN.set(PAGE.get() != page)
    if first_run():
        OPEN_DIALOG.delete()
    PAGE.set(page)


def first_run() -> bool:
    """Whether this is the first run of the page's script since the visitor came to the page."""
    return FIRST_RUN.get()


def page() -> str:
    """The url_path of the page that is drawn, empty for the Playground."""
    return PAGE.get() or ""


def visitor() -> str:
    """The name of the visitor this script runs for; one for the browser tab where cookies are refused."""
    if name := name_in(st.context.cookies):
        return name
    if not VISITOR.is_set:
        VISITOR.set(new_name())
    return VISITOR.get()


def time_zone() -> ZoneInfo:
    """The visitor's time zone, as far as the browser tells."""
    try:
        return ZoneInfo(str(st.context.timezone or "UTC"))
    except (KeyError, ValueError):
        return ZoneInfo("UTC")
