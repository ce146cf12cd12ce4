"""Processes of our own beside the web process: started with this very package, and ended for sure."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def environment() -> dict[str, str]:
    """This process', by which another finds this package, installed or not."""
    folder = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}


def end(process: subprocess.Popen[bytes], patience_seconds: float) -> None:
    """Ask it to end; kill it if it has not by then."""
    process.terminate()
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
