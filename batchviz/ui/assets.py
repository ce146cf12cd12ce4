"""The components' JavaScript modules and style sheets as one cacheable route.

The modules are served as they are written, so the browser's debugger shows the source and there is no build.
Their address contains a digest of their content: a new version is a new address, old files never mix in. One digest
covers all components, so that the modules of one may import those of another.
"""

import gzip
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDERS = ("live", "chart")
_HERE = Path(__file__).parent
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_PLAIN = {
    f"{folder}/{path.name}": path.read_bytes()
    for folder in FOLDERS
    for path in sorted((_HERE / folder).iterdir())
    if path.suffix in _TYPES
}
_IMPORT = re.compile(r"""^@?import\b[^;]*?["'](\.\.?/[^"']+)["']""", re.MULTILINE)
_GZIPPED = {name: gzip.compress(content, mtime=0) for name, content in _PLAIN.items()}

VERSION = hashlib.sha256(repr(_PLAIN).encode()).hexdigest()[:12]
PATH = f"component-assets/{VERSION}/"
"""Where the browser finds the folders of modules, relative to the app's base address."""

MOUNT = (_HERE / "mount.js").read_text(encoding="utf-8")
"""The script that every component starts with: it fetches the rest."""


def with_imports(names: Iterable[str], imports: Callable[[str], Iterable[str]]) -> list[str]:
    """The names, and what they import, and what that imports: nearest first, each once."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += imports(name)
    return list(found)


def needed(folder: str) -> tuple[list[str], list[str]]:
    """All modules and all style sheets of a component, its own and what they import, relative to the app's address."""
    found = with_imports([f"{folder}/{folder}.js", f"{folder}/{folder}.css"], _imports)
    return [PATH + name for name in found if name.endswith(".js")], [
        PATH + name for name in found if name.endswith(".css")
    ]


def _imports(name: str) -> list[str]:
    imported = _IMPORT.findall(_PLAIN[name].decode())
    return [posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in imported]


async def _asset(request: Request) -> Response:
    name = "{folder}/{name}".format(**request.path_params)
    if request.path_params["version"] != VERSION or name not in _PLAIN:
        return PlainTextResponse("No such file in this version of the app; reload the page.", status_code=404)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    content = _PLAIN[name]
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = _GZIPPED[name], "gzip"
    return Response(content, headers=headers, media_type=_TYPES[Path(name).suffix])


def asset_route(prefix: str = "") -> Route:
    """The route that app.py adds to the web application; `prefix` is its base path, such as "/batchviz"."""
    return Route(f"{prefix}/component-assets/{{version}}/{{folder}}/{{name}}", _asset, methods=["GET"])
