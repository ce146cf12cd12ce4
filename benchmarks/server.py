"""The application on a free port of the loopback, with a data folder that is thrown away."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import ROOT

WARM_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """A running application whose workers are warm."""

    url: str
    process: int
    """The web process's number."""
    data_dir: Path


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Start it, wait until its engine is ready, stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "BATCHVIZ_DATA_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url + "/api/health")
            yield Server(url, process.pid, Path(folder))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + WARM_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if b'"ready"' in answer.read():
                return
        time.sleep(0.2)
    raise RuntimeError(f"The engine was not ready within {WARM_SECONDS} s.")
