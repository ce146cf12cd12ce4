"""The files that browsers read: scripts, styles, pieces of HTML. The only module that knows where they lie.

There is no build: what is served is put together from the files as they are written when this is imported. FIRST is
what the first screen plays with, REST is everything else, which takes from FIRST what is there; TERMS draws cards of
terms, and is asked for with the first of them. A style sheet comes with those that it imports. So a page asks twice
for scripts, not seventy times (bundle.py).

Their address contains a digest of all sources: a new version is a new address, old files never mix in.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from batchviz.frontend.bundle import Bundler

HERE = Path(__file__).parent
_STYLE_IMPORT = re.compile(r'^@import "([^"]+)";\n', re.MULTILINE)

SOURCES: dict[str, bytes] = {
    path.relative_to(HERE).as_posix(): path.read_bytes()
    for folder in ("src", "css")
    for path in sorted((HERE / folder).rglob("*"))
    if path.suffix in (".js", ".css") and not path.name.endswith(".test.js")
}
"""Name below this folder -> content, of all scripts and styles."""

VERSION = base64.urlsafe_b64encode(hashlib.sha256(repr(SOURCES).encode()).digest()[:3]).decode()
PATH = f"assets/{VERSION}/"
"""Where the browser finds them, relative to the app's base address."""
FIRST, REST, TERMS = "first.js", "rest.js", "terms.js"
START = "src/opening/start.js"
"""What FIRST runs."""


class Component(NamedTuple):
    """The files a Streamlit component begins with: names in SOURCES."""

    module: str
    style: str


COMPONENTS = {
    "live": Component("src/live/index.js", "css/live.css"),
    "figure": Component("src/figure/index.js", "css/figure.css"),
    "dealing": Component("src/dealing/index.js", "css/dealing.css"),
    "recorded": Component("src/recorded/index.js", "css/recorded.css"),
    "inspection": Component("src/inspection/index.js", "css/inspection.css"),
    "pictures": Component("src/pictures/index.js", "css/pictures.css"),
}


def source(name: str) -> str:
    """The text of a script or a style sheet."""
    return SOURCES[name].decode()


def text(name: str) -> str:
    """A file below this folder as it is written."""
    return (HERE / name).read_text(encoding="utf-8")


def with_imports(names: Iterable[str], imports: Callable[[str], Iterable[str]]) -> list[str]:
    """The names, and what they import, and what that imports: nearest first, each once."""
    collected: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in collected:
            collected[name] = None
            waiting += imports(name)
    return list(collected)


def styles(names: Iterable[str]) -> str:
    """Style sheets as one: what one imports stands before it, each once."""

    def imported_by(name: str) -> list[str]:
        folder = posixpath.dirname(name)
        return [
            posixpath.normpath(posixpath.join(folder, path)) for path in _STYLE_IMPORT.findall(source(name))
        ]

    in_order = reversed(with_imports(reversed(list(names)), imported_by))
    return "\n".join(_STYLE_IMPORT.sub("", source(name)) for name in in_order)


def _served() -> dict[str, bytes]:
    bundler = Bundler(source)
    first = bundler.in_order([START])[:-1]
    entries = {name: component.module for name, component in COMPONENTS.items()}
    files = {
        FIRST: bundler.program(START, shared=True),
        REST: bundler.bundle(entries, first, f"./{FIRST}"),
        TERMS: bundler.bundle({"dialog": "src/terms/dialog.js"}),
        **{f"{name}.css": styles([component.style]) for name, component in COMPONENTS.items()},
    }
    return {name: content.encode() for name, content in files.items()}


SERVED = _served()
"""Name below PATH -> content, of all that browsers ask for."""


def addresses(component: str) -> dict[str, str]:
    """What src/mount.js is told of a component: addresses relative to the app's, and the name it is exported under."""
    return {"module": f"{PATH}{REST}", "part": component, "style": f"{PATH}{component}.css"}


@functools.cache
def needed(component: str) -> tuple[list[str], list[str]]:
    """The scripts and the style sheets of a component, relative to the app's address."""
    return [f"{PATH}{FIRST}", f"{PATH}{REST}"], [f"{PATH}{component}.css"]
