"""Calibration: the clock of a network on this machine, on one path, in about two seconds once TensorFlow is warm.

Batch sizes take turns, so that what else the machine does hits all of them alike. It only ever adds: the quickest of
the repeats is told, from it to the median is the interval. Where these scatter, repeats are added; where that does not
help, the wide interval says so.
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Callable, Sequence

import numpy as np

from batchviz.errors import SpecError
from batchviz.experiment import machine_lock
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint, clock_key
from batchviz.experiment.limits import MAX_SCATTER
from batchviz.experiment.spec import RunSpec
from batchviz.training.stopwatch import FitStopwatch, LoopStopwatch, Stopwatch

MIN_REPEATS = 9
MIN_ROUNDS = 4
"""In which all batch sizes take turns: a moment in which the machine has other work is then a part of each."""
MAX_REPEATS = 45
MAX_SECONDS = 3.0
"""Of repeats, on the processor, once each batch size has MIN_SLOW_REPEATS."""
MIN_SLOW_REPEATS = 3
MAX_UPDATE_SECONDS = 0.15
"""Batch sizes whose updates take longer are left to the line through the others, of which there are two at least."""

STOPWATCHES: dict[ClockPath, Callable[[RunSpec], Stopwatch]] = {
    ClockPath.LOOP: LoopStopwatch,
    ClockPath.FIT: FitStopwatch,
}


def calibrate(
    spec: RunSpec, path: ClockPath, machine: str, should_stop: Callable[[], bool] = lambda: False
) -> Clock | None:
    """Measure the network of a spec; None when `should_stop`, asked several times a second, said so.

    Waits until nothing else trains on this machine, and returns None where that does not happen; see
    `experiment.machine_lock`. Raises SpecError for a network that cannot be trained here.
    """
    network = clock_key(spec)
    if network is None:
        raise SpecError("This run was trained elsewhere: its network cannot be measured here.")
    with machine_lock.measuring(should_stop) as alone:
        points = _points(STOPWATCHES[path](spec), should_stop) if alone else None
    return None if points is None else Clock(network, path, machine, time.time(), points)


def _points(stopwatch: Stopwatch, should_stop: Callable[[], bool]) -> tuple[ClockPoint, ...] | None:
    return measure(stopwatch, stopwatch.ladder, should_stop)


def measure(
    stopwatch: Stopwatch, sizes: Sequence[int], should_stop: Callable[[], bool] = lambda: False
) -> tuple[ClockPoint, ...] | None:
    """Points at rising batch sizes; None when stopped."""
    repeats: dict[int, list[float]] = {}
    for size in sizes:
        if should_stop():
            return None
        stopwatch.prepare(size)
        first = [*stopwatch.repeats(size), *stopwatch.repeats(size)]  # not yet steady: thrown away
        if len(repeats) >= 2 and min(first) > MAX_UPDATE_SECONDS:
            break
        repeats[size] = []
    begun = time.process_time()
    gc.collect()  # now, and not inside a repeat
    for rounds in itertools.count(1):
        for size, seconds in repeats.items():
            if should_stop():
                return None
            seconds.extend(stopwatch.repeats(size))
        points = tuple(point(size, seconds) for size, seconds in repeats.items())
        made = min(map(len, repeats.values()))
        enough = rounds >= MIN_ROUNDS and made >= MIN_REPEATS
        steady = enough and all(each.scatter <= MAX_SCATTER for each in points)
        late = made >= MIN_SLOW_REPEATS and time.process_time() - begun > MAX_SECONDS
        if steady or late or made >= MAX_REPEATS:
            break
    return None if should_stop() else points


def point(batch_size: int, repeats: Sequence[float]) -> ClockPoint:
    """What the repeats at one batch size say."""
    # Who shares a core slows whole stretches by half: a quartile is in them or not, and the quickest is not.
    quickest, median = np.quantile(repeats, [0, 0.5]).tolist()
    return ClockPoint(batch_size, quickest, quickest, median)
