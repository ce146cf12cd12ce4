"""What a chart needs, named in the head of the page's answer: it arrives while Streamlit still starts.

Without it the browser learns of these files only when Streamlit has drawn the page, and fetches and compiles them
last, one after another. Measured by `python -m benchmarks compare`.
"""

from __future__ import annotations

import functools
import re

from starlette.types import Scope

from batchviz.frontend.assets import needed
from batchviz.web.middleware import PageHeaders
from batchviz.web.streamlit_private import scripts

CHARTS = {"compare": "figure", "board": "figure", "": "live"}
"""The component that a page draws, by the last part of its address."""
ELEMENTS = ("Html", "BidiComponent")
"""Streamlit's kinds that stand between the page's start and a chart: a heading, and a component. No more of them: a
header beyond 4 kB is refused by proxies with their usual settings."""
RUNS = re.compile(rb"(^|&)(runs|id)=.")
"""In the query of a link to curves: the Playground's and Compare's runs, a board's id."""


class ChartPreload(PageHeaders):
    """Middleware that adds a `Link` header to pages that open with curves."""

    def headers(self, scope: Scope) -> dict[str, str]:
        """What the page draws at once; nothing for other addresses, and for a page without runs."""
        component = CHARTS.get(scope["path"].rpartition("/")[2])
        return {"link": _links(component)} if component and RUNS.search(scope["query_string"]) else {}


@functools.cache
def _links(component: str) -> str:
    """The header's value. Addresses are relative to the page's, which is right behind any path prefix."""
    modules, styles = needed(component)
    return ",".join(
        [
            "<api/plotly.js>;rel=preload;as=script",
            *(f"<{path}>;rel=modulepreload" for path in [*scripts(*ELEMENTS), *modules]),
            *(f"<{path}>;rel=preload;as=style" for path in styles),
        ]
    )
