"""Whom the script runs for, on which page of the tab, and whether they have just come there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from batchviz.ui import address
from batchviz.ui.session_state import (
    COMING,
    FIRST_RUN,
    LAST_MARK,
    LED_BACK,
    OPEN_DIALOG,
    PAGE,
    PRESSED_BUTTONS,
    VISITOR,
)
from batchviz.web.visitor import name_in, network_in, new_name

Answer = TypeVar("Answer")


def open_page(page: str) -> None:
    """Called before every run of a page, by its url_path: from then on the other questions can be answered."""
    mark = address.take_mark()
    led_back = mark not in ("", LAST_MARK.get())
    FIRST_RUN.set(led_back or PAGE.get() != page)
    if first_run():
        LED_BACK.set(led_back)
        COMING.set(True)
        OPEN_DIALOG.delete()
        PRESSED_BUTTONS.delete()
        LAST_MARK.set(mark or LAST_MARK.get())
        PAGE.set(page)


def first_run() -> bool:
    """Whether this is the first run of the page's script since the visitor came to the page, or back to an address."""
    return FIRST_RUN.get()


def led_back() -> bool:
    """Whether the browser's Back or Forward led here."""
    return LED_BACK.get()


def comes() -> bool:
    """Whether the page is still to take in how the visitor came to it: the first run, or one after it was ended."""
    return COMING.get()


def on_coming(take_in: Callable[[], Answer]) -> Callable[[], Answer]:
    """For what a page does about its address: once that is done, `comes` is False.

    Streamlit ends a run of the script when the browser asks for another one; then the next one does it.
    """

    @functools.wraps(take_in)
    def to_its_end() -> Answer:
        try:
            answer = take_in()
        except Exception:  # not what Streamlit ends a run with
            COMING.set(False)
            raise
        COMING.set(False)
        return answer

    return to_its_end


def follows_address() -> bool:
    """Whether the page is to be as its address says, rather than as the visitor left it.

    It is where a link, or the browser's Back, led here. An empty address that Back led to means the page as it opens.
    """
    return comes() and (LED_BACK.get() or bool(address.parameters()))


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
