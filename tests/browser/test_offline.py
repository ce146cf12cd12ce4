"""The network away for a moment while a run trains, and back."""

import time

import pytest
from playwright.sync_api import ConsoleMessage, expect

from tests.browser.conftest import Playground
from tests.browser.test_playground import LONG, until_points

pytestmark = pytest.mark.browser

SOCKETS = """window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...told) { super(...told); window.sockets.push(this); }
};"""
"""An open socket outlives what the browser is told of its network, so the test must be able to cut it."""
FAILED_REQUESTS = ("Failed to load resource", "WebSocket connection to")
"""What the browser itself writes of every request that found no network."""


def test_a_cut_network_leaves_no_error_and_the_curve_goes_on_by_itself(playground_alone: Playground) -> None:
    playground, page = playground_alone, playground_alone.page
    page.add_init_script(SOCKETS)
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(FAILED_REQUESTS):
            errors.append(message.text)

    page.on("console", note)
    playground.open(LONG + "&seed=31")
    playground.press("Train")
    playground.until_status("running")
    page.get_by_text("Every update").click()
    before = until_points(playground, 10)
    page.context.set_offline(True)
    try:
        page.evaluate("sockets.forEach((socket) => socket.close())")
        expect(page.get_by_test_id("live-notice")).to_contain_text("Connection lost")
        disconnected = "[data-testid=stApp]:not([data-test-connection-state=CONNECTED])"
        page.wait_for_selector(disconnected)
        time.sleep(1)  # long enough for a try in vain, of the feed and of Streamlit
    finally:
        page.context.set_offline(False)
    expect(page.get_by_test_id("live-notice")).not_to_contain_text("Connection lost")
    until_points(playground, before)
    playground.idle()
    playground.press("Stop")  # heard: the session is the one from before
    playground.until_status("stopped")
    assert page.evaluate("sockets.length") > 1, "Streamlit connected anew"
    assert not errors
