"""The rules of engine.backend.Backend, for every backend: a new one is a row in BACKENDS. Its workers really train."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from batchviz.engine import worker_process
from batchviz.engine.backend import Backend, MeasuringResult, TrainingResult
from batchviz.engine.cluster.backend import ClusterBackend
from batchviz.engine.leader import process_exists
from batchviz.engine.local_backend import LocalBackend
from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.inspection import Inspection
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.settings import LOCAL, Settings
from batchviz.store import ClockRequest, RequestState, Store
from tests.store.reports import outcome

SHORT = RunSpec(rows=64, hidden=(3,), batch_size=16, budget=1)
ENDLESS = SHORT.replace(budget_unit="seconds", budget=600)

BACKENDS: dict[str, Callable[[Settings, threading.Event], Backend]] = {
    "local": LocalBackend,
    "cluster": ClusterBackend,
}
KILLED = {"local": "its worker was killed (SIGKILL)", "cluster": "its worker was gone"}
"""What is told of a killed worker: a cluster does not say by what signal."""


class Scene:
    """A backend on a store of its own; warm once for all tests, which leave it without a run."""

    def __init__(self, folder: Path, name: str, engine: str) -> None:
        database_url = f"sqlite:///{folder / 'batchviz.db'}"
        settings = Settings(data_dir=folder, database_url=database_url, engine=engine, workers=1)
        self.store, self.wake = Store(settings.database_url), threading.Event()
        self.backend, self.killed = BACKENDS[name](settings, self.wake), KILLED[name]
        self.size = 1 if engine == LOCAL else 2
        self.results: list[TrainingResult] = []
        self.measured: list[MeasuringResult] = []
        self.seed = self.free_before = 0

    def until(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited {seconds} s in vain; the backend is {self.backend.state}"
            self.results.extend(self.backend.finished())
            self.measured.extend(self.backend.measured())
            time.sleep(0.02)

    def start(self, spec: RunSpec) -> Run:
        self.until(lambda: self.backend.free > 0)
        self.seed += 1
        self.store.queue.add([spec.replace(seed=self.seed)], "ada", "test")
        run = self.store.queue.claim("backend")
        assert run is not None
        self.free_before = self.backend.free
        self.backend.start([run])
        return run

    def result(self, run: Run) -> TrainingResult:
        self.until(lambda: any(result.run.id == run.id for result in self.results))
        return next(result for result in self.results if result.run.id == run.id)

    def measure(self, spec: RunSpec) -> ClockRequest:
        self.until(lambda: self.backend.free > 0)
        for held in self.store.attempts.running():  # of workers that were lost: as a dispatcher records it
            self.store.attempts.finish(held.id, held.attempt, outcome())
        self.store.clock_requests.add(spec, ClockPath.LOOP)
        request = self.store.clock_requests.claim("backend")
        assert request is not None
        self.free_before = self.backend.free
        self.backend.measure(request, "backend")
        return request

    def told(self, request: ClockRequest) -> MeasuringResult:
        self.until(lambda: any(result.request == request for result in self.measured))
        return next(result for result in self.measured if result.request == request)

    def state(self, spec: RunSpec) -> RequestState | None:
        found = self.store.clock_requests.find([clock_key(spec)], ClockPath.LOOP)
        return next((request.state for request in found.values()), None)

    def process(self, run: Run) -> psutil.Process:
        """The worker that trains a run, which has recorded something."""
        self.until(lambda: self.store.runs.get(run.id).progress.updates > 0 and ":" in self._worker(run))
        return psutil.Process(int(self._worker(run).rpartition(":")[2]))

    def _worker(self, run: Run) -> str:
        return next((held.worker for held in self.store.attempts.running() if held.id == run.id), "")


@pytest.fixture(scope="module", params=BACKENDS)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    engine = LOCAL if request.param == "local" else request.getfixturevalue("dask_cluster").address
    scene = Scene(tmp_path_factory.mktemp(request.param), request.param, engine)
    yield scene
    run = scene.start(ENDLESS)
    process = scene.process(run)
    scene.backend.close()
    assert not process_exists(process.pid), "close leaves no worker behind"
    assert scene.store.runs.get(run.id).status == Status.RUNNING, "the caller gives it back"
    scene.store.close()


class TestBackend:
    def test_a_run_is_recorded_by_its_worker_and_told_of_once(self, scene: Scene) -> None:
        run = scene.start(SHORT)
        assert scene.result(run) == TrainingResult(run)
        recorded = scene.store.runs.get(run.id)
        assert (recorded.status, recorded.progress.updates) == (Status.DONE, 4)
        scene.until(lambda: scene.backend.free == scene.size)
        assert [result.run.id for result in scene.results].count(run.id) == 1

    def test_a_group_is_trained_by_one_worker_and_told_of_run_by_run(self, scene: Scene) -> None:
        scene.until(lambda: scene.backend.free > 0)
        sweep = SweepSpec.parse(
            {"base": SHORT, "batch_sizes": 16, "learning_rates": (0.002, 0.02), "seeds": 2}
        )
        scene.store.sweeps.add(sweep, "ada", "test")
        group = scene.store.queue.claim_group("backend")
        assert len(group) == 4
        free = scene.backend.free
        scene.backend.start(group)
        assert (list(scene.backend.runs), scene.backend.busy, scene.backend.free) == (group, 1, free - 1)
        assert [scene.result(run) for run in group] == [TrainingResult(run) for run in group]
        kept = [scene.store.runs.get(run.id) for run in group]
        assert {(run.status, run.progress.updates, run.final["trained_together"]) for run in kept} == {
            (Status.DONE, 4, 4)
        }
        scene.until(lambda: scene.backend.free == scene.size)
        assert (list(scene.backend.runs), scene.backend.busy) == ([], 0)
        assert [result.run.id for result in scene.results].count(group[1].id) == 1

    def test_a_run_is_there_from_its_start_until_its_end_was_told(self, scene: Scene) -> None:
        run = scene.start(SHORT)
        assert (list(scene.backend.runs), scene.backend.free) == ([run], scene.free_before - 1)
        end = time.monotonic() + 60
        while not scene.store.runs.get(run.id).status.final:  # over, but not told of yet
            assert time.monotonic() < end
            time.sleep(0.02)
        assert list(scene.backend.runs) == [run]
        scene.result(run)
        assert list(scene.backend.runs) == []

    def test_a_stopped_run_is_told_with_a_cause_and_the_next_one_is_trained(self, scene: Scene) -> None:
        run = scene.start(ENDLESS)
        process = scene.process(run)
        scene.backend.stop(run.id)
        assert "was ended" in scene.result(run).cause
        scene.until(lambda: not process_exists(process.pid), 20)
        assert (
            scene.store.runs.get(run.id).status == Status.RUNNING
        )  # its end is for the dispatcher to record
        assert scene.result(scene.start(SHORT)).cause == ""

    def test_a_killed_worker_is_told_with_its_cause_and_replaced(self, scene: Scene) -> None:
        run = scene.start(ENDLESS)
        scene.process(run).kill()
        assert scene.result(run).cause == scene.killed
        assert scene.result(scene.start(SHORT)).cause == ""

    def test_a_worker_that_has_grown_too_large_is_replaced_between_two_runs(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = scene.start(SHORT.replace(budget_unit="seconds", budget=1))
        process = scene.process(run)
        monkeypatch.setattr(worker_process, "MIN_TASKS", 1)
        monkeypatch.setattr(worker_process, "MAX_GROWN_BYTES", 0)
        assert scene.result(run) == TrainingResult(run)
        scene.until(lambda: not process_exists(process.pid))
        monkeypatch.undo()
        following = scene.start(SHORT)
        assert scene.result(following) == TrainingResult(following)

    def test_what_is_seen_of_a_finished_run_is_kept_by_a_worker_and_told_of_once(self, scene: Scene) -> None:
        run = scene.start(SHORT)
        assert scene.result(run).cause == ""
        scene.store.inspections.add(scene.store.runs.get(run.id))
        request = scene.store.inspections.claim("backend")
        assert request is not None
        scene.until(lambda: scene.backend.free > 0)
        scene.backend.measure(request, "backend")
        assert scene.backend.measuring == request
        scene.until(lambda: any(result.request == request for result in scene.measured))
        assert [result for result in scene.measured if result.request == request] == [
            MeasuringResult(request)
        ]
        inspection = scene.store.inspections.find(run.id)
        assert isinstance(inspection, Inspection)
        assert inspection.updates.tolist() == [0, 1, 2, 3, 4]

    def test_a_clock_is_kept_by_its_worker_and_told_of_once(self, scene: Scene) -> None:
        request = scene.measure(SHORT)
        assert (scene.backend.measuring, scene.backend.free) == (request, scene.free_before - 1)
        assert scene.told(request) == MeasuringResult(request)
        assert scene.backend.measuring is None
        clock = scene.store.clocks.find([request.network], ClockPath.LOOP)[request.network]
        assert clock.machine == scene.backend.machine
        assert clock.seconds_per_update(16) > 0
        assert scene.state(SHORT) is None
        assert scene.result(scene.start(SHORT)).cause == ""
        assert [told.request for told in scene.measured].count(request) == 1

    def test_a_measurement_gives_way_to_a_run(self, scene: Scene) -> None:
        spec = SHORT.replace(hidden=(4,))
        request = scene.measure(spec)
        scene.store.queue.add([spec.replace(seed=1000)], "ada", "test")
        assert scene.told(request) == MeasuringResult(request)
        assert scene.state(spec) == RequestState.WAITING
        assert scene.store.clocks.find([request.network], ClockPath.LOOP) == {}
        run = scene.store.queue.claim("backend")
        assert run is not None
        scene.until(lambda: scene.backend.free > 0)
        scene.backend.start([run])
        assert scene.result(run).cause == ""

    def test_an_ended_measurement_is_told_with_a_cause_and_the_next_run_is_trained(
        self, scene: Scene
    ) -> None:
        request = scene.measure(SHORT.replace(hidden=(5,)))
        scene.backend.stop_measuring()
        assert "was ended" in scene.told(request).cause
        assert scene.backend.measuring is None
        assert scene.result(scene.start(SHORT)).cause == ""

    def test_stopping_what_is_not_there_changes_nothing(self, scene: Scene) -> None:
        run = scene.start(SHORT)
        scene.backend.stop("another")
        scene.backend.stop_measuring()
        assert scene.result(run).cause == ""

    def test_whoever_waits_is_woken_by_a_result(self, scene: Scene) -> None:
        run = scene.start(SHORT)
        scene.wake.clear()
        assert scene.wake.wait(60)
        assert scene.result(run).run == run

    def test_it_says_how_it_is(self, scene: Scene) -> None:
        scene.until(lambda: scene.backend.free == scene.size)
        assert (scene.backend.state, scene.backend.size) == ("ready", scene.size)


@pytest.mark.parametrize(
    ("tasks", "grown_bytes", "needed"),
    [(40, 80_000_000, True), (39, 80_000_000, False), (400, 60_000_000, False)],
)
def test_a_worker_is_renewed_when_it_has_worked_and_grown(tasks: int, grown_bytes: int, needed: bool) -> None:
    assert worker_process.needs_renewal(tasks, grown_bytes) is needed


def test_pebble_still_takes_its_patience_from_one_place() -> None:
    assert hasattr(worker_process.CONSTS, "term_timeout"), (
        "Pebble has no CONSTS.term_timeout any more (seen in 5.2.3): look for where it keeps the seconds between "
        "asking a worker to end and killing it, and set that in engine/worker_process.py"
    )
