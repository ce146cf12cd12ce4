"""What the heads of a grid explain, in words under it: a grid is a canvas, whose heads answer a pointer alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from batchviz.ui.components import html

TITLE = "What the columns say"


def draw_column_heads(configuration: Mapping[str, Any], columns: Iterable[str]) -> None:
    """The explanations of these columns, as `column_config` has them, in their order; closed until it is pressed."""
    headings: dict[str, list[str]] = {}
    for name in columns:
        column = configuration.get(name) or {}
        if text := column.get("help"):
            headings.setdefault(text, []).append(column.get("label") or name)
    if headings:
        heads = [(", ".join(names), text) for text, names in headings.items()]
        html.draw("column_heads.html", title=TITLE, heads=heads)
