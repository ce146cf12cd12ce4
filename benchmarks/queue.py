"""The queue and the engine: what a run takes beside its training, 10 000 runs that wait, two workers against one, and
an engine with nothing to do.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from batchviz.engine.dispatcher import IDLE_AFTER_SECONDS
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import ENGINE, Store
from benchmarks.fair import NIGHT
from benchmarks.peer import seconds
from benchmarks.process import fresh, warm_worker
from benchmarks.row import Row
from benchmarks.runs_page import ROWS_DRAWN, RUNS, VISITOR, fill
from benchmarks.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

TINY = RunSpec.parse({"rows": 64, "hidden": (4,), "batch_size": 16, "budget": 1})
TINY_RUNS = 400
TINY_NAME = "engine's overhead a run"
DISPATCHER_NAME = "dispatcher's overhead a run"
UPDATE_BOUND = RunSpec.parse({"batch_size": 1, "budget": 400})
"""320 000 updates of a few microseconds: a second, beside which nothing else of a run counts."""
UPDATE_BOUND_RUNS = 12
IDLE_NAME = "engine with nothing to do"
IDLE_SECONDS = 30.0
SETTLED_SECONDS = 30.0
"""Beyond those after which it turns less often: the clock of the form's first network is measured meanwhile."""
LOOK_SECONDS = 0.2
PAGES = (f"runs page, {RUNS:,} queued runs", f"Playground, a run behind {RUNS:,} queued ones")


def rows(repeats: int) -> list[Row]:
    """The engine's overhead, at work and at rest, two workers against one, and, with a browser, the pages."""
    return [*_overhead(repeats), _idle(repeats), _throughput(repeats), *_pages(repeats)]


def _overhead(repeats: int) -> list[Row]:
    queued = []
    with tempfile.TemporaryDirectory() as folder, running(BATCHVIZ_WORKERS="1") as server:
        store = Store(server.database)
        _ended(store, [TINY.replace(seed=TINY_RUNS * repeats)], "first")  # its graph is traced, and kept
        # The difference is a quarter of what it is taken of: a machine that turns slower must slow both.
        alone = [fresh("benchmarks.queue.alone", Path(folder), repeat=0)]
        for repeat in range(repeats):
            queued.append(_queued(store, repeat))
            alone.append(fresh("benchmarks.queue.alone", Path(folder), repeat=repeat))
        store.close()
    beside = [(before + after) / 2 for before, after in pairwise(alone)]
    whole = [1000 * (of_engine - of_run) for (of_engine, _), of_run in zip(queued, beside, strict=True)]
    return [
        Row(
            TINY_NAME, whole, (), "ms", "below", 5.0,
            f"{TINY_RUNS} queued runs of 4 updates on one worker: wall time from their being queued to the last one's "
            "end, less what the same runs take one after another in a process without queue and database, before and "
            "after, and less the tracing that workers report which replaced others meanwhile; divided by the number of "
            "runs",
        ),
        Row(
            DISPATCHER_NAME, [1000 * between for _, between in queued], (), "ms", "below", 5.0,
            "of the same runs: from one's recorded end to the next one's start, the mean; without recording",
        ),
    ]  # fmt: skip


def alone(repeat: int) -> float:
    """Seconds of a tiny run in a worker that has nobody to tell of it."""
    from batchviz.training import run_spec

    warm_worker()
    run_spec(TINY.replace(seed=10**6))
    return seconds(lambda: [run_spec(spec) for spec in _tiny(repeat)]) / TINY_RUNS


def _queued(store: Store, repeat: int) -> tuple[float, float]:
    """Seconds of a tiny run by the engine, without what it took to trace; those of them that no worker had it."""
    # A visitor of their own each time: nobody may have more runs waiting than the settings say.
    runs, since = _ended(store, _tiny(repeat), f"benchmark-{repeat}")
    traced = sum(run.final["setup_seconds"] for run in runs)
    ends, starts = (
        sorted(moments) for moments in zip(*((run.finished, run.started) for run in runs), strict=True)
    )
    between = [start - end for end, start in zip(ends, starts[1:], strict=False)]
    return (ends[-1] - since - traced) / len(runs), sum(between) / len(between)


def _tiny(repeat: int) -> list[RunSpec]:
    return [TINY.replace(seed=TINY_RUNS * repeat + number) for number in range(TINY_RUNS)]


