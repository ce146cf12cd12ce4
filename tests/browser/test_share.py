"""Sharing in a real browser: what is copied and scanned opens, embeds show the chart, many tabs train once."""

import re
import sqlite3
import urllib.parse
from contextlib import ExitStack

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import Playground, Server

pytestmark = pytest.mark.browser

HOSTILE = "<script>window.hurt=1</script> **bold** $x^2$ :red[no] <img src=x onerror='window.hurt=1'>"
MODULES = """async (image) => {
    await image.decode();
    const canvas = document.createElement("canvas");
    const side = canvas.width = canvas.height = image.naturalWidth / 10;  // 10 pixels a module
    const brush = canvas.getContext("2d");
    brush.imageSmoothingEnabled = false;
    brush.drawImage(image, 0, 0, side, side);
    const { data } = brush.getImageData(0, 0, side, side);
    const dark = (x, y) => data[4 * (y * side + x)] < 128 ? 1 : 0;
    return Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => dark(x, y)));
}"""


def share(page: Page) -> None:
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_test_id("share-link").wait_for()


def scanned(page: Page) -> list[list[int]]:
    """The modules of the QR code as the browser draws it, its quiet zone included."""
    return page.get_by_test_id("share-qr").evaluate(MODULES)


def test_the_shared_link_is_what_is_copied_and_what_the_code_says(playground: Playground) -> None:
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.open("?v=1&batch_size=8")
    share(page)
    page.get_by_text("For a class").click()
    page.get_by_label("Title").fill("Small & noisy")
    page.get_by_label("Title").press("Enter")
    page.get_by_text("Only those I choose").click()
    expect(page.get_by_test_id("share-link")).to_have_value(
        f"{playground.server.url}/?v=1&batch_size=8&title=Small%20%26%20noisy&free=none"
    )
    link = page.get_by_test_id("share-link").input_value()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    expected = segno.make(link, error="l", micro=False).matrix_iter(border=4)
    assert scanned(page) == [list(row) for row in expected]
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def test_a_page_without_a_clipboard_still_copies(playground_alone: Playground) -> None:
    playground, page = playground_alone, playground_alone.page
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    playground.open("?v=1&batch_size=8")
    share(page)
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("For a class").click()
    page.get_by_label("Title").focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_label("Title")).to_have_value(f"{playground.server.url}/?v=1&batch_size=8")


def test_an_embedded_run_is_a_chart_without_the_apps_own_head(playground: Playground) -> None:
    playground.open("?v=1&seed=21")
    playground.press("Train")
    playground.until_status("done")
    playground.page.wait_for_url(re.compile("runs="))
    page = playground.page
    share(page)
    page.get_by_text("For a class").click()
    page.get_by_text("Chart alone").click()
    expect(page.get_by_test_id("share-link")).to_have_value(re.compile("layout=chart"))
    page.get_by_text("Embed in another page").click()
    snippet = page.get_by_test_id("share-embed").input_value()
    page.set_content(f"<!doctype html><title>A lesson</title><main><h1>A lesson</h1>{snippet}</main>")
    inside: FrameLocator = page.frame_locator("iframe")
    inside.locator("[data-first-point]").wait_for()
    expect(inside.get_by_test_id("live-chart-loss")).to_be_visible()
    for gone in ("stTopNavLink", "stToolbar", "stSidebar", "facts"):
        expect(inside.get_by_test_id(gone).filter(visible=True)).to_have_count(0)
    expect(inside.get_by_role("button", name="Train", exact=True)).to_have_count(0)
    frame = page.locator("iframe").bounding_box()
    assert frame
    assert frame["height"] == 780
    assert page.locator("iframe").get_attribute("title") == "BatchViz: runs"


def test_a_page_of_another_site_cannot_show_it_in_a_frame(playground: Playground) -> None:
    """To a browser another name of the same machine is another site."""
    page, url = playground.page, playground.server.url
    page.goto(f"{url.replace('127.0.0.1', 'localhost')}/api/health")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.set_content(f"<!doctype html><title>Elsewhere</title><iframe src='{url}/'></iframe>")
    page.frames[1].wait_for_url(lambda url: url.startswith("chrome-error:"), wait_until="commit")


def test_a_links_words_are_text_and_its_preset_draws_the_chart(playground: Playground) -> None:
    page = playground.page
    page.goto(f"{playground.server.url}/?" + "&".join(["v=1", "seed=22", "layout=updates-log-smooth50"]))
    playground.idle()
    playground.press("Train")
    playground.until_status("done")
    assert page.get_by_test_id("live-toolbar").get_attribute("data-axis") == "updates"
    page.get_by_role("radio", name="Seconds", exact=True).check(force=True)
    page.wait_for_url(re.compile("runs="))
    page.reload()
    playground.until_status("done")
    assert page.get_by_test_id("live-toolbar").get_attribute("data-axis") == "seconds", (
        "the learner's choice stays"
    )
    words = urllib.parse.quote(HOSTILE)
    playground.open(f"?v=1&title={words}&text={words}%0Aand+a+second+line")
    expect(page.get_by_test_id("words").get_by_role("heading")).to_have_text(HOSTILE)
    expect(page.get_by_test_id("words").locator("p")).to_have_text(f"{HOSTILE}\nand a second line")
    assert page.evaluate("window.hurt") is None
    assert page.get_by_test_id("live-toolbar").get_attribute("data-axis") in (None, "epochs")


