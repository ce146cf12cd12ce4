"""From the click on Train to the first point on the screen, in a real browser, the server warm."""

from __future__ import annotations

import os
import shutil
import time

from benchmarks.row import Row
from benchmarks.server import running
from benchmarks.untouched import Untouched, untouched

NAME = "click Train to first point, p95"
CLICKS = 20
# The click is timed where it begins, in the page itself, with the clock that the chart's own mark is taken from.
WATCH = '(addEventListener("pointerdown", () => { window.clicked ??= performance.now(); }, true), 0)'
LOADED_SECONDS = 5.0
DRAWN_SECONDS = 3.0
NOT_COUNTED = 2  # browsers keep a script's compiled form once they have met it twice


def rows(repeats: int) -> list[Row]:
    """One row: at least 20 clicks, each with a seed that nobody trained before; skipped without a browser."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return [Row.skip(NAME, "Chromium is needed; make test installs it")]
    clicks = max(CLICKS, repeats) + NOT_COUNTED
    with running() as server, untouched(browser, 1280, 900) as visitor:
        samples = [_click(visitor, f"{server.url}/?v=1&seed={1000 + n}") for n in range(clicks)]
    note = "Chromium on this machine, not traced; a loaded page of its own a click"
    return [Row(NAME, samples[NOT_COUNTED:], (), "ms", "below", 500, note, statistic="p95")]


def _click(browser: Untouched, address: str) -> float:
    with browser.page(address, LOADED_SECONDS) as page:
        page.evaluate(WATCH)
        page.press("Train")
        time.sleep(DRAWN_SECONDS)
        clicked, drawn = page.evaluate(
            "[window.clicked, Number(document.querySelector('[data-first-point]').dataset.firstPoint)]"
        )
    return float(drawn) - float(clicked)
