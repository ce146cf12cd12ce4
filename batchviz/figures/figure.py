"""A finished chart: Plotly's figure, what it shows in words, and the small print under it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

PlotlyFigure = dict[str, Any]
"""Plotly's `{"data": [...], "layout": {...}}`, with NumPy arrays and colours of both themes."""


@dataclass(frozen=True)
class Figure:
    """`alt` is the picture for who cannot see it, `note` how it was drawn: plain text."""

    plotly: PlotlyFigure
    alt: str
    note: str


def text(words: str) -> str:
    """Words as Plotly shows them: it takes what looks like HTML for HTML."""
    return escape(words)
