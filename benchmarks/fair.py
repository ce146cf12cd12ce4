"""How long a new visitor's small run waits while others have queued all that they may."""

from __future__ import annotations

import time

from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from benchmarks.row import Row
from benchmarks.server import running

NIGHT = RunSpec.parse({"rows": 20_000, "hidden": "512-512", "batch_size": 1, "budget": 40})
NEARLY_LONG = RunSpec.parse({"batch_size": 1, "budget": 20})
"""Of the short runs among the dearest."""
SMALL = RunSpec.parse({"budget": 3})


def rows(repeats: int) -> list[Row]:
    """`repeats` newcomers, one after another."""
    waits = []
    with running() as server:
        store = Store(server.database)
        for owner, spec, count in (
            ("greedy", NIGHT, 30),
            ("greedy", NEARLY_LONG, 400),
            ("eager", NEARLY_LONG, 100),
        ):
            store.queue.add([spec.replace(seed=seed) for seed in range(count)], owner, owner)
        time.sleep(10)
        for number in range(repeats):
            (run,) = store.queue.add([SMALL.replace(seed=number)], f"new {number}", "new")
            asked = time.monotonic()
            while store.runs.get(run.id).started is None:
                time.sleep(0.01)
            waits.append(time.monotonic() - asked)
            time.sleep(2)
        store.close()
    return [
        Row("a newcomer's small run starts", waits, (), "s", "below", 3.0, "behind 530 runs of others", "p95")
    ]
