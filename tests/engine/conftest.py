import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.settings import LOCAL, Settings
from batchviz.store import ENGINE, Cursor, RunDelta, RunningRun, Store
from scripts.dask_cluster import DaskCluster
from scripts.postgres import Postgres, find_postgres
from tests.known_clocks import know_clocks

# Minutes at full speed, in few epochs: long enough for any fault to hit it in the middle.
LONG = RunSpec(rows=20_000, hidden=(128, 64), batch_size=1, budget=300)
SHORT = RunSpec(rows=200, budget=2)

# What trains here until something happens to it trains for nobody: others go first.
WEB = """
import os, sys
os.nice(10)
from batchviz.engine.supervisor import DispatcherSupervisor
from batchviz.settings import Settings
from batchviz.store import Store

settings = Settings.from_environment()
engine = DispatcherSupervisor(settings, Store(settings.database_url))
engine.start()
sys.stdin.read()
engine.stop()
"""


class Installation:
    """What of a web process matters to the engine, its dispatcher and workers, on a database of their own."""

    def __init__(self, folder: Path, *, database_url: str = "", engine: str = LOCAL) -> None:
        self.settings = Settings(
            data_dir=folder,
            database_url=database_url or f"sqlite:///{folder / 'batchviz.db'}",
            engine=engine,
            workers=2,
        )
        self.store = Store(self.settings.database_url)
        know_clocks(self.store, LONG, SHORT)
        self.web: subprocess.Popen[bytes] | None = None

    def start(self, state: str = "ready") -> None:
        environment = os.environ | {
            "BATCHVIZ_DATA_DIR": str(self.settings.data_dir),
            "BATCHVIZ_DATABASE_URL": self.settings.database_url,
            "BATCHVIZ_ENGINE": self.settings.engine,
            "BATCHVIZ_WORKERS": "2",
            "BATCHVIZ_MAX_LONG_RUNS": "2",  # what is killed in the middle must last
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        with (self.settings.data_dir / "web.err").open("ab") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-c", WEB], env=environment, stdin=subprocess.PIPE, stderr=log
            )
        self.until(lambda: self.store.processes.engine_state() == state, 120)

    def stop(self) -> None:
        """As at Ctrl+C: the web process ends cleanly."""
        if self.web is not None and self.web.poll() is None:
            self.web.communicate(timeout=40)

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    def add(self, spec: RunSpec, owner: str = "ada") -> Run:
        return self.store.queue.add([spec], owner, "test")[0]

    def training(self, spec: RunSpec, owner: str = "ada", updates: int = 1) -> Run:
        """A run that is under way: a worker holds it, and updates are recorded."""
        run = self.add(spec, owner)
        self.until(lambda: self.recorded(run) >= updates and ":" in self.held(run).worker)
        return run

    def held(self, run: Run) -> RunningRun:
        return next(held for held in self.store.attempts.running() if held.id == run.id)

    def worker(self, run: Run) -> int:
        return int(self.held(run).worker.rpartition(":")[2])

    def recorded(self, run: Run) -> int:
        return self.store.runs.get(run.id).progress.updates

    def points(self, run: Run) -> RunDelta:
        """What a viewer gets."""
        return self.store.series.since({run.id: Cursor()})[run.id]

    def shown(self, run: Run) -> int:
        """Updates that a viewer gets."""
        return len(self.points(run).updates["loss"])

    def end(self, *runs: Run) -> None:
        for run in runs:
            self.store.queue.request_stop(run.id, run.owner)
        self.until(
            lambda: all(run.status.final for run in self.store.runs.by_id([r.id for r in runs]).values())
        )

    def becomes(self, run: Run, status: Status, seconds: float = 60) -> Run:
        self.until(lambda: self.store.runs.get(run.id).status == status, seconds)
        return self.store.runs.get(run.id)

    @property
    def dispatcher(self) -> int:
        return next(runner.pid for runner in self.store.processes.all() if runner.name == ENGINE)

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> float:
        """Wait for something; the seconds it took. Fails with what the engine logged."""
        start = time.monotonic()
        while True:
            looked = time.monotonic()
            if condition():
                return time.monotonic() - start
            if time.monotonic() - start > seconds:
                log = self.settings.data_dir / "engine.log"
                pytest.fail(f"Waited {seconds} s in vain. {log.read_text()[-2000:] if log.exists() else ''}")
            # A look reads the runs of a sweep, or every point of one: without a rest in proportion it takes half of a
            # core from the workers that are waited for.
            time.sleep(min(max(0.01, 9 * (time.monotonic() - looked)), 0.2))


@pytest.fixture
def installation(one_for_all: Installation) -> Installation:
    """The installation at work, also after a test that ended it."""
    if one_for_all.web is None or one_for_all.web.poll() is not None:
        one_for_all.start()
    return one_for_all


@pytest.fixture(scope="package")
def one_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all tests of this folder: TensorFlow takes ten seconds to come up."""
    installation = Installation(tmp_path_factory.mktemp("installation"))
    installation.start()
    yield installation
    installation.stop()


@pytest.fixture(scope="package")
def dask_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A scheduler and two workers: processes of their own, which meet on the loopback."""
    cluster = DaskCluster(tmp_path_factory.mktemp("cluster"))
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="package")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of its own, empty."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    server = Postgres(programs)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def elsewhere(on_a_cluster: Installation) -> Installation:
    """An installation at work whose runs are trained by a Dask cluster, and kept by PostgreSQL."""
    if on_a_cluster.web is None or on_a_cluster.web.poll() is not None:
        on_a_cluster.start()
    return on_a_cluster


@pytest.fixture(scope="package")
def on_a_cluster(
    tmp_path_factory: pytest.TempPathFactory, dask_cluster: DaskCluster, postgres: Postgres
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("elsewhere")
    installation = Installation(folder, database_url=postgres.url, engine=dask_cluster.address)
    yield installation
    dispatcher = installation.dispatcher
    installation.stop()
    with suppress(ProcessLookupError):  # perhaps not its own child, and then there for some seconds
        installation.kill(dispatcher)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever needs an engine comes before those who kill it, and needs none of their own."""
    items.sort(key=lambda item: item.path.parent.name == "engine" and item.path.name == "test_faults.py")
