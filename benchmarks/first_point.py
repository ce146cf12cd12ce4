"""From the click on Train to the first point on the screen, in a real browser, the server warm."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import TYPE_CHECKING

from benchmarks.row import Row
from benchmarks.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAME = "click Train to first point, p95"
CLICKS = 20
IDLE = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
# The click is timed where it begins, in the page itself, with the clock that the chart's own mark is taken from.
WATCH = 'addEventListener("pointerdown", () => { window.clicked ??= performance.now(); }, true);'


def rows(repeats: int) -> list[Row]:
    """One row: at least 20 clicks, each with a seed that nobody trained before; skipped without a browser."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if importlib.util.find_spec("playwright") is None or browser is None:
        return [Row.skip(NAME, "playwright and Chromium are needed; make test installs them")]
    from playwright.sync_api import sync_playwright

    with running() as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        samples = [
            _click(chromium, f"{server.url}/?v=1&seed={1000 + n}") for n in range(max(CLICKS, repeats) + 1)
        ]
        chromium.close()
    note = "Chromium on this machine; a loaded page of its own a click; the first click is not counted"
    return [Row(NAME, samples[1:], (), "ms", "below", 500, note, statistic="p95")]


def _click(chromium: Browser, address: str) -> float:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(IDLE)
    page.wait_for_load_state("networkidle")  # warm: everything the page fetches by itself is there
    page.get_by_role("button", name="Train", exact=True).click()
    drawn = page.locator("[data-first-point]").first
    drawn.wait_for(state="attached")
    milliseconds = float(drawn.get_attribute("data-first-point") or "nan") - float(
        page.evaluate("window.clicked")
    )
    page.close()
    return milliseconds
