"""Handwritten digits, 64-128-10, 50 epochs at batch size 32."""

from __future__ import annotations

import tempfile
from pathlib import Path

from batchviz.experiment.spec import RunSpec
from benchmarks.peer import keras_fit, our_fit, worker_run
from benchmarks.process import fresh, warm_worker
from benchmarks.row import Row

SPEC = RunSpec.parse({"dataset": "digits", "hidden": (128,), "budget": 50})


def rows(repeats: int) -> list[Row]:
    """First time, and compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = fresh("benchmarks.digits.measure", Path(folder), repeats=repeats)
    note = "a worker's process and threads; fit() on a freshly compiled model"
    return [
        Row("digits, 50 epochs, first time", seconds["ours"], seconds["keras"], "s", "faster", 5, note),
        Row(
            "digits, compiled before",
            seconds["again"],
            seconds["keras"],
            "s",
            "faster",
            10,
            "a worker's later runs",
        ),
    ]


def measure(repeats: int) -> dict[str, list[float]]:
    """Ours on a fresh model, ours again and Keras, in turn."""
    warm_worker()
    keras_fit(SPEC.replace(hidden=(3,), budget=1))
    worker_run(SPEC.replace(budget=1))
    worker_run(SPEC)
    seconds: dict[str, list[float]] = {"ours": [], "again": [], "keras": []}
    for _ in range(repeats):
        seconds["ours"].append(our_fit(SPEC))
        seconds["again"].append(worker_run(SPEC))
        seconds["keras"].append(keras_fit(SPEC))
    return seconds
