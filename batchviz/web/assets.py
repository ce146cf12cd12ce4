"""The components' JavaScript modules and style sheets as one cacheable route."""

import gzip
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

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
    return Route(f"{prefix}/component-assets/{{version}}/{{name:path}}", _asset, methods=["GET"])
