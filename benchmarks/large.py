"""A network where arithmetic counts: 20 000 rows of 256, 256-512-512-1, time and peak memory."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.process import fresh
from benchmarks.row import Row

ROWS, WIDTH, EPOCHS, SPLIT = 20_000, 256, 3, 0.2


def rows(repeats: int) -> list[Row]:
    """Time and peak memory at batch sizes 128 and 1024, every sample in a process of its own."""
    table = []
    with tempfile.TemporaryDirectory() as folder:
        for batch_size in (128, 1024):
            samples: dict[bool, list[Any]] = {True: [], False: []}
            for _ in range(repeats):
                for ours in (True, False):
                    sample = fresh("benchmarks.large.measure", Path(folder), batch_size=batch_size, ours=ours)
                    samples[ours].append(sample)
            seconds, megabytes = (
                [[s[key] for s in samples[ours]] for ours in (True, False)] for key in ("s", "MB")
            )
            note = f"{EPOCHS} epochs, all threads of the machine, tracing included; a process a sample"
            table.append(Row(f"large, B={batch_size}, time", seconds[0], seconds[1], "s", "faster", 1, note))
            table.append(
                Row(
                    f"large, B={batch_size}, peak memory",
                    megabytes[0],
                    megabytes[1],
                    "MB",
                    "within",
                    1.1,
                    note,
                )
            )
    return table


def measure(batch_size: int, ours: bool) -> dict[str, float]:
    """Seconds of one fit, and the process's peak resident memory in MB."""
    import resource

    import keras
    import numpy as np

    from batchviz.training import fit
    from benchmarks.peer import seconds

    random = np.random.default_rng(0)
    x = random.normal(size=(ROWS, WIDTH)).astype(np.float32)
    y = random.normal(size=(ROWS, 1)).astype(np.float32)
    for rows, epochs in ((256, 1), (ROWS, EPOCHS)):  # a little one first, for whatever happens once a process
        layers = [keras.Input((WIDTH,)), *(keras.layers.Dense(512, activation="relu") for _ in range(2))]
        model = keras.Sequential([*layers, keras.layers.Dense(1)])
        model.compile(optimizer="adam", loss="mse", metrics=["mae"])
        part = x[:rows], y[:rows]
        arguments: Any = {"batch_size": batch_size, "epochs": epochs, "validation_split": SPLIT, "verbose": 0}
        work = partial(fit, model, *part, **arguments) if ours else partial(model.fit, *part, **arguments)
        elapsed = seconds(work)
    return {"s": elapsed, "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
