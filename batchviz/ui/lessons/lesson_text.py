"""A lesson's text on the page: Markdown without links and pictures, since anybody may have written it."""

from __future__ import annotations

from batchviz.exporters.lesson.markdown import as_html
from batchviz.ui.components import html


def draw_text(markdown: str) -> None:
    """Facts, a reason, a task."""
    html.draw("lesson_text.html", text=as_html(markdown))
