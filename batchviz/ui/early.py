"""What a chart needs, named in the head of the page's answer: it arrives while Streamlit still starts.

Without it the browser learns of these files only when Streamlit has drawn the page, and fetches and compiles them
last, one after another. Measured by `python -m benchmarks compare`.
"""

from __future__ import annotations

import functools
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchviz.ui.assets import needed

CHARTS = {"compare": "chart", "board": "chart", "": "live"}
"""The component that a page draws, by the last part of its address."""
RUNS = re.compile(rb"(^|&)(runs|id)=.")
"""In the query of a link to curves: the Playground's and Compare's runs, a board's id."""


class EarlyCharts:
    """ASGI middleware that adds `Link` headers to pages that open with curves."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; name the files in answers that are such a page."""
        component = _component(scope)
        if component is None:
            await self.app(scope, receive, send)
            return

        async def with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("link", _links(component))
            await send(message)

        await self.app(scope, receive, with_links)


def _component(scope: Scope) -> str | None:
    """What the page draws at once; None for other addresses, and for a page without runs."""
    if scope["type"] != "http" or not RUNS.search(scope["query_string"]):
        return None
    return CHARTS.get(scope["path"].rpartition("/")[2])


@functools.cache
def _links(component: str) -> str:
    """The header's value. Addresses are relative to the page's, which is right behind any path prefix."""
    modules, styles = needed(component)
    return ", ".join(
        [
            "<api/plotly.js>; rel=preload; as=script",
            *(f"<{path}>; rel=modulepreload" for path in modules),
            *(f"<{path}>; rel=preload; as=style" for path in styles),
        ]
    )
