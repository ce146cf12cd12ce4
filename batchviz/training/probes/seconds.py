"""Seconds of an update at several batch sizes, on the compiled loop."""

from __future__ import annotations

import time

from cachetools import LRUCache, cached

from batchviz.experiment import machine_lock
from batchviz.experiment.probes import Numbers, Probe
from batchviz.experiment.spec import RunSpec
from batchviz.training.calibration import measure
from batchviz.training.stopwatch import LoopStopwatch

MAX_WAIT_SECONDS = 5.0
"""For others to stop training; after that their work is part of what is measured, and widens it."""


def seconds_an_update(probe: Probe) -> Numbers:
    """`B = size`: seconds of an update in steady state, the quickest of several repeats."""
    until = time.monotonic() + MAX_WAIT_SECONDS
    with machine_lock.measuring(lambda: time.monotonic() > until):
        points = measure(_stopwatch(probe.spec), probe.sizes)
    measured = {point.batch_size: point.seconds for point in points or ()}
    return {f"B = {size}": measured.get(size, float("nan")) for size in probe.sizes}


@cached(LRUCache(2), key=RunSpec.graph_key)
def _stopwatch(spec: RunSpec) -> LoopStopwatch:
    """Kept: with it stays what it compiled."""
    return LoopStopwatch(spec)
