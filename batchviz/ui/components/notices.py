"""What a page has to say, shown as text: `st.error` and its kin would take what a link or a file brought for Markdown.

An error quotes what was given, and anybody can give a link with a link in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from batchviz.errors import StoreError
from batchviz.ui.components import html
from batchviz.ui.session_state import MENTIONED, PROBLEM, REPORTED


def problem(text: str) -> None:
    """What went wrong."""
    _draw("problem", "alert", text)


def warning(text: str) -> None:
    """What is missing, or not as expected."""
    _draw("warning", "status", text)


def information(text: str) -> None:
    """What is good to know."""
    _draw("note", "status", text)


def report(text: str) -> None:
    """Remember what went wrong in a callback, which cannot draw: the page says it when it is drawn next."""
    PROBLEM.set(text)


def mention(text: str) -> None:
    """Remember in a callback what is good to know for a moment: a callback cannot draw.

    In a fragment what it draws would take the place of the first element of the page, which is its style sheet.
    """
    MENTIONED.set((*MENTIONED.get(), text))


def draw_mentioned() -> None:
    """Say in passing what callbacks had to say: where the page, or the fragment that they belong to, is drawn."""
    for text in MENTIONED.pop():
        st.toast(text)


def waiting() -> bool:
    """Whether the page has yet to say what went wrong."""
    return bool(PROBLEM.get())


def take_report() -> str:
    """What went wrong in the last thing asked for, once."""
    wrong = PROBLEM.pop()
    REPORTED.set(wrong)
    return wrong


def keep_report() -> None:
    """The page is drawn anew though nobody asked for anything: what it says stays."""
    if not waiting():
        PROBLEM.set(REPORTED.get())


def redraw_page() -> NoReturn:
    """From a fragment with a timer, which has found something new: draw all of the page anew."""
    keep_report()
    st.rerun()


@contextmanager
def store_errors_shown() -> Iterator[None]:
    """Around a page, or a fragment of one: a store that refuses is explained, and the rest is left undrawn."""
    try:
        yield
    except StoreError as error:
        problem(str(error))


def _draw(kind: str, role: str, text: str) -> None:
    html.draw("notice.html", kind=kind, role=role, text=text)
