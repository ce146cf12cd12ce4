"""The components' JavaScript modules and style sheets as one cacheable route, and the drawing library as another."""

import gzip
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from batchviz.frontend import plotly_js
from batchviz.frontend.assets import SERVED, VERSION

_TYPES = {".js": "text/javascript", ".css": "text/css"}
_GZIPPED = {name: gzip.compress(content, mtime=0) for name, content in SERVED.items()}


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if request.path_params["version"] != VERSION or name not in SERVED:
        return PlainTextResponse("No such file in this version of the app; reload the page.", status_code=404)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    content = SERVED[name]
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = _GZIPPED[name], "gzip"
    return Response(content, headers=headers, media_type=_TYPES[Path(name).suffix])


def asset_route(prefix: str = "") -> Route:
    """The route that app.py adds to the web application; `prefix` is its base path, such as "/batchviz"."""
    return Route(f"{prefix}/assets/{{version}}/{{name:path}}", _asset, methods=["GET"])


async def plotly(request: Request) -> Response:
    """The drawing library, kept by the browser until another release of it comes."""
    tag = f'"plotly-{plotly_js.digest()}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=604800", "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await anyio.to_thread.run_sync(plotly_js.compressed)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await anyio.to_thread.run_sync(plotly_js.plain)
    return Response(body, media_type="text/javascript", headers=headers)
