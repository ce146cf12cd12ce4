"""A visitor's name: random, in a cookie, so that a reload, a second tab and tomorrow find the same visitor.

It opens nothing by itself: runs are found by their unguessable ids. It says whose runs wait in turn, and who may
stop them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import Scope

from batchviz.web.middleware import PageHeader

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


def visitor_of(request: Request) -> str:
    """The name of the visitor who sent a request, empty for who has none."""
    return name_in(request.cookies)


class VisitorCookie(PageHeader):
    """Middleware that gives a new browser its name with the first page."""

    def header(self, scope: Scope) -> tuple[str, str] | None:
        """The cookie, for who comes without one."""
        if COOKIE.encode() in dict(scope["headers"]).get(b"cookie", b""):
            return None
        return (
            "set-cookie",
            f"{COOKIE}={new_name()}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax",
        )
