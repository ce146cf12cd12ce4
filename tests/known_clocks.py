"""Clocks that a store already has: an engine measures each network that was trained, for seconds of a core, idle or
not, and most tests ask nothing of that.
"""

from __future__ import annotations

import os
import time

from batchviz.experiment.clock import Clock, ClockPath, ClockPoint, clock_key
from batchviz.experiment.environment import machine_name
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store


def know_clocks(store: Store, *specs: RunSpec, workers: int = 2) -> None:
    """Keep a clock of each network, as an engine with so many workers on this machine would have measured it."""
    machine = machine_name(max(1, (os.cpu_count() or 1) // workers))
    points = tuple(ClockPoint(size, *[1e-5 + 1e-7 * size] * 3) for size in (1, 1024))
    for spec in specs:
        network = clock_key(spec)
        assert network is not None
        store.clocks.save(Clock(network, ClockPath.LOOP, machine, time.time(), points))
