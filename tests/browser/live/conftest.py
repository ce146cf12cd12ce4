"""The component alone in a real browser: no Streamlit, no database, no training."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.conftest import PATIENCE
from tests.browser.live.feed_server import FeedServer
from tests.browser.watched_page import WatchedPage

SIZE: ViewportSize = {"width": 1280, "height": 1400}


@pytest.fixture(scope="package")
def feed_server() -> Iterator[FeedServer]:
    server = FeedServer()
    yield server
    server.close()


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One context for all tests: Chromium keeps Plotly compiled, while every page has its own storage."""
    shared = browser.new_context(viewport=SIZE, reduced_motion="reduce")
    shared.set_default_timeout(PATIENCE)
    yield shared
    shared.close()


@pytest.fixture
def feed(feed_server: FeedServer) -> FeedServer:
    feed_server.clear()
    return feed_server


class Live(WatchedPage):
    """The page as a test sees it: opened on some runs, with the component's own hooks to read."""

    def __init__(self, page: Page, feed: FeedServer) -> None:
        super().__init__(page)
        self.feed = feed

    def open(self, *run_ids: str, drawn: bool = True) -> None:
        self.page.goto(f"{self.feed.address}/#{quote(json.dumps(run_ids))}")
        if drawn:
            self.page.wait_for_selector("[data-first-point]")

    def card(self, run_id: str) -> Any:
        return self.page.locator(f"[data-testid=live-card][data-run='{run_id}']")

    def chart(self, kind: str) -> Any:
        return self.page.get_by_test_id(f"live-chart-{kind}")

    def points(self, kind: str = "loss") -> dict[str, int]:
        return json.loads(self.chart(kind).get_attribute("data-points") or "{}")

    def range(self, kind: str = "loss", axis: str = "x") -> list[float]:
        return [float(end) for end in (self.chart(kind).get_attribute(f"data-{axis}-range") or "").split(",")]

    def until_points(self, points: dict[str, int]) -> None:
        """Wait until the loss chart shows exactly so many points of these runs."""
        self.page.wait_for_selector(f"[data-points='{json.dumps(points, separators=(',', ':'))}']")

    @property
    def position(self) -> float:
        return float(self.page.get_by_test_id("live-player").get_attribute("data-position") or "nan")

    def until(self, condition: str) -> None:
        """Wait for a JavaScript expression to become true."""
        self.page.wait_for_function(condition)


@pytest.fixture(scope="package")
def page(context: BrowserContext) -> Page:
    """One page, and with it one process of the browser, which keeps Plotly compiled."""
    return context.new_page()


@pytest.fixture
def live(page: Page, feed: FeedServer) -> Iterator[Live]:
    opened = Live(page, feed)
    yield opened
    try:
        opened.leave()
    finally:
        page.unroute_all()
        page.evaluate("sessionStorage.clear()")
        page.goto("about:blank")
        page.set_viewport_size(SIZE)
