"""A visitor's name: random, in a cookie, so that a reload, a second tab and tomorrow find the same visitor.

It opens nothing by itself: runs are found by their unguessable ids. It says whose runs wait in turn, and who may
stop them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchviz.web.middleware import PageHeaders
from batchviz.web.streamlit_private import UPLOAD_COOKIE

COOKIE = "batchviz_visitor"
COOKIE_SECONDS = 365 * 24 * 3600
_NAME = re.compile(r"[\w-]{16,64}")


def new_name() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(18)


def name_in(cookies: Mapping[str, str]) -> str:
    """The visitor's name among the cookies of a request, empty for who has none."""
    name = str(cookies.get(COOKIE, ""))
    return name if _NAME.fullmatch(name) else ""


def network_in(address: str | None) -> str:
    """Of an address, what its owner cannot choose: all of IPv4, the first 64 bits of IPv6. Empty for what is none."""
    try:
        there = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(there, IPv6Address):
        there = there.ipv4_mapped or there
    bits = 64 if there.version == 6 else 32
    return str(ip_network((there, bits), strict=False).network_address)


def visitor_of(request: Request) -> str:
    """The name of the visitor who sent a request, empty for who has none."""
    return name_in(request.cookies)


class VisitorCookie(PageHeaders):
    """Middleware that gives a new browser its name with the first page."""

    def headers(self, scope: Scope) -> dict[str, str]:
        """The cookie, for who comes without one."""
        if COOKIE.encode() in dict(scope["headers"]).get(b"cookie", b""):
            return {}
        marks = (
            f"Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; {_SECURE if is_https(scope) else 'SameSite=Lax'}"
        )
        return {"set-cookie": f"{COOKIE}={new_name()}; {marks}"}


class FrameCookies:
    """ASGI middleware: over https the cookie without which Streamlit takes no upload is kept in frames too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and change that cookie's marks."""
        if scope["type"] != "http" or not is_https(scope):
            await self.app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, _marked(value) if name == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self.app(scope, receive, marked)


def _marked(cookie: bytes) -> bytes:
    if not cookie.startswith(f"{UPLOAD_COOKIE}=".encode()):
        return cookie
    kept = [
        part for part in cookie.decode("latin-1").split("; ") if part != "Secure" and "SameSite" not in part
    ]
    return "; ".join([*kept, _SECURE]).encode("latin-1")


_SECURE = "Secure; SameSite=None; Partitioned"
"""In a frame of another site a browser keeps a cookie only with all three: a class page that embeds the app gets one
that is its own, even where third-party cookies are blocked. Browsers take `Secure` over https alone."""


def is_https(scope: Scope) -> bool:
    """Whether the browser's side of the connection is encrypted, as far as a proxy in front says.

    A client that lies about it spoils its own cookie alone.
    """
    forwarded = dict(scope["headers"]).get(b"x-forwarded-proto", b"").decode("latin-1")
    scheme: str = forwarded.partition(",")[0].strip() or scope.get("scheme", "http")
    return scheme == "https"
