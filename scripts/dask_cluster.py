"""A Dask cluster on the loopback, for the tests and the benchmarks: a scheduler, and two workers with their nannies."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from scripts.server import ROOT, free_port


class DaskCluster:
    """Its processes, each of which can go and come back."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Both at once: the workers wait for their scheduler."""
        self.start_scheduler()
        self.start_workers()

    def start_workers(self) -> subprocess.Popen[bytes]:
        """The process of the nannies, which start the workers."""
        self._workers = self._popen("workers", "batchviz.engine.cluster", self.address, "--workers", "2")
        return self._workers

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        """Without waiting for it."""
        self._scheduler = self._popen(
            "scheduler", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port),
            "--no-dashboard", "--no-show",
        )  # fmt: skip
        return self._scheduler

    def kill_scheduler(self) -> None:
        """As its machine's loss of power."""
        assert self._scheduler is not None
        self._scheduler.kill()
        self._scheduler.wait()

    def worker_processes(self) -> set[int]:
        """Of the fork server, which nannies share."""
        assert self._workers is not None
        return {process.pid for process in psutil.Process(self._workers.pid).children(recursive=True)}

    def stop(self) -> None:
        """At once, with all that they started: in order it takes seconds."""
        for process in (self._workers, self._scheduler):
            if process is not None:
                with suppress(psutil.NoSuchProcess):
                    for child in psutil.Process(process.pid).children(recursive=True):
                        with suppress(psutil.NoSuchProcess):
                            child.kill()
                process.kill()
                process.wait()

    def _popen(self, name: str, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.out").open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self._folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "BATCHVIZ_DATA_DIR": str(self._folder),
                    "DASK_TEMPORARY_DIRECTORY": str(self._folder),
                },
                stdout=out,
                stderr=subprocess.STDOUT,
            )
