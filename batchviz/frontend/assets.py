"""The files that browsers read: scripts, styles, pieces of HTML. The only module that knows where they lie.

Scripts are served as they are written, so the browser's debugger shows the source and there is no build. Their
address contains a digest of all of them: a new version is a new address, old files never mix in, and the modules of
one component may import those of another. Addresses are short, because the header of a page names each.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SCRIPTS = "src/"
_IMPORT = re.compile(r"""^(?:@?import\b[^;]*?|\} from )["'](\.\.?/[^"']+)["']""", re.MULTILINE)

SERVED: dict[str, bytes] = {
    path.relative_to(HERE).as_posix(): path.read_bytes()
    for folder in ("src", "css")
    for path in sorted((HERE / folder).rglob("*"))
    if path.suffix in (".js", ".css") and not path.name.endswith(".test.js")
}
"""Name below this folder -> content, of all scripts and styles."""

VERSION = base64.urlsafe_b64encode(hashlib.sha256(repr(SERVED).encode()).digest()[:3]).decode()
PATH = f"assets/{VERSION}/"
"""Where the browser finds them, relative to the app's base address."""


class Component(NamedTuple):
    """The files a Streamlit component begins with: names in SERVED."""

    module: str
    style: str

    @property
    def addresses(self) -> dict[str, str]:
        """What src/mount.js is told: relative to the app's address."""
        return {"module": address(self.module), "style": address(self.style)}


COMPONENTS = {
    "live": Component("src/live/index.js", "css/live.css"),
    "figure": Component("src/figure/index.js", "css/figure.css"),
}


def address(name: str) -> str:
    """Where the browser finds a script or style, relative to the app's address: scripts lie at the top."""
    return PATH + name.removeprefix(SCRIPTS)


def served(path: str) -> str:
    """The name in SERVED of what an address below PATH asks for; what is not there is no name of any."""
    return path if path in SERVED and not path.startswith(SCRIPTS) else SCRIPTS + path


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


def imported_by(name: str) -> list[str]:
    """What a script or a style sheet imports, as names in SERVED."""
    return [
        posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        for path in _IMPORT.findall(SERVED[name].decode())
    ]


def needed(component: str) -> tuple[list[str], list[str]]:
    """All modules and all style sheets of a component, its own and what they import, relative to the app's address."""
    collected = with_imports(COMPONENTS[component], imported_by)
    return [address(name) for name in collected if name.endswith(".js")], [
        address(name) for name in collected if name.endswith(".css")
    ]
