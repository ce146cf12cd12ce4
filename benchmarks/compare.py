"""The Compare page in a real browser, over recorded runs: from the address to the drawn chart, and from its data."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import TYPE_CHECKING

import numpy as np

from batchviz.records import EPOCH_COLUMNS, UPDATE_COLUMNS, Progress, Series, Source, Status
from batchviz.spec import RunSpec
from batchviz.store import Store
from benchmarks.row import Row
from benchmarks.server import running

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

NAMES = (
    "Compare 50 runs of 200 epochs, address to chart",
    "Compare 50 runs of 200 epochs, data to chart",
    "Compare with 100,000 single updates, address to chart",
)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, "full")
SEEDS = 5
EPOCHS = 200
LONG = RunSpec(batch_size=1, budget=125)  # 800 updates an epoch: 100,000 in all


def rows(repeats: int) -> list[Row]:
    """Three rows, a page of its own a sample; skipped without a browser."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if importlib.util.find_spec("playwright") is None or browser is None:
        return [
            Row.skip(name, "playwright and Chromium are needed; make test installs them") for name in NAMES
        ]
    from playwright.sync_api import sync_playwright

    specs = [RunSpec(batch_size=size, budget=EPOCHS, seed=seed) for size in SIZES for seed in range(SEEDS)]
    with running() as server, sync_playwright() as playwright:
        store = Store(f"sqlite:///{server.data_dir}/batchviz.db")
        many = ",".join(_record(store, spec) for spec in specs)
        long = _record(store, LONG)
        store.close()
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        # One visitor: the browser keeps what it fetched once. The first page, which fetches it, is not counted.
        visitor = chromium.new_context(viewport={"width": 1280, "height": 900})
        address = f"{server.url}/compare?v=1&runs="
        samples = [_open(visitor, address + many) for _ in range(repeats + 1)][1:]
        noisy = [_open(visitor, f"{address}{long}&noise=true") for _ in range(repeats + 1)][1:]
        chromium.close()
    note = "Chromium on this machine, files cached, a page of its own a sample"
    return [
        Row(NAMES[0], [whole for whole, _ in samples], (), "ms", "below", 2000, note),
        Row(NAMES[1], [drawing for _, drawing in samples], (), "ms", "below", 1000, note),
        Row(NAMES[2], [whole for whole, _ in noisy], (), "ms", "below", 2000, note),
    ]


def _record(store: Store, spec: RunSpec) -> str:
    """A run as long as a real one, its curves made up."""
    plan, epochs = spec.plan, int(spec.budget)
    made = plan.first.updates * epochs
    random = np.random.default_rng(spec.seed)
    count = np.arange(epochs + 1, dtype=np.float32)
    loss = (0.08 + 0.4 * np.exp(-count / 20) * random.normal(1, 0.05, epochs + 1)).astype(np.float32)
    columns: Series = dict.fromkeys(EPOCH_COLUMNS, loss) | {
        "updates": count * plan.first.updates,
        "examples": count * plan.training_rows,
        "seconds": count * np.float32(0.01),
    }
    updates: Series = dict.fromkeys(UPDATE_COLUMNS, random.exponential(0.1, made).astype(np.float32))
    updates["batch_size"] = np.full(made, plan.first.batch_size, np.float32)
    run = store.add_recorded(
        "benchmark",
        spec,
        source=Source.HERE,
        title="",
        status=Status.DONE,
        reason="",
        final={"val_loss": float(loss[-1])},
        progress=Progress(made, plan.training_rows * epochs, epochs, 0.01 * epochs),
        epochs=columns,
        updates=updates,
    )
    return run.id


def _open(visitor: BrowserContext, address: str) -> tuple[float, float]:
    """Milliseconds from the navigation to the drawn chart, and from its data's arrival in the page."""
    page = visitor.new_page()
    page.goto(address)
    chart = page.locator("[data-testid=chart][data-drawn]")
    chart.wait_for(state="attached")
    drawn, received = (float(chart.get_attribute(f"data-{name}") or "nan") for name in ("drawn", "received"))
    page.close()
    return drawn, drawn - received
