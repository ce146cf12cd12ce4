"""HTML from the templates in `html/`: whatever is put into one is escaped, unless it is `Markup` already.

What a template names and nobody gave is an error, so that nothing is left out in silence.
"""

from __future__ import annotations

import re

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
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


@pass_context
def _words(context: Context, text: str) -> Markup | str:
    return words(text) if context["opens_cards"] else text


@pass_context
def _words_of_html(context: Context, markup: Markup | str) -> Markup | str:
    return words_of_html(markup) if context["opens_cards"] else markup


_ENVIRONMENT.filters.update(words=_words, words_of_html=_words_of_html)


_ENVIRONMENT.globals["opens_cards"] = False
"""A file has none to open; a page says so (ui/components/html.py)."""


def render(template: str, /, **values: object) -> str:
    """The template of this file name, filled in."""
    return _ENVIRONMENT.get_template(template).render(**values)
