"""Parts that die, hang or are away under load, on loopback, with real processes.

`python -m benchmarks.faults [NAME ...] [--viewers 10] [--seconds 30]` goes through all faults, or those named. Every
acknowledged run must end done, its points bit by bit those of a training that nobody disturbed, on every viewer's page
as in the database. It ends by itself, after some 15 minutes.

`python -m benchmarks.faults --random [--engine local|cluster] [--seed N] [--seconds 120]` kills parts at random
moments, a part again perhaps while it comes back: here workers, dispatcher and web server, on SQLite; on a cluster of
Dask also its scheduler, the machine of its workers, and PostgreSQL. The same seed makes the same plan. What it judges
stands in `benchmarks.random_kills`. It ends by itself, mostly within two minutes of the last kill.

A full disk needs the right to mount a small one; PostgreSQL its programs (in PATH, where Debian has them, or in the
folder that BATCHVIZ_POSTGRES names); what is not there is skipped and said.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec
from batchviz.store import ENGINE, Store
from benchmarks import line, parts
from benchmarks.breakable import Clock, small_disk
from benchmarks.fault_round import Judgement, Points, Round, compared
from benchmarks.random_kills import RandomJudgement, RandomRound
from scripts.postgres import Postgres, find_postgres
from scripts.server import Server, wait_for, warm_server

LONG = RunSpec.parse({"rows": 4000, "hidden": "512-512", "batch_size": 32, "budget": 120})
"""Some 20 s: what it has recorded is at stake when the fault comes."""
PATIENCE = 300.0


class Scene:
    """A server at work, and what can be done to it. A fault returns when it is mended."""

    def __init__(self, server: Server, store: Store, seconds: float, clock: Clock) -> None:
        self.server, self.store, self.seconds, self._clock = server, store, seconds, clock

    def nothing(self, runs: list[Run]) -> None:
        """To compare with."""

    def worker_killed(self, runs: list[Run]) -> None:
        """As the kernel does to one that takes too much memory."""
        os.kill(self._worker(runs[0]), signal.SIGKILL)

    def worker_hung(self, runs: list[Run]) -> None:
        """Stopped, which no operating system reports; it is found out by its silence."""
        os.kill(self._worker(runs[0]), signal.SIGSTOP)

    def dispatcher_killed(self, runs: list[Run]) -> None:
        """Its workers live on."""
        os.kill(self._dispatcher(), signal.SIGKILL)

    def dispatcher_hung(self, runs: list[Run]) -> None:
        """As the hung worker."""
        os.kill(self._dispatcher(), signal.SIGSTOP)

    def web_server_killed(self, runs: list[Run]) -> None:
        """And started again some seconds later."""
        self.server.kill()
        time.sleep(5)
        self.server.start(**environment(self._clock))

    def everything_killed(self, runs: list[Run]) -> None:
        """A machine that loses its power."""
        victims = [self._dispatcher(), *map(self._worker, runs)]
        self.server.kill()
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(5)
        self.server.start(**environment(self._clock))

    def database_locked(self, runs: list[Run]) -> None:
        """By another program, a backup say."""
        other = sqlite3.connect(self.server.data_dir / "batchviz.db", isolation_level=None, timeout=30)
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(self.seconds)
        other.execute("ROLLBACK")
        other.close()

    def disk_full(self, runs: list[Run]) -> None:
        """To the last byte."""
        ballast = self.server.data_dir / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        time.sleep(max(12.0, self.seconds / 2))
        ballast.unlink()

    def clock_set(self, runs: list[Run]) -> None:
        """An hour forward, then two back."""
        for hours in (1, -1):
            self._clock.set(3600 * hours)
            time.sleep(self.seconds / 2)
        self._clock.set(0)

    def _worker(self, run: Run) -> int:
        held = next(held for held in self.store.attempts.running() if held.id == run.id)
        return int(held.worker.rpartition(":")[2])

    def _dispatcher(self) -> int:
        return next(process.pid for process in self.store.processes.all() if process.name == ENGINE)


def environment(clock: Clock) -> dict[str, str]:
    """Of the server: both workers may train long runs, and the clock can be set."""
    wished = {"BATCHVIZ_WORKERS": "2", "BATCHVIZ_MAX_LONG_RUNS": "2", "BATCHVIZ_MIN_FREE_MEGABYTES": "0"}
    return wished | clock.environment


def play(scene: Scene, names: list[str], viewers: int, undisturbed: dict[str, Points]) -> Iterator[Judgement]:
    """Judge each fault in turn."""
    for name in names:
        fault: Callable[[list[Run]], object] = getattr(scene, name)
        round_ = Round(scene.store, scene.server.url, name, long=LONG, viewers=viewers)
        judgement, points = round_.play(fault, PATIENCE)
        if name == "nothing":
            undisturbed.update(points)
        compared(judgement, points, undisturbed)
        wait_for(f"{scene.server.url}/api/health", '"ready"', 120)
        yield judgement


def slow_line(scene: Scene, viewers: int, undisturbed: dict[str, Points]) -> Judgement:
    """Viewers 800 ms away, whose connections are cut every 30 s."""
    with line.running(scene.server.port, delay=0.4, cut=30.0) as slow:
        round_ = Round(scene.store, slow.url, "slow_line", long=LONG, viewers=viewers)
        judgement, points = round_.play(lambda _: time.sleep(scene.seconds), PATIENCE)
    compared(judgement, points, undisturbed)
    return judgement


def scheduler_killed(seconds: float, viewers: int, undisturbed: dict[str, Points]) -> Judgement:
    """Of a Dask cluster, away for `seconds`; its workers end with it and come back with the next one."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made,
        parts.on_cluster(Path(made), environment(Clock(Path(made)))) as installation,
    ):
        scheduler = next(part for part in installation.killable if part.name == "scheduler")

        def kill(_: list[Run]) -> None:
            scheduler.kill(0, seconds)
            time.sleep(seconds)
            scheduler.revive()

        store = Store(installation.database)
        round_ = Round(store, installation.server.url, "scheduler_killed", long=LONG, viewers=viewers)
        judgement, points = round_.play(kill, PATIENCE)
        compared(judgement, points, undisturbed)
        store.close()
    return judgement


