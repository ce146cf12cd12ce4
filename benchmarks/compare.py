"""The Compare page in a real browser, over recorded runs: from the address to the drawn chart, and from its data."""

from __future__ import annotations

import os
import shutil

import numpy as np

from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from benchmarks.bare import bare
from benchmarks.row import Row
from benchmarks.server import running
from benchmarks.untouched import Untouched, untouched

NAMES = (
    "Compare 50 runs of 200 epochs, address to chart",
    "Compare 50 runs of 200 epochs, data to chart",
    "Compare with 100,000 single updates, address to chart",
    "Compare 50 runs of 200 epochs, first visit, data to chart",
)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, "full")
SEEDS = 5
EPOCHS = 200
LONG = RunSpec(batch_size=1, budget=125)  # 800 updates an epoch: 100,000 in all


def rows(repeats: int) -> list[Row]:
    """Three rows, a page of its own a sample, and the first visit of all; skipped without a browser."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return [Row.skip(name, "Chromium is needed; make test installs it") for name in NAMES]
    specs = [RunSpec(batch_size=size, budget=EPOCHS, seed=seed) for size in SIZES for seed in range(SEEDS)]
    with running() as server, bare() as other:
        store = Store(server.database)
        many = ",".join(record(store, spec) for spec in specs)
        long = record(store, LONG)
        store.close()
        address = f"{server.url}/compare?v=1&runs="
        # Browsers keep a script's compiled form once they have met it twice: two pages are not counted.
        with untouched(browser, 1280, 900) as visitor:
            samples, peer = [], []
            for _ in range(repeats + 2):
                samples.append(_open(visitor, address + many))
                with visitor.page(other) as page:
                    peer.append(float(page.evaluate("bare.drawn[0]")))
            noisy = [_open(visitor, f"{address}{long}&noise=true") for _ in range(repeats + 1)][1:]
        first = []
        for _ in range(repeats):
            with untouched(browser, 1280, 900) as stranger:
                first.append(_open(stranger, address + many))
    note = "Chromium on this machine, nothing attached to it, files cached, a page of its own a sample"
    return [
        Row(
            NAMES[0], [whole for whole, _ in samples[2:]], peer[2:], "ms", "within", 1.5,
            f"peer: a bare Streamlit app with one st.plotly_chart; {note}",
        ),
        Row(NAMES[1], [drawing for _, drawing in samples[2:]], (), "ms", "below", 1000, note),
        Row(NAMES[2], [whole for whole, _ in noisy], (), "ms", "below", 2000, note),
        Row(
            NAMES[3],
            [drawing for _, drawing in first],
            (),
            "ms",
            "below",
            1000,
            "a browser of its own a sample",
        ),
    ]  # fmt: skip


def record(store: Store, spec: RunSpec) -> str:
    """A run as long as a real one, its curves made up."""
    plan, epochs = plan_for(spec), int(spec.budget)
    made = plan.first.updates * epochs
    random = np.random.default_rng(spec.seed)
    count = np.arange(epochs + 1, dtype=np.float32)
    loss = (0.08 + 0.4 * np.exp(-count / 20) * random.normal(1, 0.05, epochs + 1)).astype(np.float32)
    columns: Series = dict.fromkeys(SERIES["epochs"].names, loss) | {
        "updates": count * plan.first.updates,
        "examples": count * plan.training_rows,
        "seconds": count * np.float32(0.01),
    }
    updates: Series = dict.fromkeys(SERIES["updates"].names, random.exponential(0.1, made).astype(np.float32))
    updates["batch_size"] = np.full(made, plan.first.batch_size, np.float32)
    run = store.runs.add_imported(
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


def _open(browser: Untouched, address: str) -> tuple[float, float]:
    """Milliseconds from the navigation to the drawn chart, and from its data's arrival in the page."""
    with browser.page(address) as page:
        dataset = page.evaluate("{...document.querySelector('[data-testid=chart]').dataset}")
    return float(dataset["drawn"]), float(dataset["drawn"]) - float(dataset["received"])
