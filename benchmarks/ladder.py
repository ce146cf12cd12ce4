"""Every batch size from 1 by powers of two to 512, and full, 10 epochs each: a Race over all of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from batchviz.experiment.spec import RunSpec
from benchmarks.peer import keras_fit, worker_run
from benchmarks.process import fresh, warm_worker
from benchmarks.row import Row

SIZES = (*(2**power for power in range(10)), "full")


def rows(repeats: int) -> list[Row]:
    """With an empty compile cache, and with the one that an earlier process left."""
    cold, disk, keras = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for repeat in range(repeats):
            both = fresh("benchmarks.ladder.climb", Path(folder) / f"{repeat}", with_keras=True)
            cold.append(both["ours"])
            keras.append(both["keras"])
            disk.append(
                fresh("benchmarks.ladder.climb", Path(folder) / f"{repeat}", with_keras=False)["ours"]
            )
    note = (
        "one worker, all runs one after the other: models, data and tracing included; fit: built and compiled"
    )
    return [
        Row("ladder B=1...512, full; cold", cold, keras, "s", "faster", 30, note),
        Row("ladder B=1...512, full; cache on disk", disk, keras, "s", "faster", 30, note),
    ]


def climb(with_keras: bool) -> dict[str, float]:
    """The sum over the ladder in one process."""
    warm_worker()
    specs = [RunSpec.parse({"batch_size": size}) for size in SIZES]
    seconds = {"ours": sum(worker_run(spec) for spec in specs)}
    if with_keras:
        keras_fit(RunSpec.parse({"hidden": (3,), "budget": 1}))
        seconds["keras"] = sum(keras_fit(spec) for spec in specs)
    return seconds
