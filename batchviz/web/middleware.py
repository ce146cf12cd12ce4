"""A header for the answers that are pages."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class PageHeader:
    """ASGI middleware that passes everything on and adds `header` to answers that are HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def header(self, scope: Scope) -> tuple[str, str] | None:
        """Name and value for what is asked for in an HTTP request; None to leave the answer as it is."""
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add."""
        header = self.header(scope) if scope["type"] == "http" else None
        if header is None:
            await self.app(scope, receive, send)
            return

        async def with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append(*header)
            await send(message)

        await self.app(scope, receive, with_header)
