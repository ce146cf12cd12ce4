"""plotly.js as it comes with the installed Plotly, compressed once."""

from __future__ import annotations

import functools
import gzip
from importlib.metadata import version
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response


async def plotly(request: Request) -> Response:
    """The library, kept by the browser until another Plotly is installed."""
    tag = f'"plotly-{version("plotly")}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=604800", "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await anyio.to_thread.run_sync(_compressed)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await anyio.to_thread.run_sync(_plain)
    return Response(body, media_type="text/javascript", headers=headers)


def _plain() -> bytes:
    import plotly

    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


@functools.cache
def _compressed() -> bytes:
    return gzip.compress(_plain(), compresslevel=6, mtime=0)
