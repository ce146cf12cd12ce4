"""What a page has to say, shown as text: `st.error` and its kin would take what a link or a file brought for Markdown.

An error quotes what was given, and anybody can give a link with a link in it.
"""

from __future__ import annotations

from html import escape

import streamlit as st


def problem(text: str) -> None:
    """What went wrong."""
    _show("problem", "alert", text)


def warning(text: str) -> None:
    """What is missing, or not as expected."""
    _show("warning", "status", text)


def note(text: str) -> None:
    """What is good to know."""
    _show("note", "status", text)


def _show(kind: str, role: str, text: str) -> None:
    st.html(
        f'<div class="batchviz-notice batchviz-{kind}" role="{role}" data-testid="{kind}">{escape(text)}</div>'
    )
