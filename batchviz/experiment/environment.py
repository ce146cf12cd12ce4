"""Which numerics produced a result: a finished run is reused only where these agree.

Read from package metadata, so that the web process need not import TensorFlow.
"""

from __future__ import annotations

import functools
import platform
from importlib.metadata import PackageNotFoundError, version


@functools.cache
def fingerprint() -> str:
    """For example `tensorflow 2.21.0, keras 3.15.1, numpy 2.4.6, x86_64, loop 1`."""
    return ", ".join(
        [
            f"tensorflow {_first_version('tensorflow', 'tensorflow-cpu')}",
            f"keras {_first_version('keras')}",
            f"numpy {_first_version('numpy')}",
            platform.machine(),
            f"loop {LOOP_VERSION}",
        ]
    )


LOOP_VERSION = 3
"""Raised whenever batchviz.training, a model or a data set changes a recorded number."""


def _first_version(*names: str) -> str:
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "none"
