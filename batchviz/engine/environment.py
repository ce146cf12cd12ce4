"""What an engine finds around it: TensorFlow's variables, set before the first worker starts; memory; packages."""

from __future__ import annotations

import hashlib
import os
import platform
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

from batchviz.errors import BatchVizError
from batchviz.settings import LOCAL, Settings


def tensorflow_environment(data_dir: Path) -> dict[str, str]:
    """Variables for the workers; what the installation sets itself is left alone.

    XLA keeps what it compiled in `data_dir`, so that a batch size seen before costs no second compilation,
    not even after a restart. The graphics card is hidden: small networks are faster without the trips to it.
    """
    cache = data_dir / "xla-cache" / _processor()
    cache.mkdir(parents=True, exist_ok=True)
    xla = {"directory": cache, "prefix": "batchviz"}
    defaults = {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "OPENBLAS_NUM_THREADS": "1",  # NumPy's threads would be started before the fork, and compete after it
        "TF_XLA_FLAGS": " ".join(f"--tf_xla_persistent_cache_{name}={value}" for name, value in xla.items()),
    }
    return {name: os.environ.get(name, value) for name, value in defaults.items()}


def check_installed(settings: Settings) -> None:
    """Raise BatchVizError where a package is missing that the engine of these settings needs."""
    if settings.engine != LOCAL and find_spec("distributed") is None:
        raise BatchVizError(
            f"BATCHVIZ_ENGINE is {settings.engine!r}, which needs the package distributed: "
            "pip install 'batchviz[cluster]', or unset it to train on this machine."
        )


RESERVED_BYTES = 850 * 10**6
"""Of the web process, its dispatcher, and TensorFlow in the workers."""
LEAST_WORKER_BYTES = 200 * 10**6


def worker_memory(workers: int) -> int:
    """Bytes that each of so many workers may take for its run, of what this machine or its container has."""
    total = int(psutil.virtual_memory().total)
    with suppress(OSError, ValueError):
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return max(LEAST_WORKER_BYTES, (total - RESERVED_BYTES) // workers)


def _processor() -> str:
    """A name for this kind of processor: code compiled for another may use instructions that this one lacks."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    abilities = next((line for line in lines if line.startswith(("flags", "Features"))), platform.processor())
    return f"{platform.machine()}-{hashlib.sha256(abilities.encode()).hexdigest()[:8]}"
