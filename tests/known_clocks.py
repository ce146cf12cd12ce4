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
    for spec in specs:
        store.clocks.save(known_clock(spec, machine))


def known_clock(spec: RunSpec, machine: str = "Known") -> Clock:
    """Of a network, on which an update takes 10 us and 0.1 us an example."""
    network = clock_key(spec)
    assert network is not None
    points = tuple(ClockPoint(size, *[1e-5 + 1e-7 * size] * 3) for size in (1, 1024))
    return Clock(network, ClockPath.LOOP, machine, time.time(), points)
