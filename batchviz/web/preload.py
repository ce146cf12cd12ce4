"""What a chart needs, named in the head of the page's answer: it arrives while Streamlit still starts.

Without it the browser learns of these files only when Streamlit has drawn the page, and fetches and compiles them
last, one after another. Measured by `python -m benchmarks compare`.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from starlette.types import Scope
from streamlit.file_util import get_static_dir

from batchviz.frontend.assets import needed, with_imports
from batchviz.web.middleware import PageHeader

SCRIPTS = "static/js/"
"""Relative to the app's address, and in the folder of Streamlit's files."""
_AT_START = re.compile(r'src="\./static/js/([^"]+)"')
_IMPORT = re.compile(r'(?:from|import)"\./([^"]+\.js)"')


@functools.cache
def scripts(*elements: str) -> list[str]:
    """What these kinds of elements ("BidiComponent", "Html") need beyond the page's own start, imports included.

    Relative to the app's address. Empty for a name that this version of Streamlit does not have: the files are then
    fetched as late as without it, nothing worse.
    """
    folder = Path(get_static_dir()) / SCRIPTS
    files = {file.name for file in folder.glob("*.js")}

    def imports(name: str) -> list[str]:
        found = _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
        return [other for other in found if other in files]

    page = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    start = with_imports(files.intersection(_AT_START.findall(page)), imports)
    named = (name for kind in elements for name in sorted(files) if name.startswith(f"{kind}."))
    return [SCRIPTS + name for name in with_imports(named, imports) if name not in start]


CHARTS = {"compare": "figure", "board": "figure", "": "live"}
"""The component that a page draws, by the last part of its address."""
ELEMENTS = ("Html", "BidiComponent")
"""Streamlit's kinds that stand between the page's start and a chart: a heading, and a component. No more of them: a
header beyond 4 kB is refused by proxies with their usual settings."""
RUNS = re.compile(rb"(^|&)(runs|id)=.")
"""In the query of a link to curves: the Playground's and Compare's runs, a board's id."""


class ChartPreload(PageHeader):
    """Middleware that adds a `Link` header to pages that open with curves."""

    def header(self, scope: Scope) -> tuple[str, str] | None:
        """What the page draws at once; None for other addresses, and for a page without runs."""
        component = CHARTS.get(scope["path"].rpartition("/")[2])
        return ("link", _links(component)) if component and RUNS.search(scope["query_string"]) else None


@functools.cache
def _links(component: str) -> str:
    """The header's value. Addresses are relative to the page's, which is right behind any path prefix."""
    modules, styles = needed(component)
    return ", ".join(
        [
            "<api/plotly.js>; rel=preload; as=script",
            *(f"<{path}>; rel=modulepreload" for path in [*scripts(*ELEMENTS), *modules]),
            *(f"<{path}>; rel=preload; as=style" for path in styles),
        ]
    )
