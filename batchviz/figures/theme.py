"""Colours of both themes side by side, so that one figure serves light and dark pages.

In a figure here a colour is `{"light": "#...", "dark": "#..."}`; `themed` picks one for programs that know Plotly's own
words only. Fonts, grids and backgrounds are left to the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MUTED = {"light": "#646a73", "dark": "#9aa0aa"}
"""Of what is not a curve: floors, cut lines, their words. At least 4.5:1 on cards of both themes."""


def translucent(color: Mapping[str, str], opacity: float) -> dict[str, str]:
    """The colour `#rrggbb` at an opacity, for both themes."""
    return {theme: f"rgba({','.join(map(str, _rgb(text)))},{opacity:g})" for theme, text in color.items()}


def themed(part: Any, theme: str) -> Any:
    """A figure, or a part of it, in the colours of one theme."""
    if isinstance(part, Mapping):
        if set(part) == {"light", "dark"}:
            return part[theme]
        return {name: themed(value, theme) for name, value in part.items()}
    return [themed(value, theme) for value in part] if isinstance(part, list) else part


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
