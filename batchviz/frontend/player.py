"""The player that stands in a file of its own: the live chart's modules as one script, its styles, its font.

Modules that would ask the server are replaced by those in src/offline.
"""

from __future__ import annotations

from batchviz.frontend import assets
from batchviz.frontend.assets import COMPONENTS, HERE
from batchviz.frontend.bundle import Bundler

START = "src/offline/start.js"
"""Mounts the player on all runs of the page."""
DEMO = "src/demo/start.js"
"""Mounts it on those of the runs that are chosen."""
LESSON = "src/lesson/start.js"
"""Mounts it where the prediction of a lesson was made."""
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
    LESSON: ("css/tokens.css", "css/player.css", COMPONENTS["live"].style, "css/lesson.css"),
}
FONT = "../ui/static/inter-latin.woff2"


def script(start: str = START) -> str:
    """The script that mounts the player."""
    text = Bundler(assets.source, INSTEAD).program(start)
    assert "</script" not in text, "it stands in an element of HTML"
    return text


def styles(start: str = START) -> str:
    """Its style sheets, one after the other."""
    return assets.styles(STYLES[start])


def font() -> bytes:
    """The font of the interface, as woff2."""
    return (HERE / FONT).read_bytes()
