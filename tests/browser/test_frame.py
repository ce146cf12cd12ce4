"""In a frame of another site, third-party cookies blocked: the page keeps its visitor, and takes a file."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from batchviz.web.visitor import COOKIE
from scripts.server import Server, free_port
from tests.browser.conftest import IDLE, PATIENCE

TABLE = b"a,b,y\n" + b"".join(b"%d,%d,%d\n" % (row, row * row, row % 2) for row in range(60))


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Server]:
    """A server whose pages may stand in a course's: to a browser another name of this machine is another site."""
    server = Server(tmp_path, free_port())
    server.start(BATCHVIZ_EMBED_ORIGINS=f"http://localhost:{server.port}")
    yield server
    server.stop()


@pytest.fixture
def strict(browser: Browser) -> Iterator[Browser]:
    """A browser that blocks third-party cookies."""
    found = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    args = ["--no-sandbox", "--disable-gpu", "--test-third-party-cookie-phaseout"]
    chromium = browser.browser_type.launch(executable_path=found, args=args)
    yield chromium
    chromium.close()


def test_a_file_is_taken_in_a_frame_of_another_site(strict: Browser, embedded: Server) -> None:
    # As behind a proxy with HTTPS: without it no browser keeps a cookie there. This machine counts as secure.
    context = strict.new_context(extra_http_headers={"X-Forwarded-Proto": "https"})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"http://localhost:{embedded.port}/api/plotly.js")
    page.set_content(f"<iframe src='{embedded.url}/data?embed=true' width=1000 height=800></iframe>")
    frame = page.frame_locator("iframe")
    frame.locator(IDLE).wait_for()
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": TABLE}
    frame.locator("input[type=file]").set_input_files(file)
    expect(frame.get_by_text(re.compile("60 rows")).first).to_be_visible()
    kept = {cookie["name"]: cookie for cookie in context.cookies(embedded.url)}
    assert {COOKIE, "_streamlit_xsrf"} <= kept.keys()
    assert {kept[name]["sameSite"] for name in (COOKIE, "_streamlit_xsrf")} == {"None"}
    context.close()
