"""Markdown as HTML that does nothing: a lesson's text may have been written by anybody."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

from batchviz.frontend.templates import Markup

TAGS = {"p", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "h3", "h4", "br", "hr"}
"""No links and no pictures: a file that plays alone asks nobody for anything."""
_PARSER = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink"])


def as_html(text: str) -> Markup:
    """The text as HTML of TAGS without any attribute; HTML in it is shown as it was written."""
    return Markup(nh3.clean(_PARSER.render(text), tags=TAGS, attributes={}))
