"""plotly.js of the installed Plotly, compressed once."""

from __future__ import annotations

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from batchviz.frontend import plotly_js


async def plotly(request: Request) -> Response:
    """The library, kept by the browser until another Plotly is installed."""
    tag = f'"plotly-{plotly_js.release()}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=604800", "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await anyio.to_thread.run_sync(plotly_js.compressed)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await anyio.to_thread.run_sync(plotly_js.plain)
    return Response(body, media_type="text/javascript", headers=headers)
