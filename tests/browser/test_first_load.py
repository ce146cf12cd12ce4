"""What a stranger's browser asks for before anything moves, and how much comes until the page hears a press."""

import pytest
from playwright.sync_api import Browser

from benchmarks.first_load import MOST_MEGABYTES, MOST_REQUESTS, visit
from scripts.server import Server

pytestmark = pytest.mark.browser


def test_the_first_screen_moves_before_much_is_asked_for_and_all_of_it_is_small(
    browser: Browser, server: Server
) -> None:
    first = visit(browser, server.url, "loopback")
    # Far below what was promised: the page, its script, what Streamlit's page names itself.
    assert first.requests <= min(20, MOST_REQUESTS)
    assert first.all_requests <= 130
    assert first.all_megabytes <= MOST_MEGABYTES
    assert first.said == []
