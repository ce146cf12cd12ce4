"""The application on a free port of the loopback: for the tests, the benchmarks and the README's pictures."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_SECONDS, WARM_SECONDS = 60, 120


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(address: str, text: str, seconds: float) -> None:
    """Ask for an address until its answer holds the text."""
    deadline = time.monotonic() + seconds
    answer = ""
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5) as opened:
                answer = opened.read().decode()
        except OSError as error:
            answer = str(error)
        if text in answer:
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address} did not say {text!r} in {seconds} s, but {answer[:200]!r}")


@dataclass
class Server:
    """`batchviz serve` with a data folder of its own."""

    data_dir: Path
    port: int
    prefix: str = ""
    """The path below which all of it is served, such as "lab"."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}/{self.prefix}".rstrip("/")

    @property
    def database(self) -> str:
        """The address of its database."""
        return f"sqlite:///{self.data_dir / 'batchviz.db'}"

    @property
    def pid(self) -> int:
        """The number of the web process."""
        assert self.process is not None
        return self.process.pid

    def start(self, **environment: str) -> None:
        """Start it, and wait until it answers."""
        self.launch(**environment)
        wait_for(f"{self.url}/_stcore/health", "ok", START_SECONDS)

    def launch(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start it without waiting."""
        headless = {
            "STREAMLIT_SERVER_HEADLESS": "true",
            "STREAMLIT_SERVER_BASE_URL_PATH": self.prefix,
            "BATCHVIZ_DATA_DIR": str(self.data_dir),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "batchviz", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env={**os.environ, **headless, **environment},
            stdout=(self.data_dir / "web.out").open("ab"),
            stderr=subprocess.STDOUT,
        )
        return self.process

    def kill(self) -> None:
        """End it as a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C would, and wait."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(25)
            except subprocess.TimeoutExpired:
                self.kill()


@contextlib.contextmanager
def warm_server(data_dir: Path, *, prefix: str = "", **environment: str) -> Iterator[Server]:
    """The application, warm: its engine has workers that have trained."""
    server = Server(data_dir, free_port(), prefix)
    server.start(**environment)
    try:
        wait_for(f"{server.url}/api/health", '"ready"', WARM_SECONDS)
        yield server
    finally:
        server.stop()
