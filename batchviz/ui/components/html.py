"""Text from files and people, shown as text: never as HTML, never as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from batchviz.frontend.assets import text

CSS = text("css/data.css")


def style() -> None:
    """The page's own rules."""
    st.html(f"<style>{CSS}</style>")


def heading(title: str, level: int = 2) -> None:
    """A small heading."""
    st.html(f'<h{level} class="batchviz-heading">{escape(title)}</h{level}>')


def sentences(title: str, lines: Sequence[str], level: int = 2) -> None:
    """A heading and a sentence a line."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    st.html(
        f'<h{level} class="batchviz-heading">{escape(title)}</h{level}>'
        f'<ul class="batchviz-sentences" data-testid="sentences">{items}</ul>'
    )
