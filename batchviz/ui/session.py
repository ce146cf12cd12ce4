"""Who is asking: a random name in a cookie, so that a reload, a second tab and tomorrow find the same visitor.

It opens nothing by itself: runs are found by their unguessable ids. It says whose runs wait in turn, and who may
stop them.
"""

from __future__ import annotations

import re
import secrets

import streamlit as st
from starlette.requests import Request
from starlette.types import Scope

from batchviz.web.middleware import PageHeader


def note(page: str) -> None:
    """Called by the shell before every page: remember which page this tab is on."""
    st.session_state["arrived"] = st.session_state.get("page") != page
    st.session_state["page"] = page


def just_now() -> bool:
    """Whether this is the first run of the script since the visitor came to the page."""
    return bool(st.session_state.get("arrived", False))


def page() -> str:
    """The url_path of the page that is drawn, empty for the Playground."""
    return str(st.session_state.get("page", ""))


COOKIE = "batchviz_visitor"
YEAR = 365 * 24 * 3600
NAME = re.compile(r"[\w-]{16,64}")


def visitor() -> str:
    """The name of the visitor this script runs for; one for the browser tab where cookies are refused."""
    name = str(st.context.cookies.get(COOKIE, ""))
    if NAME.fullmatch(name):
        return name
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = secrets.token_urlsafe(18)
    return str(st.session_state["visitor"])


def asking(request: Request) -> str:
    """The name of the visitor who sent a request, empty for who has none."""
    name = request.cookies.get(COOKIE, "")
    return name if NAME.fullmatch(name) else ""


class VisitorCookie(PageHeader):
    """Middleware that gives a new browser its name with the first page."""

    def header(self, scope: Scope) -> tuple[str, str] | None:
        """The cookie, for who comes without one."""
        if COOKIE.encode() in dict(scope["headers"]).get(b"cookie", b""):
            return None
        return (
            "set-cookie",
            f"{COOKIE}={secrets.token_urlsafe(18)}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax",
        )
