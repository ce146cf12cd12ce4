"""Behind a real nginx and a real Caddy, with the very files of docs/deploy: the page, its websocket, an upload, at
either address.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.server import Server, free_port, wait_for
from tests.browser.conftest import IDLE

DEPLOY = Path(__file__).parents[2] / "docs/deploy"
FILES = {
    ("nginx", ""): "nginx.conf",
    ("nginx", "lab"): "nginx-prefix.conf",
    ("caddy", ""): "Caddyfile",
    ("caddy", "lab"): "Caddyfile-prefix",
}
pytestmark = pytest.mark.browser


def program(name: str) -> str:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin") or ""


@pytest.fixture(scope="module")
def lab(server: Server) -> Iterator[Server]:
    """A second web server on the database of the first, whose engine it shares."""
    below = Server(server.data_dir, free_port(), prefix="lab")
    below.start()
    yield below
    below.stop()


def nginx(folder: Path, config: str, port: int) -> list[str]:
    config = config.replace("listen 80;", f"listen 127.0.0.1:{port};")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {places}\n{config}\n}}"
    )
    return [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, config: str, port: int) -> list[str]:
    config = config.replace("lab.example.org {", f"http://127.0.0.1:{port} {{")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{config}")
    return [program("caddy"), "run", "--config", str(folder / "Caddyfile")]


@pytest.fixture(params=FILES, ids="-".join)
def proxied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the application as the proxy serves it."""
    name, prefix = request.param
    if not program(name):
        pytest.skip(f"{name} is not installed")
    server: Server = request.getfixturevalue("lab" if prefix else "server")
    config, port = (DEPLOY / FILES[request.param]).read_text(encoding="utf-8"), free_port()
    command = {"nginx": nginx, "caddy": caddy}[name](tmp_path, config.replace("8501", str(server.port)), port)
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with (tmp_path / "said").open("wb") as said:
        proxy = subprocess.Popen(command, env=os.environ | home, stderr=said)
    try:
        url = f"http://127.0.0.1:{port}/{prefix}".rstrip("/")
        wait_for(f"{url}/_stcore/health", "ok", 20)
        yield url
    finally:
        proxy.terminate()
        proxy.wait(10)


def test_behind_a_proxy_the_application_is_whole(browser: Browser, proxied: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{proxied}/data")
    page.wait_for_selector(IDLE)
    table = b"a,b,y\n" + b"".join(b"%d,%d,%d\n" % (row, row * row, row % 2) for row in range(60))
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": table}
    )
    expect(page.get_by_text(re.compile("60 rows")).first).to_be_visible()
    assert complaints == []
    context.close()
