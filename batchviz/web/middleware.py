"""Headers for the answers that are pages."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class PageHeaders:
    """ASGI middleware that passes everything on and adds `headers` to answers that are HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def headers(self, scope: Scope) -> Mapping[str, str]:
        """Names and values for what is asked for in an HTTP request; empty to leave the answer as it is."""
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add."""
        added = self.headers(scope) if scope["type"] == "http" else {}
        if not added:
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    for name, value in added.items():
                        headers.append(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
