"""The first visit over lines of several speeds: what it asks for until something moves, until the page is ready, and
until the first chart stands there.

`python -m benchmarks first_load` prints a row each. Chromium, with an empty cache, slows itself down by DevTools'
`Network.emulateNetworkConditions`; bytes are those that come over the line, compressed and with their headers.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.row import Row
from benchmarks.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LINES = {"loopback": 0.0, "10 Mbit/s": 10e6, "1.6 Mbit/s": 1.6e6}
"""Bits a second; 0 is as fast as it goes."""
LATENCY = {"loopback": 0, "10 Mbit/s": 40, "1.6 Mbit/s": 150}
"""Milliseconds to an answer."""
CHART_SECONDS = {"loopback": 2.0, "10 Mbit/s": 6.0, "1.6 Mbit/s": 20.0}
MOST_REQUESTS, MOST_MEGABYTES = 60, 2.5
READY = ".batchviz-opening[data-ready]"
PATIENCE = 120_000
SETTLING = 500
"""Milliseconds, in which what is drawn may ask for a second run of the script."""


BEFORE = """(() => {
  const moved = Number(document.querySelector(".batchviz-opening").dataset.firstMotion);
  const before = performance.getEntriesByType("resource").filter(({ startTime }) => startTime < moved);
  const bytes = before.filter(({ responseEnd }) => responseEnd < moved).map(({ transferSize }) => transferSize);
  return [moved / 1000, before.length + 1, bytes.reduce((a, b) => a + b, 0) / 1e6];
})()"""
"""Seconds to the first motion; requests that began before it, the page's own included; megabytes that had come."""


class Visit(NamedTuple):
    """What a first visit took."""

    moved: float
    """Seconds until something moved."""
    requests: int
    """That had begun."""
    megabytes: float
    """That had come."""
    ready: float
    """Seconds until the Playground hears a press."""
    all_requests: int
    all_megabytes: float
    scripts: int
    """Runs of the page's script: the page's own alone, where nothing of it asks for another."""
    said: list[str]
    """In the console, and answers of 400 and above."""


class Traffic:
    """What a page asked for and what came, since it was opened."""

    def __init__(self, page: Page, bits: float, latency: float) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self.scripts = 0
        page.on("websocket", lambda socket: socket.on("framesent", self._send))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("response", lambda answer: self.said.append(answer.url) if answer.status >= 400 else None)
        self.bytes = 0.0
        self.began = time.monotonic()
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        if bits:
            speed = {"downloadThroughput": bits / 8, "uploadThroughput": bits / 8, "latency": latency}
            line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
        line.on("Network.requestWillBeSent", lambda event: self._ask(event))
        line.on("Network.dataReceived", lambda event: self._come(event["encodedDataLength"]))

    def _ask(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.asked.append(event["request"]["url"])

    def _send(self, message: str | bytes) -> None:
        if isinstance(message, bytes) and BackMsg.FromString(message).WhichOneof("type") == "rerun_script":
            self.scripts += 1

    def _come(self, count: float) -> None:
        self.bytes += count

    def now(self) -> tuple[float, int, float]:
        """Seconds, requests and megabytes so far."""
        return time.monotonic() - self.began, len(self.asked), self.bytes / 1e6


@contextmanager
def stranger(browser: Browser, line: str) -> Iterator[tuple[Page, Traffic]]:
    """A page of somebody who was never here, over that line."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="no-preference")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    yield page, Traffic(page, LINES[line], LATENCY[line])
    context.close()


def visit(browser: Browser, url: str, line: str) -> Visit:
    """The Playground, for the first time."""
    with stranger(browser, line) as (page, traffic):
        page.goto(url, wait_until="commit")
        page.wait_for_selector(READY, state="attached")
        until_ready = traffic.now()
        before = page.evaluate(BEFORE)
        page.wait_for_timeout(SETTLING)
        return Visit(*before, *until_ready, traffic.scripts, traffic.said)


def first_chart(browser: Browser, url: str, line: str) -> tuple[float, int, float]:
    """A link to runs: seconds, requests and megabytes to the first curve."""
    with stranger(browser, line) as (page, traffic):
        page.goto(url, wait_until="commit")
        page.wait_for_selector("[data-first-point]", state="attached")
        return traffic.now()


def rows(repeats: int) -> list[Row]:
    """Per line: to the first motion, to the Playground ready, and a link's first chart."""
    found = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        return [Row.skip("first load", "Chromium is needed; make test installs it")]
    from playwright.sync_api import sync_playwright

    from batchviz.experiment.spec import RunSpec
    from batchviz.store import Store
    from benchmarks.compare import record

    table = []
    with running() as server, sync_playwright() as playwright:
        store = Store(server.database)
        ids = [record(store, RunSpec(batch_size=size)) for size in (8, 32, 128)]
        store.close()
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for line, most in CHART_SECONDS.items():
            visits = [visit(browser, server.url, line) for _ in range(repeats)]
            charts = [
                first_chart(browser, f"{server.url}/?v=1&runs={','.join(ids)}", line) for _ in range(repeats)
            ]
            table += [
                Row(f"first motion, {line}", [v.moved for v in visits], (), "s", "below", min(most, 2.0)),
                Row(
                    f"requests until then, {line}",
                    [v.requests for v in visits],
                    (),
                    "",
                    "below",
                    MOST_REQUESTS,
                ),
                Row(f"until then, {line}", [v.megabytes for v in visits], (), "MB", "below", MOST_MEGABYTES),
                Row(f"Playground ready, {line}", [v.ready for v in visits], (), "s", "below", most),
                Row(
                    f"all of it, {line}", [v.all_megabytes for v in visits], (), "MB", "below", MOST_MEGABYTES
                ),
                Row(f"all requests, {line}", [v.all_requests for v in visits], (), "", "below", 155),
                Row(f"first chart of a link, {line}", [c[0] for c in charts], (), "s", "below", most),
            ]
        browser.close()
    return table
