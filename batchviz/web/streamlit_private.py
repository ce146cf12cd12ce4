"""What we know of Streamlit that it does not document, and how we come by it.

- `static/manifest.json`, which Streamlit's build leaves beside the scripts it serves, in the documented format of
  Vite's manifests: which scripts a browser loads for which kind of element. Read without importing Streamlit.
- `window.__streamlit.BACKEND_BASE_URL`, which its page reads before it looks for its server.
- The route `_stcore/metrics`, which we do not pass on, and `_stcore/upload_file/SESSION/FILE`, which takes a file.
- The cookie `_streamlit_xsrf`, whose marks we change over https.
- `runtime.get_instance().uploaded_file_mgr.get_stats()`, which says what those files take.
- The socket it listens at, which asyncio's own loop does not know for TCP: each answer then waits until the browser
  has acknowledged its head, 40 ms and a trip. uvloop, of Streamlit's extra `performance`, sends at once.
- `runner.postScriptGC`, a hidden option, set in .streamlit/config.toml.
- The `data-testid`s that style sheets and scripts select by, and the attributes that say what the page is doing.

`tests/web/test_streamlit_private.py` says in a sentence which of it an installed Streamlit no longer has.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict, cast

from batchviz.frontend.assets import with_imports

SEEN_IN = "1.67"
"""The version of Streamlit that all of this was last seen in. pyproject.toml allows no other."""

BASE_SCRIPT = 'window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href}'
"""Where the app is, for the page: beside each of its addresses. Left alone the page asks at `compare/_stcore/health`
first, takes the 404 for an answer, and asks again one level up: an error in every console, and a trip more."""

METRICS = "/_stcore/metrics"
"""Where its server tells everybody how many visitors there are and what memory they take. It has no switch for that."""

UPLOAD = "/_stcore/upload_file/"
"""Where its page sends a visitor's file to."""

UPLOAD_COOKIE = "_streamlit_xsrf"
"""What a page must have to send one."""


class Chunk(TypedDict, total=False):
    """An entry of Vite's manifest: a file, what it was made of, and the entries that it imports at once."""

    file: str
    name: str
    isEntry: bool
    imports: list[str]


def static_folder() -> Path:
    """Where Streamlit keeps what its server hands out."""
    package = find_spec("streamlit")
    assert package, "Streamlit is a dependency"
    return Path(str(package.origin)).with_name("static")


@functools.cache
def manifest() -> dict[str, Chunk]:
    """Streamlit's scripts by their names in its build; empty for a version that has no manifest."""
    path = static_folder() / "manifest.json"
    return cast("dict[str, Chunk]", json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


@functools.cache
def scripts(*elements: str) -> list[str]:
    """What these kinds of elements ("BidiComponent", "Html") need beyond the page's own start, imports included.

    Relative to the app's address. Empty for a name that this version of Streamlit does not have, and where the page's
    own start is not known, because then nobody knows what is beyond it.
    """
    chunks = manifest()

    def with_all_imports(names: Iterable[str]) -> list[str]:
        return with_imports(names, lambda name: chunks[name].get("imports", []))

    start = with_all_imports(name for name, chunk in chunks.items() if chunk.get("isEntry"))
    named = [name for kind in elements for name, chunk in chunks.items() if chunk.get("name") == kind]
    return [chunks[name]["file"] for name in with_all_imports(named) if start and name not in start]
