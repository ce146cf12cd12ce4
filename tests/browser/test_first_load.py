"""What a stranger's browser asks for before anything moves, and how much comes until the page hears a press."""

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.first_load import MOST_MEGABYTES, MOST_REQUESTS, visit
from scripts.server import Server
from tests.browser.conftest import PATIENCE

pytestmark = pytest.mark.browser


def test_the_first_screen_moves_before_much_is_asked_for_and_all_of_it_is_small(
    browser: Browser, server: Server
) -> None:
    first = visit(browser, server.url, "loopback")
    # Six where the machine is free: the page, its script, what Streamlit's page names itself.
    assert first.requests <= MOST_REQUESTS
    assert first.all_requests <= 130
    assert first.all_megabytes <= MOST_MEGABYTES
    assert first.said == []
    assert first.scripts == 1, "each further run costs the server as much as another visitor"


def test_without_a_websocket_the_page_says_so_and_leads_to_one_that_needs_none(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
    page.clock.install()
    page.goto(f"{server.url}/compare")
    page.get_by_test_id("stApp").wait_for(state="attached")
    page.clock.run_for(10_000)  # the seconds without a connection after which it is told
    said = page.locator("#batchviz-unconnected")
    expect(said).to_contain_text("No live connection yet")
    said.get_by_role("link").click()
    page.wait_for_selector("[data-first-point]")
    expect(page.get_by_test_id("headline")).to_contain_text("After 10 epochs, B = ")
    context.close()
