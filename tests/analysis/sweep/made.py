"""Sweeps of made-up runs whose curves are known, and the noisy quadratic model in closed form."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from batchviz.analysis.sweep.runs import LossCurve, SweepRun
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec

Loss = Callable[[np.ndarray], np.ndarray]
"""Updates -> loss."""


def sweep_spec(
    sizes: Iterable[int | str] = (8, 32), rates: Iterable[float] = (0.001,), **fields: object
) -> SweepSpec:
    return SweepSpec(
        **{"base": RunSpec(), "batch_sizes": tuple(sizes), "learning_rates": tuple(rates), **fields}
    )


def moments(last: int, ratio: float = 1.25) -> np.ndarray:
    """0, 1, and log-spaced updates up to the last."""
    grid = ratio ** np.arange(int(np.log(last) / np.log(ratio)) + 1)
    return np.unique(np.concatenate([[0], np.round(grid), [last]]))


def made_run(
    size: int,
    rate: float,
    seed: int,
    values: Iterable[float],
    updates: Iterable[float] | None = None,
    **fields: object,
) -> SweepRun:
    values = np.array(list(values), float)
    at = np.arange(len(values), dtype=float) if updates is None else np.array(list(updates), float)
    given = {
        "status": Status.DONE,
        "final": float(values[-1]),
        "updates_end": int(at[-1]),
        "examples_end": int(at[-1] * size),
        "rate_used": rate,
    } | fields
    if given["status"] is not Status.DONE:
        given["final"] = None
    return SweepRun(
        batch_size=size, learning_rate=rate, seed=seed, run_id=f"{size}-{rate}-{seed}",
        curve=LossCurve(at, at * size, values), **given,
    )  # fmt: skip


def decaying(size: int, rate: float, seed: int, steps: float, last: int, start: float = 1.0) -> SweepRun:
    """A run whose loss falls as 1 / (1 + updates / steps), measured at log-spaced updates."""
    at = moments(last)
    return made_run(size, rate, seed, start / (1 + at / steps), at)
