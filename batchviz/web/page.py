"""Streamlit's page as we hand it out: told where its server is, and what it may load, and from whom; and with a first
screen of ours in it, which is there before Streamlit is.
"""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import re
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchviz.frontend.assets import PATH, TERMS, text
from batchviz.web.access import Access
from batchviz.web.opening import StartMode, start_mode, with_opening
from batchviz.web.streamlit_private import BASE_SCRIPT, METRICS

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_TERMS = text("src/terms.js").replace(f"assets/{TERMS}", f"{PATH}{TERMS}")
OURS = (BASE_SCRIPT, text("src/history.js"), text("src/menus.js"), text("src/unconnected.js"), _TERMS)
SCRIPTS = "".join(f"<script>{script}</script>" for script in OURS)
"""What runs before anything of Streamlit's: it asks for its server at once, and hears of "back" before us otherwise."""
PERMISSIONS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
"""Of what a browser could be asked for, all that a page without them has no use for."""


class StreamlitPage:
    """ASGI middleware: pages get the script and the headers; every answer is what its type says, and nothing else."""

    def __init__(self, app: ASGIApp, access: Callable[[], Access] = Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; a page is held back until it is whole, a few kilobytes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].endswith(METRICS):
            await PlainTextResponse("Not found.", status_code=404)(scope, receive, send)
            return
        page: Message | None = None
        body = b""

        async def changed(message: Message) -> None:
            nonlocal page, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                kind, kept = headers.get("content-type", ""), headers.get("content-disposition", "")
                own_policy = "content-security-policy" in headers
                if kind.startswith("text/html") and not kept.startswith("attachment") and not own_policy:
                    page = message
                    return
            elif page is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body", False):
                    return
                message = {
                    "type": "http.response.body",
                    "body": self._finished(page, body, start_mode(scope)),
                }
                await send(page)
            await send(message)

        await self.app(scope, receive, changed)

    def _finished(self, start: Message, body: bytes, opening: StartMode) -> bytes:
        """The page's body; its headers are added to `start`."""
        headers = MutableHeaders(scope=start)
        if not body:  # to HEAD, and to who has it already
            return body
        original = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        html, policy = _page(original, opening)
        body = _compressed(html) if "content-encoding" in headers else html
        headers["Content-Length"] = str(len(body))
        headers["Content-Security-Policy"] = f"{policy}; {self.access().frame_ancestors}"
        headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in PERMISSIONS)
        headers["Referrer-Policy"] = "same-origin"  # the address names runs, which is what opens them
        for name in ("etag", "last-modified"):  # they speak of Streamlit's file alone
            del headers[name]
        return body


@functools.lru_cache(maxsize=8)
def _page(original: bytes, opening: StartMode) -> tuple[bytes, str]:
    """The page with the script and the first screen, and the policy that it runs under: nothing from elsewhere,
    nothing unforeseen.
    """
    html = with_opening(original, opening)
    html = html.replace(b"<head>", f"<head>{SCRIPTS}".encode(), 1)
    inline = _INLINE.findall(html.decode())
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    return html, "; ".join(
        (
            "default-src 'self'",
            # Streamlit hands a component its script as a blob.
            "script-src 'self' blob: " + " ".join(f"'sha256-{value}'" for value in hashes),
            "style-src 'self' 'unsafe-inline'",  # of every styled element, Plotly's included
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


@functools.lru_cache(maxsize=8)
def _compressed(html: bytes) -> bytes:
    return gzip.compress(html, mtime=0)
