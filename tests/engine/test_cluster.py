"""Beyond one machine: a real Dask scheduler, real workers, a real PostgreSQL, each of them really killed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from batchviz.engine.cluster import connection
from batchviz.engine.supervisor import DispatcherSupervisor
from batchviz.errors import BatchVizError
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.settings import Settings
from batchviz.store import ENGINE, Store, Sweep, SweepState
from scripts.dask_cluster import DaskCluster
from scripts.postgres import Postgres
from tests.engine.conftest import LONG, SHORT, Installation
from tests.known_clocks import know_clocks

pytestmark = pytest.mark.timeout(300, func_only=True)

SWEEP = SweepSpec(base=SHORT, batch_sizes=(8, "full"), learning_rates=(0.001, 0.01), seeds=2, report_seeds=1)
# Of runs that are trained one by one, because of their batch sizes: to be hit in the middle. Seconds each, and the
# first in more updates than a chunk of the store holds.
LONGER = SweepSpec(
    base=LONG.replace(rows=2000, budget=80), batch_sizes=(1, 2), learning_rates=(0.001,), seeds=1
)
Numbers = dict[RunSpec, dict[str, object]]
"""Of runs, by their names: series byte by byte."""
OF_THE_PROCESS = {
    "seconds", "elapsed", "setup_seconds", "evaluation_seconds", "seconds_per_update", "finished", "peak_memory_bytes",
}  # fmt: skip
"""Recorded numbers that belong to the worker and to how busy its machine was."""


def test_a_dask_worker_trains_a_run_whose_points_are_seen_live(
    elsewhere: Installation, dask_cluster: DaskCluster
) -> None:
    done = elsewhere.becomes(elsewhere.add(SHORT), Status.DONE)
    assert elsewhere.shown(done) == plan_for(SHORT).updates == done.progress.updates
    run = elsewhere.training(LONG, updates=200)
    assert elsewhere.worker(run) in dask_cluster.worker_processes()
    count = elsewhere.shown(run)
    elsewhere.until(lambda: elsewhere.shown(run) > count)
    elsewhere.end(run)
    assert elsewhere.store.runs.get(run.id).status == Status.STOPPED


def test_dashboards_on_one_database_show_the_same_runs_and_share_an_engine(
    elsewhere: Installation, tmp_path: Path
) -> None:
    other = Installation(
        tmp_path, database_url=elsewhere.settings.database_url, engine=elsewhere.settings.engine
    )
    other.start()
    other.until(lambda: sum(process.name != ENGINE for process in other.store.processes.all()) == 2)
    run = other.training(LONG.replace(seed=20), updates=200)
    dispatcher = elsewhere.dispatcher
    elsewhere.stop()  # the engine was its child; the other dashboard still wants it
    waiting = other.becomes(other.add(SHORT.replace(seed=21)), Status.DONE)
    other.end(run)
    assert other.dispatcher == dispatcher
    elsewhere.start()
    other.stop()
    for each in (run, waiting):
        one, two = elsewhere.points(each), other.points(each)
        assert one.updates["loss"].tobytes() == two.updates["loss"].tobytes()
        assert elsewhere.store.runs.get(each.id) == other.store.runs.get(each.id)


def test_a_sweep_has_the_same_numbers_here_and_on_a_cluster(
    installation: Installation, elsewhere: Installation
) -> None:
    there, here = (numbers(each, begun(each, SWEEP)) for each in (elsewhere, installation))
    assert len(there) == 10
    assert different(there, here) == []


def test_a_sweep_loses_nothing_when_all_of_a_cluster_is_killed_once(
    installation: Installation, elsewhere: Installation, dask_cluster: DaskCluster, postgres: Postgres
) -> None:
    there = begun(elsewhere, LONGER)
    victim = under_way(elsewhere, there)
    elsewhere.kill(elsewhere.worker(victim))
    elsewhere.until(lambda: elsewhere.store.runs.get(victim.id).attempt == 2)
    assert elsewhere.store.runs.get(victim.id).reason == "Started again, because its worker was gone."

    caught = under_way(elsewhere, there)
    dask_cluster.kill_scheduler()
    elsewhere.until(lambda: elsewhere.store.processes.engine_state() == "unreachable")
    assert "the scheduler of the cluster was gone" in elsewhere.store.runs.get(caught.id).reason
    dask_cluster.start_scheduler()
    elsewhere.until(lambda: elsewhere.store.processes.engine_state() == "ready")

    through = under_way(elsewhere, there)
    before = elsewhere.store.runs.get(through.id)
    assert before.progress.updates < (before.plan.updates or 0), "the database goes away in the middle"
    postgres.crash()
    time.sleep(1)  # in which workers train on and cannot write
    postgres.start()
    elsewhere.until(lambda: elsewhere.store.runs.get(through.id).status.final, 150)
    assert elsewhere.store.runs.get(through.id).attempt == before.attempt, "what could not be written is now"
    here = begun(installation, LONGER)
    assert different(numbers(elsewhere, there), numbers(installation, here)) == []


def different(one: Numbers, two: Numbers) -> list[str]:
    """What is recorded of which run on one side only, or differs in a bit, and from where on."""
    assert one.keys() == two.keys()
    found = []
    for spec in one:
        for name in one[spec].keys() | two[spec].keys():
            left, right = one[spec].get(name), two[spec].get(name)
            if left != right:
                both = [np.frombuffer(x, np.float32) if isinstance(x, bytes) else x for x in (left, right)]
                found.append(f"B {spec.batch_size}, seed {spec.seed}, {name}: {both[0]} against {both[1]}")
    return found


def begun(installation: Installation, spec: SweepSpec) -> Sweep:
    know_clocks(installation.store, spec.base)
    return installation.store.sweeps.add(spec, "ada")


def under_way(installation: Installation, sweep: Sweep) -> Run:
    """A run of the sweep that a worker trains, with updates recorded, and most of them still to come."""
    early: list[Run] = []

    def look() -> bool:
        held = {run.id for run in installation.store.attempts.running() if ":" in run.worker}
        training = [run for run in installation.store.sweeps.runs(sweep.id) if run.id in held]
        early[:] = [run for run in training if 0 < run.progress.updates < (run.plan.updates or 0) / 2]
        return bool(early)

    installation.until(look)
    return early[0]


def numbers(installation: Installation, sweep: Sweep) -> Numbers:
    """All that is recorded of a sweep's runs, once it is done, but what is of its processes."""
    store = installation.store
    installation.until(lambda: store.sweeps.get(sweep.id).state == SweepState.DONE, 150)
    runs = store.sweeps.runs(sweep.id)
    assert {run.status for run in runs} == {Status.DONE}
    found: Numbers = {}
    for run in runs:
        progress = asdict(run.progress)
        recorded: dict[str, object] = {name: progress[name] for name in progress.keys() - OF_THE_PROCESS}
        recorded |= {f"final {name}": repr(run.final[name]) for name in run.final.keys() - OF_THE_PROCESS}
        for kind in SERIES:
            series = store.series.whole([run.id], kind)[run.id]
            recorded |= {f"{kind} {name}": series[name].tobytes() for name in series.keys() - OF_THE_PROCESS}
        found[run.spec] = recorded
    return found


