"""What an installation consists of while it is at work, each part a process that can be killed: here, or on a cluster.

Some parts the product itself brings back (workers, dispatcher), the others whoever runs the server: `Kept` stands for
a service manager that starts again what has ended, a moment later.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil

from scripts.dask_cluster import DaskCluster
from scripts.postgres import Postgres, find_postgres
from scripts.server import START_SECONDS, WARM_SECONDS, Server, free_port, wait_for

FORK_SERVER = "multiprocessing.forkserver"


class Part(Protocol):
    """A kind of process. `kill` ends one of them, the `pick`-th, and tells which workers are gone with it."""

    name: str

    def kill(self, pick: int, away: float) -> set[int] | None:
        """None where there is none at the moment."""

    def revive(self) -> None:
        """Start it again if its time has come."""


@dataclass
class Kept:
    """One process that is started again `away` seconds after it was killed, or whenever it ended by itself."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    takes_along: Callable[[], set[int]] = set
    """Workers that go with it."""
    process: subprocess.Popen[bytes] | None = None
    back_at: float = 0.0

    def kill(self, pick: int, away: float) -> set[int] | None:
        """SIGKILL, also while it is coming up."""
        del pick
        if self.process is None or self.process.poll() is not None:
            return None
        workers = self.takes_along()
        self.process.kill()
        self.process.wait()
        self.process, self.back_at = None, time.monotonic() + away
        return workers

    def revive(self) -> None:
        """At most once a second, should it end at once."""
        if self.process is not None and self.process.poll() is not None:
            self.process, self.back_at = None, time.monotonic() + 1
        if self.process is None and time.monotonic() >= self.back_at:
            self.process = self.start()


@dataclass
class Own:
    """Processes that the product starts again by itself."""

    name: str
    pids: Callable[[], list[int]]
    trains: bool
    """Whether it is a worker."""

    def kill(self, pick: int, away: float) -> set[int] | None:
        """SIGKILL."""
        del away
        if not (pids := self.pids()):
            return None
        pid = pids[pick % len(pids)]
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return None
        return {pid} if self.trains else set()

    def revive(self) -> None:
        """Nothing to do."""


@dataclass
class Parts:
    """All of an installation. `folders` are the data folders by which its processes are known."""

    server: Server
    database: str
    killable: list[Part]
    folders: list[Path] = field(default_factory=list)

    def revive(self) -> None:
        """Start again what is due."""
        for part in self.killable:
            part.revive()

    def processes(self) -> list[psutil.Process]:
        """Of this installation, whoever started them."""
        return [process for folder in self.folders for process in _processes(folder)]


@contextlib.contextmanager
def local(folder: Path, environment: dict[str, str]) -> Iterator[Parts]:
    """The web server, a dispatcher and two workers of one machine, on SQLite."""
    data = folder / "data"
    data.mkdir()
    server = Server(data, free_port())
    web = Kept("web server", lambda: server.launch(**environment))
    killable: list[Part] = [
        Own("worker", lambda: _local_workers(data), trains=True),
        Own("dispatcher", lambda: _dispatchers(data), trains=False),
        web,
    ]
    with _at_work(Parts(server, server.database, killable, [data])) as parts:
        yield parts


@contextlib.contextmanager
def on_cluster(folder: Path, environment: dict[str, str]) -> Iterator[Parts]:
    """The same on PostgreSQL, trained by a Dask cluster: a scheduler, and two workers of a machine of their own."""
    data, there = folder / "data", folder / "cluster"
    data.mkdir()
    there.mkdir()
    cluster, server = DaskCluster(there), Server(data, free_port())

    def workers() -> set[int]:
        return set(_forked(there))

    database = Postgres(find_postgres() or Path())
    database.start()
    address = {"BATCHVIZ_DATABASE_URL": database.url, "BATCHVIZ_ENGINE": cluster.address}
    killable: list[Part] = [
        Own("worker", lambda: _forked(there), trains=True),
        Kept("cluster machine", cluster.start_workers, workers),
        # Dask's workers end with their scheduler.
        Kept("scheduler", cluster.start_scheduler, workers),
        Kept("database", database.launch, process=database.process),
        Own("dispatcher", lambda: _dispatchers(data), trains=False),
        Kept("web server", lambda: server.launch(**environment, **address)),
    ]
    try:
        with _at_work(Parts(server, database.url, killable, [data, there])) as parts:
            yield parts
    finally:
        database.remove()


@contextlib.contextmanager
def _at_work(parts: Parts) -> Iterator[Parts]:
    """Start all, wait until workers have trained; end all, in order where they can."""
    try:
        parts.revive()
        wait_for(f"{parts.server.url}/_stcore/health", "ok", START_SECONDS)
        wait_for(f"{parts.server.url}/api/health", '"ready"', WARM_SECONDS)
        yield parts
    finally:
        if parts.server.process is not None:
            parts.server.stop()
        for process in parts.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        for part in parts.killable:
            if isinstance(part, Kept) and part.process is not None and part.name != "database":
                part.process.kill()
                part.process.wait()


def _processes(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("BATCHVIZ_DATA_DIR") == str(folder):
                found.append(process)
    return found


def _dispatchers(folder: Path) -> list[int]:
    return [process.pid for process in _processes(folder) if "batchviz.engine" in process.cmdline()]


def _forked(folder: Path) -> list[int]:
    """What a fork server started."""
    pids = []
    for process in _processes(folder):
        with contextlib.suppress(psutil.Error):
            parent = process.parent()
            if _by_fork_server(process) and parent is not None and _by_fork_server(parent):
                pids.append(process.pid)
    return sorted(pids)


def _local_workers(folder: Path) -> list[int]:
    """Also those whose dispatcher was killed, and with it their fork server."""
    dispatchers = _dispatchers(folder)
    pids = []
    for process in _processes(folder):
        with contextlib.suppress(psutil.Error):
            if _by_fork_server(process) and process.ppid() not in dispatchers:
                pids.append(process.pid)
    return sorted(pids)


def _by_fork_server(process: psutil.Process) -> bool:
    return any(FORK_SERVER in argument for argument in process.cmdline())
