"""Which numerics produced a result: a finished run is reused only where these agree. And on which machine, by whom.

Read from package metadata, so that the web process need not import TensorFlow.
"""

from __future__ import annotations

import functools
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__version__ = "0.2.0.dev0"  # the one place; pyproject.toml reads it


@functools.cache
def fingerprint() -> str:
    """For example `tensorflow 2.21.0, keras 3.15.1, numpy 2.4.6, x86_64, loop 5`."""
    return ", ".join(
        [
            f"tensorflow {_first_version('tensorflow', 'tensorflow-cpu')}",
            f"keras {_first_version('keras')}",
            f"numpy {_first_version('numpy')}",
            platform.machine(),
            f"loop {LOOP_VERSION}",
        ]
    )


TOGETHER = ", together"


def of_group(fingerprint: str) -> str:
    """The numerics of runs that were trained in one computation (`experiment.replica_groups`).

    Such a run equals the run alone within 1e-5, not bit by bit. A sweep takes either for the other; whoever asks for a
    single run does not.
    """
    return fingerprint.removesuffix(TOGETHER) + TOGETHER


def alone(fingerprint: str) -> str:
    """The numerics of a run that was trained alone, by the same programs."""
    return fingerprint.removesuffix(TOGETHER)


def machine_name(threads: int) -> str:
    """What this machine's clocks are kept under: `Intel(R) Xeon(R) CPU @ 2.20GHz, 2 cores, 1 thread`."""
    cores = os.cpu_count() or 1
    parts = [_processor(), f"{cores} core{'s' * (cores > 1)}", f"{threads} thread{'s' * (threads > 1)}"]
    return ", ".join(parts)[:MAX_MACHINE_NAME_LENGTH]


MAX_MACHINE_NAME_LENGTH = 255


@functools.cache
def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


LOOP_VERSION = 5
"""Raised whenever batchviz.training, a model or a data set changes what is recorded."""


def _first_version(*names: str) -> str:
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "none"
