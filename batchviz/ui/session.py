"""Whom the script runs for, on which page of the tab, and whether they have just come there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from batchviz.ui import address
from batchviz.ui.session_state import FIRST_RUN, LED_BACK, OPEN_DIALOG, PAGE, PRESSED_BUTTONS, VISITOR
from batchviz.web.visitor import name_in, network_in, new_name


def open_page(page: str) -> None:
    """Called before every run of a page, by its url_path: from then on the other questions can be answered."""
    LED_BACK.set(address.take_mark())
    FIRST_RUN.set(PAGE.get() != page or LED_BACK.get())
    if first_run():
        OPEN_DIALOG.delete()
        PRESSED_BUTTONS.delete()
    PAGE.set(page)


def first_run() -> bool:
    """Whether this is the first run of the page's script since the visitor came to the page, or back to an address."""
    return FIRST_RUN.get()


def led_back() -> bool:
    """Whether the browser's Back or Forward led here."""
    return LED_BACK.get()


def follows_address() -> bool:
    """Whether the page is to be as its address says, rather than as the visitor left it.

    It is where a link, or the browser's Back, led here. An empty address that Back led to means the page as it opens.
    """
    return FIRST_RUN.get() and (LED_BACK.get() or bool(address.parameters()))


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


def network() -> str:
    """Where the visitor comes from: an IPv4 address, or the part of an IPv6 one that a line has to itself. Empty for
    this machine.
    """
    return network_in(st.context.ip_address)


def time_zone() -> ZoneInfo:
    """The visitor's time zone, as far as the browser tells."""
    try:
        return ZoneInfo(str(st.context.timezone or "UTC"))
    except (KeyError, ValueError):
        return ZoneInfo("UTC")
