"""HTML from the templates in `html/`: whatever is put into one is escaped, unless it is `Markup` already.

What a template names and nobody gave is an error, so that nothing is left out in silence.
"""

from __future__ import annotations

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from batchviz.frontend.assets import text
from batchviz.text.term_places import pieces

__all__ = ["Markup", "render"]


def words(text: str) -> Markup:
    """A sentence in which terms open their cards (src/terms.js), each where it stands first."""
    word = Markup('<button type="button" class="batchviz-word" data-term="{}">{}</button>')
    return Markup().join(
        word.format(piece.key, piece.text) if piece.key else piece.text for piece in pieces(str(text))
    )


_ENVIRONMENT = Environment(
    loader=FunctionLoader(lambda name: text(f"html/{name}")),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["words"] = words


def render(template: str, /, **values: object) -> str:
    """The template of this file name, filled in."""
    return _ENVIRONMENT.get_template(template).render(**values)
