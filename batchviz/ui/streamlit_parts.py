"""Streamlit's own scripts for a kind of element. It fetches them only when it draws the first of its kind."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from streamlit.file_util import get_static_dir

from batchviz.ui.assets import with_imports

SCRIPTS = "static/js/"
"""Relative to the app's address, and in the folder of Streamlit's files."""
_AT_START = re.compile(r'src="\./static/js/([^"]+)"')
_IMPORT = re.compile(r'(?:from|import)"\./([^"]+\.js)"')


@functools.cache
def scripts(*elements: str) -> list[str]:
    """What these kinds of elements ("BidiComponent", "Html") need beyond the page's own start, imports included.

    Relative to the app's address. Empty for a name that this version of Streamlit does not have: the files are then
    fetched as late as without it, nothing worse.
    """
    folder = Path(get_static_dir()) / SCRIPTS
    files = {file.name for file in folder.glob("*.js")}

    def imports(name: str) -> list[str]:
        found = _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
        return [other for other in found if other in files]

    page = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    start = with_imports(files.intersection(_AT_START.findall(page)), imports)
    named = (name for kind in elements for name in sorted(files) if name.startswith(f"{kind}."))
    return [SCRIPTS + name for name in with_imports(named, imports) if name not in start]