def test_a_board_is_read_by_another_visitor_as_text(playground: Playground, page_of_another: Page) -> None:
    page, server = playground.page, playground.server
    playground.open("?v=1&seed=25")
    playground.press("Train")
    playground.until_status("done")
    (run_id,) = playground.run_ids()
    page.goto(f"{server.url}/compare?v=1&x=updates&runs={run_id}")
    playground.idle()
    playground.press("Save as board")
    page.get_by_label("Name", exact=True).fill(HOSTILE)
    page.get_by_label("Text", exact=True).fill(HOSTILE)
    playground.press("Save")
    saved = page.get_by_test_id("share-link")
    expect(saved).to_have_value(re.compile(re.escape(f"{server.url}/board?id=") + r"[\w-]+"))
    link = saved.input_value()
    other = Playground(page_of_another, server)
    other.page.goto(link)
    other.page.get_by_test_id("board-text").wait_for()
    expect(other.page.get_by_test_id("board-name")).to_have_text(HOSTILE)
    expect(other.page.get_by_test_id("board-text")).to_have_text(HOSTILE)
    other.page.get_by_test_id("chart").locator(".scatterlayer .trace").first.wait_for(state="attached")
    expect(other.page.get_by_role("button", name="Delete", exact=True)).to_have_count(0)
    assert other.page.evaluate("window.hurt") is None
    assert other.page.url == link
    page.goto(f"{server.url}/board")
    page.get_by_test_id("boards").wait_for()
    expect(page.get_by_test_id("boards").get_by_role("link")).to_contain_text(HOSTILE)
    assert page.evaluate("window.hurt") is None
    found = Axe().run(other.page)
    assert not found.response["violations"], found.generate_report()


class Tab:
    """What a browser tab is to the server: a session that runs the page's script once."""

    def __init__(self, socket: ClientConnection, query: str) -> None:
        self.seen = b""
        self.socket = socket
        opening = BackMsg()
        opening.rerun_script.query_string = query
        socket.send(opening.SerializeToString())

    def opened(self) -> None:
        """Wait for the end of the script and keep what it sent."""
        while True:
            message = self.socket.recv(timeout=60)
            assert isinstance(message, bytes)
            self.seen += message
            if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
                return


def open_tabs(server: Server, query: str, count: int, stack: ExitStack) -> list[Tab]:
    """All are open before the first is waited for."""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    who = [{"Cookie": f"batchviz_visitor=visitor-of-tab-{number:08}"} for number in range(count)]
    sockets = [
        stack.enter_context(
            connect(
                address,
                origin=Origin(server.url),
                subprotocols=[Subprotocol("streamlit")],
                additional_headers=one,
            )
        )
        for one in who
    ]
    tabs = [Tab(socket, query) for socket in sockets]
    for tab in tabs:
        tab.opened()
    return tabs


def in_store(server: Server, question: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(server.data_dir / "batchviz.db") as database:
        return database.execute(question).fetchall()


def test_a_shared_live_run_opened_from_30_tabs_trains_once(
    playground: Playground, page_of_another: Page
) -> None:
    server = playground.server
    playground.open("?v=1&rows=4000&hidden=128-64&batch_size=1&budget=400&seed=23")
    playground.press("Train")
    playground.until_status("running")
    (run_id,) = playground.run_ids()
    before = in_store(server, "select count(*) from run")
    pages = [Playground(page, server) for page in (page_of_another, page_of_another.context.new_page())]
    with ExitStack() as stack:
        tabs = open_tabs(server, f"runs={run_id}", 28, stack)
        for page in pages:
            page.page.goto(f"{server.url}/?runs={run_id}")
            page.until_status("running")
            page.drawn()
        assert all(run_id.encode() in tab.seen for tab in tabs), "every page was told to show the run"
        assert in_store(server, "select count(*) from run") == before
        attempts = "select number from attempt join run on run.id = run_id where public_id = "
        assert in_store(server, f"{attempts}'{run_id}'") == [(1,)]
        open_tabs(server, "v=1&rows=20000&batch_size=2&budget=50&seed=24&title=Try", 2, stack)
        assert in_store(server, "select count(*) from run") == before, "a set-up starts nothing"
    playground.press("Stop")
    for page in (playground, *pages):
        page.until_status("stopped")
