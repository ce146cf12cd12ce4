"""The source article's run, 10 epochs, at batch size 32 and 1."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from batchviz.experiment.spec import RunSpec
from benchmarks.peer import keras_fit, our_fit, worker_run
from benchmarks.process import fresh, warm_worker
from benchmarks.row import Row

MEDIUM = RunSpec()
SMALL = RunSpec.parse({"batch_size": 1})


def rows(repeats: int) -> list[Row]:
    """First time at 32; cold, from the disk's compile cache and compiled before at 1."""
    with tempfile.TemporaryDirectory() as folder:
        medium = fresh("benchmarks.article.first", Path(folder) / "medium", repeats=repeats)
        cold, again, keras = [], [], []
        for repeat in range(repeats):
            small = fresh("benchmarks.article.small", Path(folder) / f"{repeat}", with_keras=True)
            cold.append(small["ours"])
            again.append(small["again"])
            keras.append(small["keras"])
        disk = [
            fresh("benchmarks.article.small", Path(folder) / f"{r}", with_keras=False) for r in range(repeats)
        ]
    note = "a worker's process and threads, warmed by another shape; fit() on a freshly compiled model"
    return [
        Row("article, B=32, first time", medium["ours"], medium["keras"], "s", "faster", 10, note),
        Row("article, B=1, cold machine", cold, keras, "s", "faster", 20, note + "; empty compile cache"),
        Row("article, B=1, cache on disk", [d["ours"] for d in disk], keras, "s", "faster", 40, note),
        Row("article, B=1, compiled before", again, keras, "s", "faster", 200, "a worker's second run"),
    ]


def first(repeats: int) -> dict[str, list[float]]:
    """Ours and Keras in turn, each on a model made afresh, after one of each that does not count."""
    warm_worker()
    keras_fit(MEDIUM.replace(hidden=(3,), budget=1))
    ours, keras = [], []
    for _ in range(repeats):
        ours.append(our_fit(MEDIUM))
        keras.append(keras_fit(MEDIUM))
    return {"ours": ours, "keras": keras}


def small(with_keras: bool) -> dict[str, float]:
    """One process: the first fit, then a worker's run repeated, then Keras."""
    warm_worker()
    seconds = {"ours": our_fit(SMALL)}
    if with_keras:
        worker_run(SMALL)
        seconds["again"] = statistics.median(worker_run(SMALL) for _ in range(5))
        keras_fit(MEDIUM.replace(hidden=(3,), budget=1))
        seconds["keras"] = keras_fit(SMALL)
    return seconds
