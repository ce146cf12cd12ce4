"""Behind a real nginx, with the very files of docs/deploy: the page, its websocket, an upload, at either address."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.server import Server, free_port, wait_for
from tests.browser.conftest import IDLE

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
DEPLOY = Path(__file__).parents[2] / "docs/deploy"

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@pytest.fixture(params=["", "lab"], ids=["root", "prefix"])
def proxied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the application as nginx serves it."""
    prefix, port = request.param, free_port()
    server = Server(tmp_path, free_port(), prefix=prefix)
    server.start()
    config = (DEPLOY / ("nginx-prefix.conf" if prefix else "nginx.conf")).read_text(encoding="utf-8")
    config = config.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("8501", str(server.port))
    places = "".join(
        f"{name}_temp_path {tmp_path};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; {places}\n{config}\n}}"
    )
    assert NGINX
    nginx = subprocess.Popen([NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    try:
        url = f"http://127.0.0.1:{port}/{prefix}".rstrip("/")
        wait_for(f"{url}/_stcore/health", "ok", 20)
        yield url
    finally:
        nginx.terminate()
        nginx.wait(10)
        server.stop()


def test_behind_nginx_the_application_is_whole(browser: Browser, proxied: str) -> None:
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
