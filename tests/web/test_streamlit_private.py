"""Every private corner of Streamlit that we reach into is still there; if not, a sentence says which and where."""

import asyncio
import functools
import re
import socket
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server.starlette import starlette_routes, starlette_server, starlette_server_config
from uvicorn import Config

from batchviz.web.preload import ELEMENTS
from batchviz.web.streamlit_private import (
    METRICS,
    SEEN_IN,
    UPLOAD,
    UPLOAD_COOKIE,
    manifest,
    scripts,
    static_folder,
)

ROOT = Path(__file__).parents[2]
HIDDEN_OPTION = "runner.postScriptGC"
TEST_ID = re.compile(
    r"""data-testid=["']?(st[A-Z][\w-]*)|get_by_test_id\("(st[A-Z][\w-]*)"\)|"(st[A-Z][a-zA-Z]+)","""
)
ATTRIBUTE = re.compile(r"data-test-[a-z-]+|\bdataset\.test[A-Z]\w+")
BUTTON = "stBaseButton-"


def places(pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Name -> the files of ours that use it."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder in ("batchviz/frontend", "batchviz/ui", "pages", "tests/browser"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".css", ".js", ".py", ".html") and "vendor" not in path.parts:
                for match in pattern.finditer(path.read_text(encoding="utf-8")):
                    name = next(filter(None, match.groups()), match[0])
                    if name.startswith("dataset."):  # as a script names an attribute
                        name = re.sub("[A-Z]", r"-\g<0>", name).lower().replace("dataset.", "data-")
                    found[name].append(path.relative_to(ROOT).as_posix())
    return {name: sorted(set(files)) for name, files in sorted(found.items())}


@functools.cache
def bundled() -> str:
    """All scripts that Streamlit serves."""
    return "\n".join(
        path.read_text(encoding="utf-8") for path in (static_folder() / "static/js").glob("*.js")
    )


def selected_by(name: str) -> bool:
    """Whether Streamlit's page has elements with this test id. Buttons are named by a prefix and their kind."""
    texts = {f"{quote}{name}{quote}" for quote in "'\"`"}
    if name.startswith(BUTTON):
        return f"`{BUTTON}${{" in bundled() and f"`{name.removeprefix(BUTTON)}`" in bundled()
    return any(text in bundled() for text in texts)


def hidden_option() -> bool:
    option = config.get_config_options().get(HIDDEN_OPTION)
    return option is not None and option.type is bool


def uploaded_bytes() -> bool:
    manager = MemoryUploadedFileManager("")
    manager.add_file("page", UploadedFileRec("file", "name", "type", b"12345"))
    stats = [stat for family in manager.get_stats().values() for stat in family]
    return isinstance(Runtime.uploaded_file_mgr, property) and sum(stat.byte_length for stat in stats) == 5


def entry() -> bool:
    return any(chunk.get("isEntry") for chunk in manifest().values())


def element(kind: str) -> bool:
    return bool(scripts(kind)) and all((static_folder() / file).is_file() for file in scripts(kind))


CORNERS: dict[str, tuple[Callable[[], bool], str]] = {
    f"the hidden option {HIDDEN_OPTION}": (
        hidden_option,
        "take it out of .streamlit/config.toml, and look for what collects garbage after a script run now",
    ),
    "an entry in static/manifest.json": (
        entry,
        "web/streamlit_private has to learn otherwise which scripts a page starts with",
    ),
    "the route _stcore/metrics": (
        lambda: METRICS.lstrip("/") == starlette_routes.BASE_ROUTE_CORE + "/metrics",
        "look which route tells its metrics now, and change METRICS in web/streamlit_private",
    ),
    "the route _stcore/upload_file": (
        lambda: UPLOAD.strip("/") == starlette_routes.BASE_ROUTE_UPLOAD_FILE,
        "look where its page sends files now, and change UPLOAD in web/streamlit_private",
    ),
    "the cookie _streamlit_xsrf": (
        lambda: UPLOAD_COOKIE == starlette_server_config.XSRF_COOKIE_NAME,
        "look which cookie it checks for an upload now, and change UPLOAD_COOKIE in web/streamlit_private",
    ),
    "a count of the bytes of uploaded files": (
        uploaded_bytes,
        "find what its uploaded files take now, and change uploads_bytes in ui/resources",
    ),
    "the address window.__streamlit.BACKEND_BASE_URL": (
        lambda: "window.__streamlit" in bundled() and "BACKEND_BASE_URL" in bundled(),
        "find what its page asks first for its server, and change BASE_SCRIPT in web/streamlit_private",
    ),
    **{
        f"the element {kind} in static/manifest.json": (
            partial(element, kind),
            "find its new name and change it in web/preload",
        )
        for kind in ELEMENTS
    },
    **{
        f'an element with data-testid="{name}"': (
            partial(selected_by, name),
            f"find its new name and change it in {', '.join(files)}",
        )
        for name, files in places(TEST_ID).items()
    },
    **{
        f"the attribute {name}": (
            lambda name=name: name in bundled(),
            f"find its new name and change it in {', '.join(files)}",
        )
        for name, files in places(ATTRIBUTE).items()
    },
}


@pytest.mark.parametrize("corner", CORNERS)
def test_streamlit_still_has(corner: str) -> None:
    there, what_to_do = CORNERS[corner]
    assert there(), (
        f"Streamlit {version('streamlit')} no longer has {corner}, seen in {SEEN_IN}: {what_to_do}."
    )


def test_the_version_it_was_seen_in_is_the_one_that_is_allowed() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"streamlit[performance]=={SEEN_IN}.*" in dependencies, (
        "look every corner up in the new version, then raise SEEN_IN"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop has no Windows")
def test_small_answers_are_not_held_back() -> None:
    """Over a socket that Streamlit has opened, each part of an answer goes out at once."""
    loop = Config("app:app", **starlette_server._get_uvicorn_config_kwargs()).get_loop_factory()
    listening = starlette_server._bind_socket("127.0.0.1", 0, 8)

    async def sent_at_once() -> bool:
        connected = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(lambda _, writer: connected.set_result(writer), sock=listening)
        _, browser = await asyncio.open_connection(*listening.getsockname())
        answering = (await connected).get_extra_info("socket")
        at_once = bool(answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        browser.close()
        server.close()
        return at_once

    def answer() -> bool:
        with asyncio.Runner(loop_factory=loop) as runner:
            return runner.run(sent_at_once())

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(answer).result(), (
            "install uvloop: python -m pip install 'streamlit[performance]'"
        )


def test_a_name_that_streamlit_does_not_have_is_missed() -> None:
    assert not selected_by("stNoSuchThing")
    assert not selected_by("stBaseButton-noSuchKind")
    assert {"stHtml", "stApp", "stTopNavLink", "stBaseButton-primary"} <= places(TEST_ID).keys()
