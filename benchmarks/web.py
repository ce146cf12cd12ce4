"""The web process after every page was looked at: its memory, and that it never imported TensorFlow."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from benchmarks.compare import record
from benchmarks.row import Row
from benchmarks.server import running

NAME = "web process, memory"
RUNS = 10
IDLE = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"


def rows(repeats: int) -> list[Row]:
    """Resident memory after each of `repeats` rounds over all pages, and the TensorFlow libraries mapped."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    missing = [name for name in ("psutil", "playwright") if importlib.util.find_spec(name) is None]
    if missing or browser is None:
        return [Row.skip(NAME, "psutil, playwright and Chromium are needed; make test installs them")]
    import psutil
    from playwright.sync_api import sync_playwright

    samples = []
    with running() as server, sync_playwright() as playwright:
        store = Store(server.database)
        ids = [
            record(store, RunSpec(batch_size=size, budget=200, seed=seed))
            for size in (32, 64)
            for seed in range(RUNS // 2)
        ]
        board = store.boards.save("benchmark", name="All", text="", runs=ids, names={}, view={})
        store.close()
        link = f"v=1&runs={','.join(ids)}"
        addresses = (
            "",
            f"?{link}",
            f"compare?{link}",
            f"compare?{link}&noise=true",
            f"board?id={board.id}",
            "runs",
            "data",
        )
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        process = psutil.Process(server.pid)
        visitor = chromium.new_context()
        for _ in range(repeats):
            for address in addresses:
                page = visitor.new_page()
                page.goto(f"{server.url}/{address}")
                page.wait_for_selector(IDLE)
                page.close()
            samples.append(process.memory_info().rss / 10**6)
        chromium.close()
        maps = Path(f"/proc/{server.pid}/maps")
        libraries = maps.read_text().count("/tensorflow/") if maps.exists() else 0
    return [
        Row(NAME, samples, (), "MB", "below", 250, "resident, the most of all rounds", "p95"),
        Row("web process, TensorFlow libraries", [libraries], (), "mapped", "below", 0),
    ]
