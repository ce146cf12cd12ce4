"""The player that stands in a file of its own: the live chart's modules as an import map, its styles, its font.

A file may import nothing by address, so each module is data under a name, and imports its neighbours by their names.
Modules that would ask the server are replaced by those in src/offline.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re

from batchviz.frontend.assets import COMPONENTS, HERE, SERVED, imported_by, with_imports
from batchviz.frontend.assets import text as file_text

START = "src/offline/start.js"
INSTEAD = {
    "src/live/poller.js": "src/offline/poller.js",
    "src/live/starts.js": "src/offline/starts.js",
    "src/live/timing.js": "src/offline/timing.js",
    "src/chart/load-plotly.js": "src/offline/load-plotly.js",
}
"""A module that asks the server -> the one that finds everything in the page."""
STYLES = ("css/player.css", COMPONENTS["live"].style)
FONT = "../ui/static/inter-latin.woff2"

_STYLE_IMPORT = re.compile(r"^@import [^;]+;\n", re.MULTILINE)
_RELATIVE = re.compile(r'(?<=from ")\.\.?/[^"]+')


def import_map() -> str:
    """JSON of an import map: every module that the player imports."""
    names = with_imports([START], lambda name: imported_by(INSTEAD.get(name, name)))
    return json.dumps({"imports": {f"batchviz/{name}": _as_data(name) for name in names if name != START}})


def start() -> str:
    """The script that mounts the player."""
    return _module(START)


def styles() -> str:
    """Its style sheets, one after the other: what one imports stands before it."""
    names = reversed(with_imports(reversed(STYLES), imported_by))
    return "\n".join(_STYLE_IMPORT.sub("", file_text(name)) for name in names)


def font() -> bytes:
    """The font of the interface, as woff2."""
    return (HERE / FONT).read_bytes()


def _as_data(name: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(_module(name).encode()).decode()}"


def _module(name: str) -> str:
    """A module that imports its neighbours by the names of the import map."""
    name = INSTEAD.get(name, name)

    def named(match: re.Match[str]) -> str:
        return "batchviz/" + posixpath.normpath(posixpath.join(posixpath.dirname(name), match[0]))

    return _RELATIVE.sub(named, SERVED[name].decode())
