"""The player that stands in a file of its own: the live chart's modules as one script, its styles, its font.

Modules that would ask the server are replaced by those in src/offline.
"""

from __future__ import annotations

import re

from batchviz.frontend.assets import COMPONENTS, HERE, SERVED, imported_by, with_imports
from batchviz.frontend.assets import text as file_text
from batchviz.frontend.bundle import Bundler

START = "src/offline/start.js"
"""Mounts the player on all runs of the page."""
DEMO = "src/demo/start.js"
"""Mounts it on those of the runs that are chosen."""
INSTEAD = {
    "src/live/poller.js": "src/offline/poller.js",
    "src/live/starts.js": "src/offline/starts.js",
    "src/live/timing.js": "src/offline/timing.js",
    "src/chart/load-plotly.js": "src/offline/load-plotly.js",
}
"""A module that asks the server -> the one that finds everything in the page."""
STYLES = {
    START: ("css/player.css", COMPONENTS["live"].style),
    DEMO: ("css/player.css", COMPONENTS["live"].style, "css/demo.css"),
}
FONT = "../ui/static/inter-latin.woff2"

_STYLE_IMPORT = re.compile(r"^@import [^;]+;\n", re.MULTILINE)


def script(start: str = START) -> str:
    """The script that mounts the player."""
    text = Bundler(lambda name: SERVED[name].decode(), INSTEAD).program(start)
    assert "</script" not in text, "it stands in an element of HTML"
    return text


def styles(start: str = START) -> str:
    """Its style sheets, one after the other: what one imports stands before it."""
    names = reversed(with_imports(reversed(STYLES[start]), imported_by))
    return "\n".join(_STYLE_IMPORT.sub("", file_text(name)) for name in names)


def font() -> bytes:
    """The font of the interface, as woff2."""
    return (HERE / FONT).read_bytes()
