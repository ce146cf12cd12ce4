"""The clock of a network, measured in this process as a worker of the dashboard measures it."""

from __future__ import annotations

from batchviz.experiment.clock import Clock, ClockPath
from batchviz.experiment.environment import machine_name
from batchviz.experiment.spec import RunSpec

THREADS = 1


def measure_clock(spec: RunSpec, path: ClockPath = ClockPath.LOOP) -> Clock:
    """Seconds an update at several batch sizes; for a process in which TensorFlow has not computed yet.

    Waits for what BatchViz trains on this machine, and holds back what it is to train meanwhile; other programs know
    nothing of that. Raises SpecError for a network that cannot be trained here.
    """
    from batchviz.training import calibrate, use_threads  # seconds of TensorFlow

    use_threads(THREADS)
    while (clock := calibrate(spec, path, machine_name(THREADS))) is None:
        pass  # something trained all the while
    return clock
