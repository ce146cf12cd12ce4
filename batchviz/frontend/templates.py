"""HTML from the templates in `html/`: whatever is put into one is escaped, unless it is `Markup` already.

What a template names and nobody gave is an error, so that nothing is left out in silence.
"""

from __future__ import annotations

import re

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from batchviz.frontend.assets import text
from batchviz.text.term_places import pieces

__all__ = ["Markup", "render"]


_TAG = re.compile(r"(<[^>]*>)")


def words(text: str, seen: set[str] | None = None) -> Markup:
    """A sentence in which terms open their cards (src/terms.js), each where it stands first, unless it was `seen`."""
    word = Markup('<button type="button" class="batchviz-word" data-term="{}">{}</button>')
    return Markup().join(
        word.format(piece.key, piece.text) if piece.key else piece.text for piece in pieces(str(text), seen)
    )


def words_of_html(markup: Markup | str) -> Markup:
    """The same in HTML without links, but for what is written as code. A text that is no HTML is escaped."""
    seen: set[str] = set()
    parts, code = [], False
    for part in _TAG.split(str(escape(markup))):
        if part.startswith("<"):
            code = (code or part == "<code>") and part != "</code>"
            parts.append(Markup(part))
        else:
            parts.append(Markup(part) if code else words(Markup(part).unescape(), seen))
    return Markup().join(parts)


_ENVIRONMENT = Environment(
    loader=FunctionLoader(lambda name: text(f"html/{name}")),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["words"] = words
_ENVIRONMENT.filters["words_of_html"] = words_of_html


def render(template: str, /, **values: object) -> str:
    """The template of this file name, filled in."""
    return _ENVIRONMENT.get_template(template).render(**values)
