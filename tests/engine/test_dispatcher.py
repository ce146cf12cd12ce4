"""The dispatcher's decisions, with a stand-in for the worker processes."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batchviz.engine import dispatcher as module
from batchviz.engine.backend import TrainingResult
from batchviz.engine.dispatcher import Dispatcher, LeadershipLost
from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.engine.leader import Leadership
from batchviz.errors import StoreError
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from tests.engine.test_leader import ended_process
from tests.store.reports import outcome, report


class Workers:
    """Two workers that train nothing until told how it ends."""

    state = "ready"
    size = 2

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.ended: list[TrainingResult] = []
        self.killed: list[str] = []

    @property
    def free(self) -> int:
        return self.size - len(self.runs)

    def start(self, run: Run) -> None:
        self.runs.append(run)

    def stop(self, run_id: str) -> None:
        self.killed.append(run_id)

    def finished(self) -> list[TrainingResult]:
        ended, self.ended = self.ended, []
        self.runs = [run for run in self.runs if run not in [result.run for result in ended]]
        return ended

    def close(self) -> None:
        pass


class Scene:
    def __init__(self, path: Path) -> None:
        self.store = Store(f"sqlite:///{path}")
        self.leadership, self.workers, self.now = Leadership(self.store), Workers(), 0.0
        assert self.leadership.acquire()
        self.dispatcher = self.new_dispatcher()

    def new_dispatcher(self) -> Dispatcher:
        workers: Any = self.workers
        dispatcher = Dispatcher(self.store, self.leadership, workers, threading.Event(), until_unwanted=True)
        dispatcher._beats, dispatcher._webs = (
            HeartbeatMonitor(lambda: self.now),
            HeartbeatMonitor(lambda: self.now),
        )
        dispatcher._last_wanted = 0.0
        return dispatcher

    def add(self, seed: int = 0, owner: str = "ada") -> Run:
        return self.store.queue.add([RunSpec(seed=seed)], owner, "here")[0]

    def turn(self, seconds: float = 1.0) -> None:
        self.now += seconds
        self.dispatcher._turn(self.now)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "batchviz.db")


def test_runs_are_handed_out_while_there_is_room(scene: Scene) -> None:
    for seed in range(3):
        scene.add(seed)
    scene.turn()
    assert len(scene.workers.runs) == 2
    scene.workers.ended = [TrainingResult(scene.workers.runs[0])]
    scene.store.attempts.finish(scene.workers.runs[0].id, 1, outcome())
    scene.turn()
    assert [run.spec.seed for run in scene.workers.runs] == [1, 2]


def test_a_lost_run_is_handed_out_again_then_given_up(scene: Scene) -> None:
    run = scene.add()
    for attempt in (1, 2):
        scene.turn()
        assert [held.attempt for held in scene.workers.runs] == [attempt]
        scene.workers.ended = [TrainingResult(scene.workers.runs[0], cause="its worker was killed (SIGKILL)")]
    scene.turn()
    assert scene.store.runs.get(run.id).status == Status.FAILED
    assert scene.workers.runs == []


def test_an_outcome_the_database_refused_is_recorded_when_it_can_be(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = scene.add()
    scene.turn()

    def refuse(*_: Any) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as full:
        full.setattr(scene.store.attempts, "finish", refuse)
        scene.workers.ended = [TrainingResult(scene.workers.runs[0], unrecorded=outcome(loss=0.25))]
        scene.turn()
        scene.turn(60)
        assert (scene.store.runs.get(run.id).status, scene.store.runs.get(run.id).attempt) == (
            Status.RUNNING,
            1,
        )
    scene.turn()
    assert scene.store.runs.get(run.id).final == {"loss": 0.25}


def test_a_worker_deaf_to_stop_is_ended(scene: Scene) -> None:
    run = scene.add()
    scene.turn()
    scene.store.attempts.append(run.id, 1, report(0, 10))
    scene.store.queue.request_stop(run.id, "ada")
    scene.turn()
    scene.turn(module.STOP_GRACE_SECONDS - 1)
    assert scene.workers.killed == []
    scene.turn(2)
    assert scene.workers.killed == [run.id]
    scene.workers.ended = [TrainingResult(scene.workers.runs[0], cause="it was ended")]
    scene.turn()
    stopped = scene.store.runs.get(run.id)
    assert (stopped.status, stopped.progress.updates) == (Status.STOPPED, 10)
    assert "did not react" in stopped.reason


def test_runs_of_an_earlier_dispatcher_take_up_room_while_their_workers_live(scene: Scene) -> None:
    orphan = scene.add(0)
    scene.store.queue.claim("earlier")
    scene.store.attempts.heartbeat(orphan.id, 1, "another machine:1")
    for seed in (1, 2):
        scene.add(seed)
    scene.turn()
    assert [run.spec.seed for run in scene.workers.runs] == [1]
    scene.turn(module.ADOPTED_SILENCE_SECONDS - 1)
    scene.store.attempts.append(orphan.id, 1, report())  # alive
    scene.turn(module.ADOPTED_SILENCE_SECONDS - 1)
    assert scene.store.runs.get(orphan.id).attempt == 1
    scene.turn(module.ADOPTED_SILENCE_SECONDS + 1)
    scene.turn()
    assert scene.store.runs.get(orphan.id).attempt == 2
    assert len(scene.workers.runs) == 2


def test_a_worker_known_to_be_gone_is_not_waited_for(scene: Scene) -> None:
    orphan = scene.add()
    scene.store.queue.claim("earlier")
    scene.store.attempts.heartbeat(orphan.id, 1, f"{scene.leadership.host}:{ended_process()}")
    scene.turn()
    again = scene.store.runs.get(orphan.id)
    assert again.attempt == 2
    assert again.reason == "Started again, because its worker was gone when the engine came back."


def test_who_lost_the_lease_hands_out_nothing(scene: Scene) -> None:
    (holder,) = scene.store.processes.all()
    scene.store.processes.take_leadership("another", "another machine", 1, instead_of=holder)
    scene.add()
    with pytest.raises(LeadershipLost):
        scene.turn()
    assert scene.workers.runs == []


def test_a_clean_stop_puts_runs_back_without_blame(scene: Scene) -> None:
    run = scene.add()
    scene.turn()
    scene.store.attempts.append(run.id, 1, report(0, 10))
    scene.dispatcher.stop()
    scene.dispatcher.serve()
    again = scene.store.runs.get(run.id)
    assert (again.status, again.attempt, again.progress.updates) == (Status.QUEUED, 2, 10)
    assert again.reason == "Started again, because the server was stopped meanwhile."
    assert scene.store.processes.all() == []


def test_it_ends_when_nobody_wants_it_and_nothing_is_left_to_do(scene: Scene) -> None:
    scene.store.processes.register("web 1", "token", "host", 1)
    scene.turn(5)
    scene.turn(module.NOBODY_SECONDS - 1)
    assert not scene.dispatcher._stopping
    scene.add()
    scene.turn(module.NOBODY_SECONDS + 1)  # the web process has not beaten since
    assert [runner.name for runner in scene.store.processes.all()] == ["engine"]
    scene.turn(module.NOBODY_SECONDS + 1)
    assert not scene.dispatcher._stopping  # a run is training
    scene.store.attempts.finish(scene.workers.runs[0].id, 1, outcome())
    scene.workers.ended = [TrainingResult(scene.workers.runs[0])]
    scene.turn()
    assert scene.dispatcher._stopping


def test_a_database_in_trouble_does_not_end_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[float] = []

    def turn(now: float) -> None:
        turns.append(now)
        if len(turns) == 2:
            scene.dispatcher.stop()
        raise StoreError("The database is locked.")

    monkeypatch.setattr(scene.dispatcher, "_turn", turn)
    run_with_timeout(scene.dispatcher.serve)
    assert len(turns) == 2


def run_with_timeout(function: Callable[[], None]) -> None:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_what_was_deleted_long_ago_is_purged_once_an_hour(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = scene.add()
    scene.store.deletion.delete("ada", [mine.id])
    scene.turn()  # the first look, a moment after the deletion
    assert scene.store.deletion.restore("ada", [mine.id]) == [mine.id]
    scene.store.deletion.delete("ada", [mine.id])
    monkeypatch.setattr(module, "KEPT_SECONDS", -1.0)
    scene.turn(1800)
    assert scene.store.deletion.restore("ada", [mine.id]) == [mine.id]
    scene.store.deletion.delete("ada", [mine.id])
    scene.turn(1801)
    assert scene.store.deletion.restore("ada", [mine.id]) == []
