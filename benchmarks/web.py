"""The web process after a page was loaded: its memory, and that it never imported TensorFlow."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from benchmarks.first_point import IDLE
from benchmarks.row import Row
from benchmarks.server import running

NAME = "web process, memory"


def rows(repeats: int) -> list[Row]:
    """Resident memory after `repeats` page loads, and the TensorFlow libraries mapped."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    missing = [name for name in ("psutil", "playwright") if importlib.util.find_spec(name) is None]
    if missing or browser is None:
        return [Row.skip(NAME, "psutil, playwright and Chromium are needed; make test installs them")]
    import psutil
    from playwright.sync_api import sync_playwright

    samples = []
    with running() as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        process = psutil.Process(server.process)
        for _ in range(repeats):
            page = chromium.new_page()
            page.goto(server.url)
            page.wait_for_selector(IDLE)
            samples.append(process.memory_info().rss / 2**20)
            page.close()
        chromium.close()
        maps = Path(f"/proc/{server.process}/maps")
        libraries = maps.read_text().count("/tensorflow/") if maps.exists() else 0
    return [
        Row(NAME, samples, (), "MB", "below", 250, "resident, after each of several page loads"),
        Row("web process, TensorFlow libraries", [libraries], (), "mapped", "below", 0),
    ]
