"""The README's pictures, taken from the running application: `make screenshots`.

Starts a server of its own on the loopback, runs a race and a sweep, and photographs them on a laptop and a phone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.server import ROOT, warm_server

PICTURES = ROOT / "docs"
IDLE = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
LAPTOP, PHONE = (1440, 900), (390, 844)
SHOTS = [
    ("playground-light", LAPTOP, "light"),
    ("playground-dark", LAPTOP, "dark"),
    ("phone-light", PHONE, "light"),
    ("phone-dark", PHONE, "dark"),
]
COMPARISONS = [
    ("compare-light", LAPTOP, "light", "log=y"),
    ("compare-dark", LAPTOP, "dark", "log=y"),
    ("compare-phone", PHONE, "light", "log=y"),
    ("compare-multiples", LAPTOP, "light", "layout=multiples"),
]

SWEEPS = [
    ("sweep-light", LAPTOP, "light"),
    ("sweep-phone", PHONE, "dark"),
]
SWEEP = (
    "sweep?v=1&dataset=teacher&batch_sizes=1_4_16_64_256_full&learning_rates=0.001_0.003_0.01_0.03_0.1_0.3"
)


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, warm_server(Path(folder)) as server:
        _photograph(f"{server.url}/")


def _photograph(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}?v=1")  # the article's experiment
        page.wait_for_selector(IDLE)
        page.get_by_role("button", name="Race", exact=True).click()
        page.locator(".st-key-race_seeds").get_by_role("radio", name="10", exact=True).click()
        page.wait_for_selector(IDLE)
        page.get_by_role("button", name="Start the race", exact=True).click()
        _until_done(page)
        page.wait_for_function("() => location.search.includes('runs=')")
        address = page.url
        for name, size, scheme in SHOTS:
            shot = _page(browser, size, scheme, address)
            _until_done(shot)
            shot.wait_for_selector("[data-first-point]")
            _take(shot, name)
        runs = parse_qs(urlsplit(page.url).query)["runs"][0]
        for name, size, scheme, view in COMPARISONS:
            shot = _page(browser, size, scheme, f"{url}compare?v=1&runs={runs}&{view}")
            shot.wait_for_selector("[data-drawn]")
            _take(shot, name)
        _sweep(browser, url)
        browser.close()


def _sweep(browser: Browser, url: str) -> None:
    page = _page(browser, LAPTOP, "light", f"{url}{SWEEP}")
    page.get_by_role("button", name="Start the sweep").click()
    page.wait_for_selector("text=/Done: \\d+ runs/", timeout=300_000)
    for name, size, scheme in SWEEPS:
        shot = _page(browser, size, scheme, page.url)
        shot.wait_for_selector(".st-key-sweep_chart_stable [data-drawn]")
        _take(shot, name)


def _page(browser: Browser, size: tuple[int, int], scheme: str, address: str) -> Page:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.goto(address)
    page.wait_for_selector(IDLE)
    return page


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / f"{name}.png")


def _until_done(page: Page) -> None:
    page.wait_for_function(
        "() => { const cards = [...document.querySelectorAll('[data-testid=live-card]')];"
        " return cards.length >= 5 && cards.every(card => card.dataset.status === 'done'); }",
        timeout=60_000,
    )


if __name__ == "__main__":
    main()
