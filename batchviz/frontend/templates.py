"""HTML from the templates in `html/`: whatever is put into one is escaped, unless it is `Markup` already.

What a template names and nobody gave is an error, so that nothing is left out in silence.
"""

from __future__ import annotations

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from batchviz.frontend.assets import text

__all__ = ["Markup", "render"]

_ENVIRONMENT = Environment(
    loader=FunctionLoader(lambda name: text(f"html/{name}")),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, /, **values: object) -> str:
    """The template of this file name, filled in."""
    return _ENVIRONMENT.get_template(template).render(**values)
