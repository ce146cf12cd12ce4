"""The Runs page of a visitor with 10 000 runs: from the navigation to the table on the screen, in a real browser."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import time
from typing import TYPE_CHECKING

from benchmarks.bare import LINES, bare
from benchmarks.row import Row
from benchmarks.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAME = "runs page, 10 000 runs"
RUNS = 10_000
ENDS = [*["done"] * 9, "stopped"]
VISITOR = "benchmark-visitor-00000001"
# The grid is painted: it is there when the line of its tenth run has dark and light points in the columns of numbers.
ROWS_DRAWN = """() => {
  const grid = document.querySelector(".st-key-runs_table [data-testid=data-grid-canvas]");
  if (!grid?.width) return false;
  const { data } = grid.getContext("2d").getImageData(90, 35 * 10, 170, 35);
  const reds = [...data].filter((_, index) => index % 4 === 0 && data[index + 3] > 0);
  return Math.max(...reds) - Math.min(...reds) > 100;
}"""


def rows(repeats: int) -> list[Row]:
    """Three rows: a fresh visit with the browser's cache warm, the way from the Playground, and a search."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if importlib.util.find_spec("playwright") is None or browser is None:
        return [Row.skip(NAME, "playwright and Chromium are needed; make test installs them")]
    from playwright.sync_api import sync_playwright

    with running() as server, bare() as other, sync_playwright() as playwright:
        fill(server.database)
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "batchviz_visitor", "value": VISITOR, "url": server.url}])
        page = context.new_page()
        samples, peer = [], []
        for repeat in range(max(repeats, 5) + 1):
            samples.append(_timed(page, server.url, repeat))
            peer.append(_bare(page, other))
        chromium.close()
    note = "Chromium on this machine, one visit before the first that counts"
    opened, came, searched = zip(*samples[1:], strict=True)
    return [
        Row(
            NAME, opened, peer[1:], "ms", "within", 1.5,
            f"peer: a bare Streamlit app with one st.plotly_chart; {note}",
        ),
        Row(f"{NAME}, from another page", came, (), "ms", "below", 1000, note),
        Row(f"{NAME}, search", searched, (), "ms", "below", 1000, "from Enter to what was found"),
    ]  # fmt: skip


def _timed(page: Page, url: str, repeat: int) -> tuple[float, float, float]:
    start = time.perf_counter()
    page.goto(f"{url}/runs")
    page.wait_for_function(ROWS_DRAWN)
    opened = time.perf_counter() - start
    word = page.get_by_role("searchbox", name="Search")
    word.fill(f"name {4321 + 2 * repeat}")
    start = time.perf_counter()
    word.press("Enter")
    page.wait_for_function("() => document.body.innerText.includes('1 of 10,000 runs')")
    searched = time.perf_counter() - start
    page.goto(url)
    page.wait_for_load_state("networkidle")
    start = time.perf_counter()
    page.get_by_role("link", name="Runs", exact=True).click()
    page.wait_for_function(ROWS_DRAWN)
    return 1000 * opened, 1000 * (time.perf_counter() - start), 1000 * searched


def _bare(page: Page, url: str) -> float:
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_function(f"() => document.querySelector({LINES!r})")
    return 1000 * (time.perf_counter() - start)


def fill(url: str, owner: str = VISITOR, count: int = RUNS, *, waiting: bool = False) -> None:
    """Put runs of many kinds into a library, with the rows that these leave: past the queue, or `waiting` in it.

    More of a visitor than the settings let wait.
    """
    from sqlalchemy import insert, select

    from batchviz.experiment.cost import cost
    from batchviz.experiment.plan import plan_for
    from batchviz.experiment.records import Source, Status
    from batchviz.experiment.spec import RunSpec
    from batchviz.store import Store
    from batchviz.store.listing import row
    from batchviz.store.tables import attempt, entry, listing, run

    chance = random.Random(0)
    store = Store(url)
    now = time.time()
    with store.database.writing() as connection:
        first = connection.execute(select(run.c.id).order_by(run.c.id.desc()).limit(1)).scalar() or 0
        runs, attempts, entries, listings = [], [], [], []
        for number in range(count):
            key = first + 1 + number
            size = chance.choice([1, 2, 8, 32, 64, 128, 256, "full"])
            data = chance.choice(["random", "teacher", "friedman", "diabetes"])
            spec = RunSpec.parse({"batch_size": size, "dataset": data, "seed": number})
            loss, seconds = chance.random(), 10 * chance.random()
            final = {"val_loss": loss, "val_metric": loss**0.5, "seconds": seconds}
            ended = {
                "status": chance.choice(ENDS), "final": json.dumps(final), "started": now, "finished": now,
                "val_loss": loss, "seconds": seconds,
            }  # fmt: skip
            recorded = {"beat": now, "epoch_rows": 11, "update_rows": 250, "updates": 250, "examples": 8000,
                        "epochs": 10.0, "seconds": seconds, "bytes": 6000}  # fmt: skip
            if waiting:
                final = {}
                ended = dict.fromkeys(ended) | {"status": str(Status.QUEUED), "final": "{}"}
                recorded = dict.fromkeys(recorded, 0)
            expected = cost(plan_for(spec))
            runs.append(
                {"id": key, "public_id": f"bench{key:07}", "owner": owner, "spec": spec.model_dump_json(),
                 "spec_hash": spec.hash, "fingerprint": "benchmark", "reason": "", "attempt": 1, "shown": 1,
                 "worker_crashes": 0, "stop_requested": False, "created": now - 60 * (count - number), "source": "",
                 "title": "", "dataset": data, "batch_size": plan_for(spec).first.batch_size, "long": expected.long,
                 "expected_seconds": expected.typical, **ended}
            )  # fmt: skip
            attempts.append({"run_id": key, "number": 1, "worker": "", **recorded})
            tags = [f"week {number % 12}"] if number % 3 else []
            name = f"name {number}" if number % 2 else ""
            entries.append(
                {"owner": owner, "run_id": key, "name": name, "note": "", "tags": json.dumps(tags), "favourite":
                 number % 50 == 0, "words": f"{name} {' '.join(tags)}", "added": now}
            )  # fmt: skip
            listings.append(row(key, spec, Source.HERE, "", final))
        for table, values in ((run, runs), (attempt, attempts), (entry, entries), (listing, listings)):
            connection.execute(insert(table), values)
    store.close()
