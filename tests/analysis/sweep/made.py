"""Sweeps of made-up runs whose curves are known, and the noisy quadratic model in closed form."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from batchviz.analysis.sweep.runs import LossCurve, SweepRun
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint
from batchviz.experiment.plan import plan_for
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
    examples: np.ndarray | None = None,
    **fields: object,
) -> SweepRun:
    values = np.array(list(values), float)
    at = np.arange(len(values), dtype=float) if updates is None else np.array(list(updates), float)
    seen = at * size if examples is None else examples
    given = {
        "status": Status.DONE,
        "final": float(values[-1]),
        "updates_end": int(at[-1]),
        "examples_end": round(seen[-1]),
        "rate_used": rate,
    } | fields
    if given["status"] is not Status.DONE:
        given["final"] = None
    return SweepRun(
        batch_size=size, learning_rate=rate, seed=seed, run_id=f"{size}-{rate}-{seed}",
        curve=LossCurve(at, seen, values), **given,
    )  # fmt: skip


def lawful(
    spec: SweepSpec, *, floor: float, critical: float, best: float, noise: float = 0.0
) -> list[SweepRun]:
    """Every run of a sweep, selection and report, each with loss 1 / (1 + updates / steps).

    At the rate `best`, steps = floor (1 + critical / B); at others they are twice as many for each factor e.
    """
    found = []
    chosen = {
        size: min(spec.learning_rates, key=lambda rate: abs(np.log(rate / best))) for size in spec.batch_sizes
    }
    for run in (*spec.selection_specs, *spec.report_specs(chosen)):
        size = spec.examples(run.batch_size)
        random = np.random.default_rng([run.seed, size, int(1e6 * run.learning_rate)])
        off = 2 ** abs(np.log(run.learning_rate / best)) * np.exp(noise * random.normal())
        at = moments(plan_for(run).updates)
        values = 1 / (1 + at / (floor * (1 + critical / size) * off))
        rows = spec.training_rows
        examples = at * rows / np.ceil(rows / size)
        found.append(made_run(size, run.learning_rate, run.seed, values, at, examples))
    return found


def ladder_clock(overhead: float, per_example: float, noise: float = 0.0, seed: int = 0) -> Clock:
    """One that was measured at eight sizes, on which an update takes overhead + B per_example seconds."""
    random = np.random.default_rng(seed)
    points = []
    for size in (1, 4, 16, 32, 64, 256, 800, 1024):
        seconds = (overhead + per_example * size) * float(np.exp(noise * random.normal()))
        points.append(ClockPoint(size, seconds, seconds, seconds))
    return Clock("any", ClockPath.LOOP, "Test, 2 cores", 1.79e9, tuple(points))
