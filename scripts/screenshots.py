"""The README's pictures, taken from the running application: `make screenshots`.

Starts a server of its own on the loopback, runs a race, and photographs it on a laptop and a phone, light and dark.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs"
IDLE = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
SHOTS = [
    ("playground-light", (1440, 900), "light"),
    ("playground-dark", (1440, 900), "dark"),
    ("phone-light", (390, 844), "light"),
    ("phone-dark", (390, 844), "dark"),
]


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data_dir, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                "app.py",
                "--server.port",
                str(port),
                "--server.address",
                "127.0.0.1",
                "--server.headless",
                "true",
            ],
            cwd=ROOT,
            env={**os.environ, "BATCHVIZ_DATA_DIR": data_dir},
        )
        try:
            url = f"http://127.0.0.1:{port}/"
            _until_ready(url)
            _photograph(url)
        finally:
            server.terminate()
            server.wait(30)


def _until_ready(url: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if b'"ready"' in urllib.request.urlopen(url + "api/health", timeout=5).read():
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit("The server did not become ready within 120 s; see its output above.")


def _photograph(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.wait_for_selector(IDLE)
        page.get_by_role("button", name="Race", exact=True).click()
        page.get_by_role("button", name="Start the race", exact=True).click()
        _until_done(page, 5)
        page.wait_for_function("location.search.includes('runs=')")
        address = page.url
        for name, (width, height), scheme in SHOTS:
            shot = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            shot.goto(address)
            _until_done(shot, 5)
            shot.wait_for_selector("[data-first-point]")
            shot.wait_for_timeout(1500)
            shot.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def _until_done(page: Page, count: int) -> None:
    page.wait_for_function(
        "count => document.querySelectorAll('[data-testid=live-card][data-status=done]').length >= count",
        arg=count,
        timeout=60_000,
    )


if __name__ == "__main__":
    main()
