"""Streamlit's scripts and style sheets, compressed: its own server sends them as they are, three times the bytes.

Each is compressed once, when it is first asked for, and the answer is kept: a new browser asks for some seventy of
them, and a class for seventy each at once. Their names change with their content, so that browsers ask once as well.
Whoever takes no gzip, asks for a part, or for another file is answered by Streamlit.
"""

from __future__ import annotations

import functools
import gzip
from pathlib import Path

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from batchviz.web.streamlit_private import static_folder

TYPES = {".js": "text/javascript", ".css": "text/css"}
MARK = "/static/"
"""Before the name in a path, whatever the prefix."""


class CompressedStatic:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._answers: dict[Path, Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for Streamlit's scripts and styles, pass everything else on."""
        path = (
            _file(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        )
        headers = Headers(scope=scope) if path else Headers()
        if path is None or "range" in headers or "gzip" not in headers.get("accept-encoding", ""):
            await self.app(scope, receive, send)
            return
        answer = self._answers.get(path)
        if answer is None:
            answer = self._answers[path] = await anyio.to_thread.run_sync(_compressed, path)
        await answer(scope, receive, send)


def _file(address: str) -> Path | None:
    """The file of Streamlit's that an address names."""
    _, mark, name = address.rpartition(MARK)
    return _files().get(name) if mark else None


@functools.cache
def _files() -> dict[str, Path]:
    """By the name below MARK: what is not in it is not opened, however an address is written."""
    folder = static_folder() / "static"
    paths = (path for path in folder.rglob("*") if path.suffix in TYPES)
    return {path.relative_to(folder).as_posix(): path for path in paths}


def _compressed(path: Path) -> Response:
    return Response(
        gzip.compress(path.read_bytes(), compresslevel=6, mtime=0),
        media_type=TYPES[path.suffix],
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Encoding": "gzip",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        },
    )
