"""The set-up files agree with each other, and Streamlit obeys the settings we rely on."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from batchviz.importers.limits import MAX_ARCHIVE_BYTES, MAX_TABLE_BYTES

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PLATFORMS = [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")]


def locked(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours, by WCAG 2's definition."""

    def luminance(color: str) -> float:
        channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(("system", "machine"), PLATFORMS)
def test_the_lock_gives_every_dependency_one_allowed_version_on_every_platform(system, machine, python):
    environment = default_environment() | {
        "sys_platform": system,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "extra": "",
    }

    def here(requirement: Requirement) -> bool:
        return requirement.marker is None or requirement.marker.evaluate(environment)

    extras = [item for items in PROJECT["optional-dependencies"].values() for item in items]
    for name, wanted in {
        "requirements.txt": PROJECT["dependencies"],
        "constraints.txt": PROJECT["dependencies"] + extras,
    }.items():
        pins = [pin for pin in locked(name) if here(pin)]
        versions = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
        assert len(versions) == len(pins), f"{name} pins a package twice"
        for requirement in filter(here, map(Requirement, wanted)):
            version = versions.get(canonicalize_name(requirement.name))
            assert version, f"{name} lacks {requirement.name} on {system} {machine}"
            assert version in requirement.specifier, f"{name} pins {requirement.name} outside pyproject.toml"


def test_requirements_are_a_part_of_the_lock():
    def pins(name: str) -> set[tuple[str, str]]:
        return {(pin.name, str(pin.specifier)) for pin in locked(name)}

    assert pins("requirements.txt") <= pins("constraints.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_the_lock_names_no_server_and_no_path(name):
    assert not re.search(r"://|^\s*-|find-links|index-url|/home/|/tmp/", (ROOT / name).read_text(), re.M)


def test_whatever_the_package_imports_is_declared():
    declared = {canonicalize_name(Requirement(item).name) for item in PROJECT["dependencies"]}
    optional = {
        canonicalize_name(Requirement(item).name)
        for extra in ("postgres", "mlflow", "cluster", "bench")
        for item in PROJECT["optional-dependencies"][extra]
    }
    distributions = packages_distributions()
    sources = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "batchviz").rglob("*.py")]
    for path in filter(Path.exists, sources):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            else:
                continue
            for module in {name.split(".")[0] for name in modules} - sys.stdlib_module_names - {"batchviz"}:
                owners = {canonicalize_name(name) for name in distributions.get(module, [module])}
                assert owners & (declared | optional), (
                    f"{path.relative_to(ROOT)} imports {module}, undeclared"
                )


def test_streamlit_knows_and_takes_every_setting(monkeypatch):
    """A misspelt or withdrawn option is only a warning in Streamlit's log."""
    from streamlit import config

    monkeypatch.chdir(ROOT)
    written = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    for section in ("server", "runner", "client", "browser"):
        for key, value in written[section].items():
            assert config.get_option(f"{section}.{key}") == value, f"{section}.{key}"


def test_every_upload_that_a_page_offers_is_let_through_by_the_server():
    """Streamlit's route answers 413 above `maxUploadSize`, whatever limit the uploader itself names."""
    allowed = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]["maxUploadSize"]
    assert allowed == MAX_ARCHIVE_BYTES // 10**6 == 100
    assert MAX_TABLE_BYTES // 2**20 == 20
    assert allowed * 2**20 >= MAX_TABLE_BYTES


PAGE = """
import gc, pathlib
import streamlit as st

if not hasattr(gc, "log"):
    gc.log = pathlib.Path(__file__).with_name("collections.txt")
    gc.log.touch()
    collect = gc.collect
    gc.collect = lambda *args: (gc.log.open("a").write("x"), collect(*args))[1]
st.write("a page")
"""


@pytest.mark.parametrize(
    ("environment", "expected"), [({}, 0), ({"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}, 2)]
)
def test_garbage_is_collected_after_a_script_run_only_if_asked_for(tmp_path, environment, expected):
    """`runner.postScriptGC` is hidden from Streamlit's documentation; a full collection costs 35-100 ms."""
    (tmp_path / "page.py").write_text(PAGE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", str(tmp_path / "page.py"), *address]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        run_script(port, times=3)
    finally:
        server.terminate()
        server.wait(timeout=20)
    # The third run starts once the second is over, collection included; the third may still be collecting.
    collections = len((tmp_path / "collections.txt").read_text())
    assert collections >= expected if expected else collections == 0


def run_script(port: int, times: int) -> None:
    """Open a session as a browser does and run its script, each run after the end of the one before."""
    message = BackMsg(rerun_script=ClientState()).SerializeToString()
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    with patiently(lambda: connect(url, subprotocols=[Subprotocol("streamlit")], proxy=None)) as session:
        for _ in range(times):
            session.send(message)
            while ForwardMsg.FromString(session.recv(timeout=20)).WhichOneof("type") != "script_finished":
                pass


def patiently(attempt):
    deadline = time.monotonic() + 30
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_accent_and_links_can_be_read_on_every_background(scheme):
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"][scheme]
    backgrounds = [
        part[key]
        for part in (theme, theme["sidebar"])
        for key in ("backgroundColor", "secondaryBackgroundColor")
    ]
    for key in ("textColor", "primaryColor", "linkColor"):
        for background in backgrounds:
            assert contrast(theme[key], background) >= 4.5, f"{scheme} {key} on {background}"


def test_the_font_is_there_with_its_licence():
    (face,) = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]["fontFaces"]
    font = ROOT / "batchviz" / "ui" / "static" / face["url"].removeprefix("app/static/")
    assert font.read_bytes()[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in (font.parent / "inter-license.txt").read_text()
