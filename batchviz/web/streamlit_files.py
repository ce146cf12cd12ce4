"""The files of Streamlit that a browser loads, read without importing Streamlit.

A private corner of it, seen in Streamlit 1.67: a folder `static` in the package, with an `index.html` whose scripts
stand as `src="./static/js/NAME"`, and modules below `static/js` which begin with the kind of element they draw and
import one another as `from"./NAME.js"`. Where that is no longer so, the lists are empty, and a page's files are
fetched as late as without them. `tests/web/test_streamlit_files.py` says which of it is gone.
"""

from __future__ import annotations

import functools
import re
from importlib.util import find_spec
from pathlib import Path

from batchviz.frontend.assets import with_imports

SEEN_IN = "1.67"
SCRIPTS = "static/js/"
"""Relative to the app's address, and in the folder of Streamlit's files."""
_AT_START = re.compile(r'src="\./static/js/([^"]+)"')
_IMPORT = re.compile(r'(?:from|import)"\./([^"]+\.js)"')


def folder() -> Path:
    """Where Streamlit keeps what its server hands out."""
    package = find_spec("streamlit")
    return Path((package and package.origin) or "").with_name("static")


@functools.cache
def script_names() -> frozenset[str]:
    """The names of all scripts."""
    return frozenset(file.name for file in (folder() / SCRIPTS).glob("*.js"))


def at_start() -> list[str]:
    """The scripts that Streamlit's page itself names."""
    page = folder() / "index.html"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return [name for name in _AT_START.findall(text) if name in script_names()]


def imported_by(name: str) -> list[str]:
    """The scripts that a script imports."""
    text = (folder() / SCRIPTS / name).read_text(encoding="utf-8")
    return [other for other in _IMPORT.findall(text) if other in script_names()]


@functools.cache
def scripts(*elements: str) -> list[str]:
    """What these kinds of elements ("BidiComponent", "Html") need beyond the page's own start, imports included.

    Relative to the app's address. Empty for a name that this version of Streamlit does not have, and where the page's
    own start is not known, because then nobody knows what is beyond it.
    """
    start = with_imports(at_start(), imported_by)
    first = (name for kind in elements for name in sorted(script_names()) if name.startswith(f"{kind}."))
    return [SCRIPTS + name for name in with_imports(first, imported_by) if start and name not in start]
