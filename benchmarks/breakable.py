"""What faults need of the machine: a disk that fills, a clock that is set, a PostgreSQL that is restarted."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from scripts.server import free_port

DISK_BYTES = 120_000_000


CLOCK = """
import os, time

_time, _file, _read = time.time, os.environ["BATCHVIZ_CLOCK_FILE"], [0.0, 0.0]


def _set_time():
    now = time.monotonic()
    if now - _read[0] > 0.5:
        with open(_file) as file:
            _read[:] = now, float(file.read() or 0)
    return _time() + _read[1]


time.time = _set_time
"""


class Clock:
    """The time of day as every Python process of a server sees it that was started with `environment`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        (folder / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
        self.environment = {"PYTHONPATH": str(folder), "BATCHVIZ_CLOCK_FILE": str(self._file)}
        self.set(0)

    def set(self, seconds: float) -> None:
        """So many seconds ahead of the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds), encoding="ascii")
        new.replace(self._file)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of DISK_BYTES at `folder`; False where none can be mounted."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    with contextlib.suppress(OSError):
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            try:
                yield True
            finally:
                subprocess.run(["umount", "--lazy", str(folder)], check=False)
            return
    yield False


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs: the one named in BATCHVIZ_POSTGRES, or that of initdb on the path."""
    if named := os.environ.get("BATCHVIZ_POSTGRES"):
        return Path(named)
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Postgres:
    """A PostgreSQL of its own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._programs = postgres_programs() or Path()
        self._folder, self._port = folder / "pg", free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None
        self._folder.mkdir()
        if self._user:
            folder.chmod(0o755)
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--auth=trust", "--username=batchviz", "--no-sync").wait()
        self.url = f"postgresql://batchviz@127.0.0.1:{self._port}/postgres"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.launch()
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it without waiting. It ends at once while children of one that was killed are still there."""
        options = ("listen_addresses=127.0.0.1", "unix_socket_directories=")
        settings = [part for option in options for part in ("-c", option)]
        self.process = self._run("postgres", "-p", str(self._port), *settings)
        return self.process

    def stop(self) -> None:
        """As a crash."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(self._programs / program), *arguments, "-D", str(self._folder / "data")]
        with (self._folder.parent / "postgres.log").open("ab") as log:
            return subprocess.Popen(command, user=self._user, cwd="/", stdout=log, stderr=log)
