"""Files on their way into visitors' pages: Streamlit keeps each in memory for as long as its page is open, and limits
one file, but not all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from batchviz.web.streamlit_private import UPLOAD


class UploadLimit:
    """ASGI middleware: takes no file that would make all files of all pages larger than `most` bytes."""

    def __init__(self, app: ASGIApp, held: Callable[[], int], most: Callable[[], int]) -> None:
        """`held`: bytes that pages hold now."""
        self.app, self.held, self.most = app, held, most
        self._arriving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse; the file counts from its first byte on."""
        if scope["type"] != "http" or scope["method"] not in ("PUT", "POST") or UPLOAD not in scope["path"]:
            await self.app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"").decode("latin-1")
        if not length.isdecimal():
            await PlainTextResponse(_NO_LENGTH, status_code=411)(scope, receive, send)
            return
        size = int(length)
        if self.held() + self._arriving + size > self.most():
            await PlainTextResponse(_FULL, status_code=503, headers={"Retry-After": "60"})(
                scope, receive, send
            )
            return
        self._arriving += size
        try:
            await self.app(scope, receive, send)
        finally:
            self._arriving -= size


_NO_LENGTH = "A file's length must be known before it is sent. Expected a header Content-Length."
_FULL = (
    "Other visitors' files take all the memory that this server has for files. Expected to be free within minutes, "
    "when they have been read: choose the file again then, or a smaller one."
)