def random_kills(engine: str, seed: int, seconds: float, viewers: int) -> RandomJudgement:
    """One round, on an installation of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made)
        start = parts.local if engine == "local" else parts.on_cluster
        with start(folder, environment(Clock(folder))) as installation:
            return RandomRound(installation, f"{engine}, seed {seed}", viewers).play(seconds)


def postgres_restarted(seconds: float, viewers: int, undisturbed: dict[str, Points]) -> Judgement:
    """The server of the database crashes, and is away for `seconds`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        database = Postgres(find_postgres() or Path())
        database.start()
        data = Path(folder) / "data"
        data.mkdir()
        address = {"BATCHVIZ_DATABASE_URL": database.url}
        try:
            with warm_server(data, **environment(Clock(Path(folder))), **address) as server:
                store = Store(database.url)

                def restart(_: list[Run]) -> None:
                    database.crash()
                    time.sleep(seconds)
                    database.start()

                round_ = Round(store, server.url, "postgres_restarted", long=LONG, viewers=viewers)
                judgement, points = round_.play(restart, PATIENCE)
                compared(judgement, points, undisturbed)
                store.close()
        finally:
            database.remove()
    return judgement


FAULTS = (
    "nothing",
    "worker_killed",
    "worker_hung",
    "dispatcher_killed",
    "dispatcher_hung",
    "web_server_killed",
    "everything_killed",
    "database_locked",
    "disk_full",
    "clock_set",
)


def main() -> int:
    """Play and print; the exit code is 1 if anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    beyond = ("slow_line", "postgres_restarted", "scheduler_killed")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*FAULTS, *beyond)))
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument(
        "--seconds", type=float, help="for which a part is away (30), or with --random of killing (120)"
    )
    parser.add_argument("--random", action="store_true", help="kill at random moments instead")
    parser.add_argument("--engine", choices=("local", "cluster"), default="local", help="with --random")
    parser.add_argument("--seed", type=int, default=0, help="with --random")
    arguments = parser.parse_args()
    if arguments.random:
        seconds = arguments.seconds or 120.0
        end = random_kills(arguments.engine, arguments.seed, seconds, arguments.viewers)
        print(end, flush=True)
        return int(not end.well)
    arguments.seconds = arguments.seconds or 30.0
    names = arguments.names or [*FAULTS, *beyond]
    if unknown := set(names) - {*FAULTS, *beyond}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    undisturbed: dict[str, Points] = {}
    well = True

    def told(judgement: Judgement) -> None:
        nonlocal well
        well = well and judgement.well
        print(judgement, flush=True)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made) / "data"
        folder.mkdir()
        clock = Clock(Path(made))
        with small_disk(folder) as small, warm_server(folder, **environment(clock)) as server:
            missing = {"disk_full": not small}
            missing["postgres_restarted"] = missing["scheduler_killed"] = find_postgres() is None
            for name in (name for name in names if missing.get(name)):
                print(f"{name:<20} skipped: what it needs is not here")
            names = [name for name in names if not missing.get(name)]
            store = Store(server.database)
            scene = Scene(server, store, arguments.seconds, clock)
            try:
                here = ["nothing", *(name for name in names if name in FAULTS and name != "nothing")]
                for judgement in play(scene, here, arguments.viewers, undisturbed):
                    told(judgement)
                if "slow_line" in names:
                    told(slow_line(scene, arguments.viewers, undisturbed))
            finally:
                store.close()
        if "postgres_restarted" in names:
            told(postgres_restarted(arguments.seconds, arguments.viewers, undisturbed))
        if "scheduler_killed" in names:
            told(scheduler_killed(arguments.seconds, arguments.viewers, undisturbed))
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
