"""How steady the clocks are: the same network measured again and again, on both ways of training."""

from __future__ import annotations

import statistics
import time

import numpy as np

from batchviz.experiment.clock import ClockPath, ClockPoint
from batchviz.experiment.spec import RunSpec
from batchviz.training import calibration
from benchmarks.row import Row

MAX_VARIATION = 8.0
"""Per cent, of calibrations with other work on the machine."""


def rows(repeats: int) -> list[Row]:
    """How much calibrations of the article's network differ, and what each takes.

    The coefficient of variation over twice as many calibrations as there are repeats, in per cent, one value a batch
    size; told by the quickest of each calibration's repeats, and from the very same by their lower quartile.
    """
    return [row for path in ClockPath for row in _rows(path, max(4, 2 * repeats))]


def _rows(path: ClockPath, calibrations: int) -> list[Row]:
    stopwatch = calibration.STOPWATCHES[path](RunSpec())
    quartiles: dict[int, float] = {}
    calibrate_point, kept = calibration.point, []
    seconds: list[float] = []

    def point(batch_size: int, repeats: list[float]) -> ClockPoint:
        quartiles[batch_size] = float(np.quantile(repeats, 0.25))
        return calibrate_point(batch_size, repeats)

    calibration.point = point  # type: ignore[assignment]
    try:
        calibration.measure(stopwatch, stopwatch.ladder)  # traced and compiled
        for _ in range(calibrations):
            begun = time.perf_counter()
            points = calibration.measure(stopwatch, stopwatch.ladder) or ()
            seconds.append(time.perf_counter() - begun)
            kept.append({each.batch_size: (each.seconds, quartiles[each.batch_size]) for each in points})
    finally:
        calibration.point = calibrate_point
    sizes = set.intersection(*map(set, kept))
    ours, before = (
        [_variation([found[size][which] for found in kept]) for size in sorted(sizes)] for which in (0, 1)
    )
    name = f"clock of {path.value}, article's network, {calibrations} calibrations"
    note = "peer: told by the lower quartile of the same repeats"
    return [
        Row(f"{name}: differ by", ours, before, "%", "below", MAX_VARIATION, note),
        Row(f"{name}: each takes", seconds, (), "s", "below", 12.0),
    ]


def _variation(values: list[float]) -> float:
    return 100 * statistics.stdev(values) / statistics.mean(values)
