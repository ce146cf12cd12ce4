"""Processes of our own beside the web process: started with this very package, and ended for sure."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import batchviz


def environment() -> dict[str, str]:
    """This process', by which another finds this package, installed or not."""
    package = str(Path(batchviz.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}


def end(process: subprocess.Popen[bytes], patience_seconds: float) -> None:
    """Ask it to end; kill it if it has not by then."""
    process.terminate()
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
