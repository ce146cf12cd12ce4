"""From the click on Train to the first point on the screen, in a real browser, the server warm."""

from __future__ import annotations

import os
import shutil
import time

from benchmarks.bare import bare
from benchmarks.row import Row
from benchmarks.server import running
from benchmarks.untouched import Untouched, untouched

NAMES = ("click Train to first point", "click Train to first point, p95")
CLICKS = 20
# The click is timed where it begins, in the page itself, with the clock that the chart's own mark is taken from.
WATCH = '(addEventListener("pointerdown", () => { window.clicked ??= performance.now(); }, true), 0)'
LOADED_SECONDS = 5.0
DRAWN_SECONDS = 3.0
NOT_COUNTED = 2  # browsers keep a script's compiled form once they have met it twice


def rows(repeats: int) -> list[Row]:
    """Two rows: at least 20 clicks, each with a seed that nobody trained before; skipped without a browser."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return [Row.skip(name, "Chromium is needed; make test installs it") for name in NAMES]
    clicks = max(CLICKS, repeats) + NOT_COUNTED
    with running() as server, bare() as other, untouched(browser, 1280, 900) as visitor:
        samples, peer = [], []
        for n in range(clicks):
            samples.append(_click(visitor, f"{server.url}/?v=1&seed={1000 + n}"))
            peer.append(_bare_click(visitor, other))
    note = "Chromium on this machine, not traced; a loaded page of its own a click"
    return [
        Row(
            NAMES[0], samples[NOT_COUNTED:], peer[NOT_COUNTED:], "ms", "within", 1.0,
            f"peer: a bare Streamlit app, from a click to its one st.plotly_chart drawn anew; {note}",
        ),
        Row(NAMES[1], samples[NOT_COUNTED:], (), "ms", "below", 500, note, statistic="p95"),
    ]  # fmt: skip


def _click(browser: Untouched, address: str) -> float:
    with browser.page(address, LOADED_SECONDS) as page:
        page.evaluate(WATCH)
        page.press("Train")
        time.sleep(DRAWN_SECONDS)
        clicked, drawn = page.evaluate(
            "[window.clicked, Number(document.querySelector('[data-first-point]').dataset.firstPoint)]"
        )
    return float(drawn) - float(clicked)


def _bare_click(browser: Untouched, address: str) -> float:
    with browser.page(address, LOADED_SECONDS) as page:
        page.press("Train")
        time.sleep(DRAWN_SECONDS)
        clicked, drawn = page.evaluate("[bare.clicked, bare.drawn.find((at) => at > bare.clicked)]")
    return float(drawn) - float(clicked)
