"""Real runs and clocks for the tests of a sweep: recorded once in real.json, which this module writes anew.

`python -m tests.analysis.sweep.real`, about a minute. Losses are recorded wherever they were measured.
"""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from batchviz.analysis.sweep.runs import LossCurve, SweepRun
from batchviz.experiment.clock import Clock
from batchviz.experiment.records import Status
from batchviz.experiment.series import SERIES, merged
from batchviz.experiment.spec import RunSpec

RECORDED = Path(__file__).parent / "real.json"
BASE = RunSpec(dataset="teacher", rows=400, noise=0.3, batch_size=16, budget=8, learning_rate=0.01)
ALIKE = 200
"""Seeds of BASE itself: rows of a sweep in which nothing differs."""
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
SIZES = (4, 64)
TUNED = 30
"""Seeds of each size at each rate."""
CLOCKS = {"article": RunSpec(), "digits": RunSpec(dataset="digits", hidden=(64,))}


def trained(spec: RunSpec) -> SweepRun:
    """One run, as a worker trains it and a sweep reads it."""
    from batchviz.analysis.sweep.runs import sweep_run
    from batchviz.experiment.records import Run
    from batchviz.training.run import run_spec

    pieces: list[Any] = []
    outcome = run_spec(spec, report=pieces.append)
    rows = {
        kind: {
            name: np.concatenate([piece.series[kind][name] for piece in pieces])
            for name in SERIES[kind].names
        }
        for kind in ("epochs", "measured")
    }
    run = Run(
        id=spec.hash[:12], attempt=1, spec=spec, status=outcome.status, reason="", owner="ada", created=0.0,
        progress=outcome.progress, final=outcome.final,
    )  # fmt: skip
    return sweep_run(run, merged(rows["epochs"], rows["measured"]))


@functools.cache
def recorded() -> dict[str, Any]:
    """What stands in the file."""
    found: dict[str, Any] = json.loads(RECORDED.read_text())
    return found


def alike(size: int, seed: int, of: int) -> SweepRun:
    """The recorded run of BASE with seed `of`, as a run of another size and seed."""
    return replace(_alike(of), batch_size=size, seed=seed)


@functools.cache
def _alike(of: int) -> SweepRun:
    return _run(16, BASE.learning_rate, of, recorded()["updates"], recorded()["alike"][of])


@functools.cache
def tuned(size: int, rate: float, seed: int) -> SweepRun:
    """A recorded run of this size and rate."""
    values = recorded()["tuned"][f"{size} {rate}"][seed]
    return _run(size, rate, seed, range(len(values)), values)


def clocks() -> dict[str, Clock]:
    """Clocks of real networks, in seconds of the processor."""
    return {name: Clock.from_json(text) for name, text in recorded()["clocks"].items()}


def _run(size: int, rate: float, seed: int, updates: Any, values: list[float]) -> SweepRun:
    at = np.array(list(updates), float)
    return SweepRun(
        batch_size=size, learning_rate=rate, seed=seed, run_id=f"{size}-{rate}-{seed}", status=Status.DONE,
        updates_end=int(at[-1]), examples_end=int(at[-1] * BASE.batch_size), final=values[-1],
        curve=LossCurve(at, at * BASE.batch_size, np.array(values)), rate_used=rate,
    )  # fmt: skip


def main() -> None:
    """Write the file."""
    import time
    from types import SimpleNamespace

    from batchviz.experiment.clock import ClockPath, clock_key
    from batchviz.training import stopwatch as stopwatches
    from batchviz.training import use_threads
    from batchviz.training.calibration import STOPWATCHES, measure

    # Seconds of the processor on one thread, so that they may be recorded beside other work.
    use_threads(1)
    stopwatches.time = SimpleNamespace(perf_counter=time.process_time, process_time=time.process_time)  # type: ignore[attr-defined]
    same = [trained(BASE.replace(seed=seed)) for seed in range(ALIKE)]
    rates = {
        f"{size} {rate}": [
            trained(BASE.replace(batch_size=size, learning_rate=rate, seed=seed)) for seed in range(TUNED)
        ]
        for size in SIZES
        for rate in RATES
    }
    times = {}
    for name, spec in CLOCKS.items():
        stopwatch = STOPWATCHES[ClockPath.LOOP](spec)
        points = measure(stopwatch, stopwatch.ladder)
        assert points is not None
        times[name] = Clock(
            clock_key(spec) or "", ClockPath.LOOP, "Intel Xeon, 2 shared cores", time.time(), points
        )
    document = {
        "updates": same[0].curve.updates.tolist(),
        "alike": [_short(run.curve.values) for run in same],
        "tuned": {name: [_short(run.curve.values[[0, -1]]) for run in runs] for name, runs in rates.items()},
        "clocks": {name: clock.to_json() for name, clock in times.items()},
    }
    RECORDED.write_text(json.dumps(document, separators=(",", ":")).replace("],", "],\n") + "\n")


def _short(values: Any) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


if __name__ == "__main__":
    main()
