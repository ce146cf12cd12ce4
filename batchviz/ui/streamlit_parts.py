"""Streamlit's own scripts for a kind of element. It fetches them only when it draws the first of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from streamlit.file_util import get_static_dir

SCRIPTS = "static/js/"
"""Relative to the app's address, and in the folder of Streamlit's files."""
_AT_START = re.compile(r'src="\./static/js/([^"]+)"')
_IMPORT = re.compile(r'(?:from|import)"\./([^"]+\.js)"')


def scripts(*elements: str) -> list[str]:
    """What these kinds of elements ("BidiComponent", "Html") need beyond the page's own start, imports included.

    Relative to the app's address. Empty for a name that this version of Streamlit does not have: the files are then
    fetched as late as without it, nothing worse.
    """
    folder = Path(get_static_dir()) / SCRIPTS
    page = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    start = _with_imports(folder, _AT_START.findall(page))
    wanted = _with_imports(
        folder, [file.name for name in elements for file in sorted(folder.glob(f"{name}.*.js"))]
    )
    return [SCRIPTS + name for name in wanted if name not in start]


def _with_imports(folder: Path, names: Iterable[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found and (folder / name).is_file():
            found[name] = None
            waiting += _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
    return found