def test_a_scheduler_that_does_not_answer_is_told_and_runs_wait(tmp_path: Path, free_port: int) -> None:
    address = f"tcp://127.0.0.1:{free_port}"
    alone = Installation(tmp_path, engine=address)
    waiting = alone.add(SHORT)
    alone.start("unreachable")
    said = f"The scheduler at {address} does not answer"
    alone.until(lambda: said in (tmp_path / "web.err").read_text(), 10)
    alone.stop()
    assert alone.store.runs.get(waiting.id).status == Status.QUEUED
    logs = {name: (tmp_path / name).read_text() for name in ("engine.log", "engine.out", "web.err")}
    assert logs["engine.log"].count(said) == logs["web.err"].count(said) == 1
    assert "BATCHVIZ_ENGINE" in logs["web.err"]
    assert not [name for name, text in logs.items() if "Traceback" in text]


class DeadLine:
    """In the place of Dask's client: it connects, its scheduler is gone, and it hangs up when it is let."""

    status = "connecting"
    may_hang_up = threading.Event()

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __await__(self) -> Generator[object, None, None]:
        return asyncio.sleep(0).__await__()

    async def close(self) -> None:
        while not self.may_hang_up.is_set():
            await asyncio.sleep(0.01)


def test_a_lost_scheduler_is_told_before_hanging_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "Client", DeadLine)
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 600.0)
    wake, told = threading.Event(), list[connection.Event]()
    line = connection.Connection("tcp://127.0.0.1:1", wake)
    try:
        while len(told) < 2:
            assert wake.wait(10)
            wake.clear()
            told += line.events()
    finally:
        DeadLine.may_hang_up.set()
        line.close()
    assert told == [connection.Connected(), connection.Disconnected("")]


def test_a_scheduler_that_dies_is_one_event_and_no_trace_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cluster, wake, events = DaskCluster(tmp_path), threading.Event(), list[connection.Event]()
    cluster.start_scheduler()
    line = connection.Connection(cluster.address, wake)
    try:
        while connection.Connected() not in events:
            assert wake.wait(60)
            wake.clear()
            events += line.events()
        cluster.kill_scheduler()
        while not isinstance(events[-1], connection.Disconnected):
            assert wake.wait(60)
            wake.clear()
            events += line.events()
    finally:
        line.close()  # waits for what Dask has to say of it
        cluster.stop()
    assert not [record.getMessage() for record in caplog.records if record.exc_info]


def test_a_missing_package_is_told_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("batchviz.engine.environment.find_spec", lambda name: None)
    settings = Settings(data_dir=tmp_path, engine="tcp://127.0.0.1:8786")
    with pytest.raises(
        BatchVizError, match=r"needs the package distributed: pip install 'batchviz\[cluster\]'"
    ):
        DispatcherSupervisor(settings, Store(settings.database_url)).start()
