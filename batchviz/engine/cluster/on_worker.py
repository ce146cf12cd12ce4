"""What is run on the machines of a cluster: by a worker of Dask, or by the nanny that looks after it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from distributed import get_worker

from batchviz.engine import worker
from batchviz.engine.backend import MeasuringRequest
from batchviz.engine.environment import tensorflow_environment
from batchviz.engine.leader import process_exists
from batchviz.errors import BatchVizError
from batchviz.experiment.environment import fingerprint, machine_name
from batchviz.experiment.records import Run
from batchviz.settings import Settings

MAX_GOING_SECONDS = 8.0
"""For which a killed process may take to be gone."""


@dataclass(frozen=True)
class Installation:
    """What a worker must know of whom it trains for. Dask writes the arguments of a task that failed into its log."""

    database_url: str = field(repr=False)
    max_run_seconds: float
    numerics: str
    """The fingerprint that runs are kept under: whoever has another must not train them."""


@dataclass(frozen=True)
class Ready:
    """A worker that can train."""

    pid: int
    machine: str


_alone = threading.Lock()
"""A worker of several threads trains one run or group with all of them, never several at once."""
_prepared_for: Installation | None = None


def prepare(installation: Installation) -> Ready:
    """Make this process ready to train for an installation. Raises BatchVizError when it cannot."""
    with _alone:
        return _prepare(installation)


def train(installation: Installation, runs: Sequence[Run]) -> worker.WorkerReply:
    """Train an attempt of each, together if they are several, and record it."""
    with _alone:
        _prepare(installation)
        return worker.train(runs)


def measure(
    installation: Installation, request: MeasuringRequest, holder: str, machine: str
) -> worker.WorkerReply:
    """Measure a clock, unless a run comes first, or look into a run, and keep it."""
    with _alone:
        _prepare(installation)
        return worker.measure(request, holder, machine)


async def end_process(pid: int) -> None:
    """End a worker from its nanny, which starts another. Asked, it would first let its run come to an end."""
    if process_exists(pid):
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + MAX_GOING_SECONDS
    while process_exists(pid) and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


def _prepare(installation: Installation) -> Ready:
    global _prepared_for
    threads = get_worker().state.nthreads
    if installation != _prepared_for:
        if installation.numerics != fingerprint():
            raise BatchVizError(
                f"This worker has {fingerprint()}; the dashboard has {installation.numerics}. The same numbers need "
                "the same versions on both: install batchviz from the same lock."
            )
        os.environ.update(tensorflow_environment(Settings.from_environment().data_dir))
        worker.warm_up(installation.database_url, threads, installation.max_run_seconds)
        _prepared_for = installation
    return Ready(os.getpid(), machine_name(threads))
