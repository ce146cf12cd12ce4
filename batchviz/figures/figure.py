"""A finished chart: the figure, what it shows in words, and the small print under it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

Figure = dict[str, Any]
"""Plotly's `{"data": [...], "layout": {...}}`, with NumPy arrays and colours of both themes."""


@dataclass(frozen=True)
class Drawing:
    """`title` states the finding, `alt` the picture for who cannot see it, `note` how it was drawn: plain text."""

    figure: Figure
    title: str
    alt: str
    note: str


def text(words: str) -> str:
    """Words as Plotly shows them: it takes what looks like HTML for HTML."""
    return escape(words)