def _idle(repeats: int) -> Row:
    with running() as server:
        store = Store(server.database)
        dispatcher = next(process.pid for process in store.processes.all() if process.name == ENGINE)
        store.close()
        time.sleep(IDLE_AFTER_SECONDS + SETTLED_SECONDS)
        shares = []
        for _ in range(repeats):
            before = _processor_seconds(dispatcher)
            time.sleep(IDLE_SECONDS)
            shares.append(100 * (_processor_seconds(dispatcher) - before) / IDLE_SECONDS)
    note = f"processor seconds of the dispatcher and its workers over {IDLE_SECONDS:g} s"
    return Row(IDLE_NAME, shares, (), "% of a core", "below", 0.5, note)


def _processor_seconds(dispatcher: int) -> float:
    process = psutil.Process(dispatcher)
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


def _throughput(repeats: int) -> Row:
    two, one = ([_seconds_of_many(workers) for _ in range(repeats)] for workers in (2, 1))
    return Row(
        "update-bound runs, two workers against one", two, one, "s", "faster", 1.7,
        f"{UPDATE_BOUND_RUNS} runs at B = 1, from the first one's start to the last one's end; needs two idle cores",
    )  # fmt: skip


def _seconds_of_many(workers: int) -> float:
    """By so many workers, from the first run's start to the last one's end."""
    specs = [UPDATE_BOUND.replace(seed=seed) for seed in range(UPDATE_BOUND_RUNS)]
    # Runs as long as these are otherwise kept off one worker.
    with running(BATCHVIZ_WORKERS=str(workers), BATCHVIZ_MAX_LONG_RUNS=str(workers)) as server:
        store = Store(server.database)
        _ended(store, [UPDATE_BOUND.replace(seed=100 + worker) for worker in range(workers)], "first")
        runs, _ = _ended(store, specs, "benchmark")
        store.close()
    return max(run.finished or 0.0 for run in runs) - min(run.started or 0.0 for run in runs)


def _ended(store: Store, specs: Sequence[RunSpec], owner: str) -> tuple[list[Run], float]:
    """The runs of these specs once all are over, and when they had been queued."""
    queued = store.queue.add(specs, owner, "benchmark")
    since = time.time()
    while store.queue.unfinished_counts():
        time.sleep(LOOK_SECONDS)
    runs = [store.runs.get(run.id) for run in queued]
    if any(run.status is not Status.DONE for run in runs):
        raise RuntimeError(f"runs ended as {sorted({str(run.status) for run in runs})}")
    return runs, since


def _pages(repeats: int) -> list[Row]:
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if importlib.util.find_spec("playwright") is None or browser is None:
        return [
            Row.skip(name, "playwright and Chromium are needed; make test installs them") for name in PAGES
        ]
    from playwright.sync_api import sync_playwright

    with running(BATCHVIZ_WORKERS="1") as server, sync_playwright() as playwright:
        store = Store(server.database)
        # Holds the only worker for as long as a page is looked at, so that what waits goes on waiting.
        (night,) = store.queue.add([NIGHT], "teacher", "benchmark")
        while store.runs.get(night.id).started is None:
            time.sleep(LOOK_SECONDS)
        fill(server.database, waiting=True)
        last = max(store.queue.places().items(), key=lambda item: item[1].ahead)[0]
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "batchviz_visitor", "value": VISITOR, "url": server.url}])
        page = context.new_page()
        samples = []
        for _ in range(max(repeats, 5) + 1):
            table = _opened(page, f"{server.url}/runs", ROWS_DRAWN)
            place = _opened(page, f"{server.url}/?v=1&runs={last}", _says(f"{RUNS - 1} ahead"))
            samples.append((table, place))
        chromium.close()
        store.queue.request_stop(night.id, "teacher")
        store.close()
    note = (
        "Chromium on this machine, one visit before the first that counts; the only worker trains meanwhile"
    )
    tables, places = zip(*samples[1:], strict=True)
    return [
        Row(PAGES[0], tables, (), "ms", "below", 1000, f"address to the painted table; {note}"),
        Row(PAGES[1], places, (), "ms", "below", 1000, f"address to its place in the queue; {note}"),
    ]


def _opened(page: Page, address: str, condition: str) -> float:
    """Milliseconds from the navigation until the condition holds in the page."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_function(condition)
    return 1000 * (time.perf_counter() - start)


def _says(text: str) -> str:
    return f"() => document.body.innerText.includes({text!r})"
