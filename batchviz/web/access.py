"""By which names the server may be asked, and on whose pages it may stand in a frame.

A page of another site can make a browser ask this machine under a name of that site's own (DNS rebinding): the browser
then takes the answers for that site's. The name it asked for stands in `Host`, which such a page cannot choose. A
frame on a page of another site can be covered, so that a press meant for that page falls on ours.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ANYBODY = "*"
OWN_NAMES = ("localhost", "*.localhost", socket.gethostname())


@dataclass(frozen=True)
class Access:
    """What the one who runs this server allows. `*` allows everybody."""

    hosts: tuple[str, ...] = (ANYBODY,)
    """Names of this server: "lab.example.org", or "*.example.org" for all below."""
    frames: tuple[str, ...] = ()
    """Origins whose pages may show ours in a frame, beside our own: "https://lms.example.org"."""

    def allows_host(self, host: str) -> bool:
        """Whether the server has this name, given without its port. An address is nobody's to redirect: always."""
        return ANYBODY in self.hosts or _is_address(host) or any(_matches(host, name) for name in self.hosts)

    @property
    def frame_ancestors(self) -> str:
        """As the directive of a content security policy has it."""
        return " ".join(("frame-ancestors", "'self'", *self.frames))


def access_by(hosts: tuple[str, ...], frames: tuple[str, ...], address: str) -> Access:
    """What the settings say; `address` is where the server listens.

    One that listens on this machine alone and was told no names goes by the names that every machine has for itself.
    """
    if not hosts:
        hosts = OWN_NAMES if address == "localhost" or _is_loopback(address) else (ANYBODY,)
    return Access(hosts, frames)


class KnownHosts:
    """ASGI middleware: who asks by a name that is not this server's gets a sentence in place of an answer."""

    def __init__(self, app: ASGIApp, access: Callable[[], Access]) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse; a websocket is refused before it is open."""
        if scope["type"] not in ("http", "websocket") or self.access().allows_host(_host(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "unknown host"})
        else:
            await PlainTextResponse(_REFUSAL, status_code=421)(scope, receive, send)


_REFUSAL = (
    "This server does not go by the name it was asked for. Expected localhost, an address, or a name in "
    "BATCHVIZ_ALLOWED_HOSTS: whoever runs the server adds the name there."
)


def _host(scope: Scope) -> str:
    value: str = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    name = value.partition("]")[0] + "]" if value.startswith("[") else value.partition(":")[0]
    return name.removesuffix(".")


def _matches(host: str, name: str) -> bool:
    return host.endswith(name[1:]) if name.startswith("*.") else host == name.lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _is_loopback(address: str) -> bool:
    return _is_address(address) and ip_address(address.strip("[]")).is_loopback
