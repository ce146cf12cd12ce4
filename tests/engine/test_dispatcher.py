"""The dispatcher's decisions, with a stand-in for the worker processes."""

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cachetools import TTLCache

from batchviz.engine import dispatcher as module
from batchviz.engine import measuring
from batchviz.engine.backend import MeasuringResult, TrainingResult
from batchviz.engine.dispatcher import Dispatcher, LeadershipLost
from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.engine.leader import Leadership
from batchviz.engine.limits import MAX_SILENT_SECONDS
from batchviz.errors import StoreError
from batchviz.experiment import machine_lock
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint, clock_key
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import ClockRequest, RequestState, Store
from tests.engine.test_leader import ended_process
from tests.store.reports import outcome, report


class Workers:
    """Two workers that train nothing until told how it ends."""

    state = "ready"
    size = 2
    machine = "Test, 2 cores"

    def __init__(self) -> None:
        self.measuring: ClockRequest | None = None
        self.measurements: list[MeasuringResult] = []
        self.tasks: list[list[Run]] = []
        self.ended: list[TrainingResult] = []
        self.killed: list[str] = []

    @property
    def runs(self) -> list[Run]:
        return [run for task in self.tasks for run in task]

    @property
    def busy(self) -> int:
        return len(self.tasks)

    @property
    def free(self) -> int:
        return self.size - self.busy - (self.measuring is not None)

    def start(self, runs: list[Run]) -> None:
        self.tasks.append(runs)

    def stop(self, run_id: str) -> None:
        self.killed.append(run_id)

    def measure(self, request: ClockRequest, holder: str) -> None:
        assert not self.runs, "nothing else trains"
        self.measuring = request

    def stop_measuring(self) -> None:
        self.killed.append("clock")

    def measured(self) -> list[MeasuringResult]:
        measurements, self.measurements = self.measurements, []
        if measurements:
            self.measuring = None
        return measurements

    def finished(self) -> list[TrainingResult]:
        ended, self.ended = self.ended, []
        over = [result.run for result in ended]
        self.tasks = [task for task in self.tasks if task[0] not in over]
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
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    # The installation that other tests of this folder share may train meanwhile.
    monkeypatch.setattr(machine_lock, "_path", lambda: tmp_path / "lock")
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


def test_one_of_two_workers_is_kept_for_short_runs(scene: Scene) -> None:
    night = RunSpec(budget_unit="seconds", budget=600)
    scene.store.queue.add([night.replace(seed=seed) for seed in range(2)], "ada", "here")
    scene.turn()
    assert [run.spec for run in scene.workers.runs] == [night]
    lesson = scene.add(owner="bob")
    scene.turn()
    assert scene.workers.runs[1].id == lesson.id


SWEEP = SweepSpec.parse({"batch_sizes": (8, 32), "learning_rates": (0.001, 0.01), "seeds": 2, "epochs": 2})


def test_a_group_of_a_sweep_takes_one_worker_and_a_visitors_run_the_next(scene: Scene) -> None:
    scene.store.sweeps.add(SWEEP, "ada", "here")
    own = scene.add(owner="bob")
    scene.turn()
    assert [len(task) for task in scene.workers.tasks] == [1, 4]
    assert scene.workers.tasks[0][0].id == own.id
    group = scene.workers.tasks[1]
    for run in group:
        scene.store.attempts.finish(run.id, 1, outcome())
    scene.workers.ended = [TrainingResult(run) for run in group]
    scene.turn()
    assert [len(task) for task in scene.workers.tasks] == [1, 4]
    assert requested(scene) == RequestState.WAITING, "one clock for all"


def test_a_group_whose_worker_is_lost_starts_again_one_by_one(scene: Scene) -> None:
    scene.store.sweeps.add(SWEEP.replace(batch_sizes=8), "ada", "here")
    scene.turn()
    (group,) = scene.workers.tasks
    scene.workers.ended = [TrainingResult(run, cause="its worker was killed (SIGKILL)") for run in group]
    scene.turn()
    assert [len(task) for task in scene.workers.tasks] == [1, 1]
    assert {scene.store.runs.get(run.id).attempt for run in group} == {2}


def test_a_group_of_an_earlier_dispatcher_takes_up_one_worker(scene: Scene) -> None:
    scene.store.sweeps.add(SWEEP, "ada", "here")
    for run in scene.store.queue.claim_group("earlier"):
        scene.store.attempts.heartbeat(run.id, 1, "another machine:1")
    scene.turn()
    assert [len(task) for task in scene.workers.tasks] == [4]


def test_a_lost_run_is_handed_out_again_then_given_up(scene: Scene) -> None:
    run = scene.add()
    for attempt in (1, 2):
        scene.turn()
        assert [held.attempt for held in scene.workers.runs] == [attempt]
        scene.workers.ended = [TrainingResult(scene.workers.runs[0], cause="its worker was killed (SIGKILL)")]
    scene.turn()
    assert scene.store.runs.get(run.id).status == Status.FAILED
    assert scene.workers.runs == []


def test_a_run_whose_worker_was_closed_starts_again_as_often_as_that_takes(scene: Scene) -> None:
    run = scene.add()
    for attempt in (1, 2, 3):
        scene.turn()
        assert [held.attempt for held in scene.workers.runs] == [attempt]
        closed = TrainingResult(scene.workers.runs[0], cause="its worker was closed", interrupted=True)
        scene.workers.ended = [closed]
    scene.turn()
    again = scene.store.runs.get(run.id)
    assert (again.attempt, again.reason) == (4, "Started again, because its worker was closed.")


def test_a_worker_that_hangs_is_ended_and_its_run_starts_again(scene: Scene) -> None:
    hung, alive = scene.add(0, "ada"), scene.add(1, "bob")
    for _ in range(int(MAX_SILENT_SECONDS) + 4):
        scene.turn()
        scene.store.attempts.heartbeat(alive.id, 1, "here:2")
    assert scene.workers.killed == [hung.id]
    scene.workers.ended = [TrainingResult(scene.workers.runs[0], cause="it was ended")]
    scene.turn()
    assert "its worker showed no sign of life for 30 seconds" in scene.store.runs.get(hung.id).reason
    assert (scene.store.runs.get(hung.id).attempt, scene.store.runs.get(alive.id).attempt) == (2, 1)


def test_nobody_is_taken_for_hung_because_the_database_was_away(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.add()
    scene.turn()
    with monkeypatch.context() as away:

        def refuse(*_: Any) -> bool:
            scene.dispatcher.stop()  # one turn of `serve`
            raise StoreError("The database does not answer.")

        away.setattr(scene.store.processes, "heartbeat", refuse)
        away.setattr(scene.dispatcher, "_hand_back", lambda: None)
        scene.now += 600
        scene.dispatcher._beat.last = float("-inf")
        scene.dispatcher.serve()
    scene.turn()
    assert scene.workers.killed == []


def test_an_idle_dispatcher_asks_the_queue_only_when_somebody_wrote(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    look = scene.store.queue.anything_queued
    monkeypatch.setattr(scene.store.queue, "anything_queued", lambda: looks.append(scene.now) or look())
    for _ in range(30):
        scene.turn(0.01)
    assert len(looks) <= 3
    scene.add()
    scene.turn(0.01)
    assert len(scene.workers.runs) == 1


def test_an_empty_queue_is_claimed_from_once_at_the_most(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim keeps everybody else from writing; only after one that found a run is another likely."""
    scene.add()
    scene.turn()
    claims = []
    claim = scene.store.queue.claim_group
    monkeypatch.setattr(
        scene.store.queue,
        "claim_group",
        lambda *args, **options: claims.append(args) or claim(*args, **options),
    )
    for _ in range(5):
        scene.dispatcher._queue_known_empty = False  # as after a write by somebody else
        scene.turn()
    assert len(claims) <= 1
    scene.add(seed=1)
    scene.dispatcher._queue_known_empty = False
    scene.turn()
    assert [run.spec.seed for run in scene.workers.runs] == [0, 1]


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


def test_a_claim_whose_answer_was_lost_is_made_again_and_is_nobodys_death(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, claim = scene.add(), scene.store.queue.claim_group

    def claim_unheard(*arguments: Any, **options: Any) -> list[Run]:
        claim(*arguments, **options)
        raise StoreError("The database does not answer.")

    with monkeypatch.context() as broken_line:
        broken_line.setattr(scene.store.queue, "claim_group", claim_unheard)
        for _ in range(3):  # more often than a run may lose its worker
            with pytest.raises(StoreError):
                scene.turn()
    scene.turn()
    assert [each.id for each in scene.workers.runs] == [run.id]
    assert "the database was gone" in scene.store.runs.get(run.id).reason


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


def test_a_killed_web_process_wants_nothing_after_its_last_beat(scene: Scene) -> None:
    scene.store.processes.register("web 1", "token", "host", 1)
    scene.turn()
    for _ in range(int(module.NOBODY_SECONDS)):
        scene.turn()
    assert not scene.dispatcher._stopping
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


def test_without_a_database_for_long_it_ends_and_says_so(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("The database does not answer.")

    monkeypatch.setattr(scene.dispatcher, "_turn", refuse)
    monkeypatch.setattr(scene.dispatcher._leadership, "release", refuse)
    monkeypatch.setattr(module, "MAX_OUTAGE_SECONDS", -1.0)
    run_with_timeout(scene.dispatcher.serve)
    assert "ending" in caplog.text


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


NETWORK = clock_key(RunSpec()) or ""


def requested(scene: Scene) -> RequestState | None:
    request = scene.store.clock_requests.find([NETWORK], ClockPath.LOOP).get(NETWORK)
    return request and request.state


def measured(scene: Scene) -> None:
    """A worker kept the clock, and is through."""
    point = ClockPoint(1, 1e-6, 1e-6, 1e-6)
    scene.store.clocks.save(Clock(NETWORK, ClockPath.LOOP, scene.workers.machine, 1.0, (point,)))
    assert scene.workers.measuring is not None
    scene.workers.measurements = [MeasuringResult(scene.workers.measuring)]


def train_to_the_end(scene: Scene, seed: int = 0) -> None:
    run = scene.add(seed)
    scene.turn()
    scene.workers.ended = [TrainingResult(scene.workers.runs[0])]
    scene.store.attempts.finish(run.id, 1, outcome())
    scene.turn(0.1)


def test_the_first_run_of_a_network_has_its_clock_measured_once_nothing_trains(scene: Scene) -> None:
    train_to_the_end(scene)
    assert (requested(scene), scene.workers.measuring) == (RequestState.WAITING, None)
    scene.turn()
    assert scene.workers.measuring is not None
    measured(scene)
    scene.turn()
    assert requested(scene) is None
    train_to_the_end(scene, seed=1)
    scene.turn()
    assert scene.workers.measuring is None, "one clock is enough"


def test_hundreds_of_runs_of_a_network_ask_for_its_clock_once_in_a_while(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is not asked after every run; and is again later, when a request may have failed."""
    now, requested_networks = [0.0], list[str | None]()
    monkeypatch.setattr(measuring, "TTLCache", functools.partial(TTLCache, timer=lambda: now[0]))
    monkeypatch.setattr(
        scene.store.clock_requests,
        "add_if_unknown",
        lambda spec, path, machine: requested_networks.append(clock_key(spec)),
    )
    clocks = scene.new_dispatcher()._measuring
    for moment in (0.0, 0.1, measuring.REMEMBERED_SECONDS - 0.1):
        now[0] = moment
        clocks.request_clocks([RunSpec(seed=1), RunSpec(seed=2)])
    assert requested_networks == [NETWORK]
    other = RunSpec(hidden=(3,))
    clocks.request_clocks([other])
    assert requested_networks == [NETWORK, clock_key(other)]
    now[0] = measuring.REMEMBERED_SECONDS + 0.1
    clocks.request_clocks([RunSpec(seed=3)])
    assert requested_networks == [NETWORK, clock_key(other), NETWORK]


def test_the_clock_of_the_first_network_is_asked_for_before_anybody_trains_it(scene: Scene) -> None:
    scene.dispatcher.stop()
    scene.dispatcher.serve()
    assert requested(scene) == RequestState.WAITING


def test_no_clock_is_measured_while_a_run_waits_or_trains(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    scene.add()
    for _ in range(3):
        scene.turn()
        assert scene.workers.measuring is None


def test_no_clock_is_measured_while_another_process_trains(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    with machine_lock.training():
        scene.turn()
        assert scene.workers.measuring is None
    scene.turn()
    assert scene.workers.measuring is not None


def test_a_run_does_not_wait_for_a_measurement_that_gives_way(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    scene.turn()
    assert scene.workers.measuring is not None
    run = scene.add()
    scene.turn(0.1)
    assert [held.id for held in scene.workers.runs] == [run.id]
    scene.store.clock_requests.gave_way(scene.workers.measuring, scene.leadership.token)
    scene.workers.measurements = [MeasuringResult(scene.workers.measuring)]
    scene.turn()
    assert (requested(scene), scene.workers.measuring) == (RequestState.WAITING, None)


def test_runs_are_held_back_from_a_measurement_that_gave_way_too_often(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    for _ in range(3):
        request = scene.store.clock_requests.claim("earlier")
        assert request is not None
        scene.store.clock_requests.gave_way(request, "earlier")
    scene.turn()
    scene.add()
    scene.turn()
    assert scene.workers.runs == []
    measured(scene)
    scene.turn()
    assert len(scene.workers.runs) == 1


def test_a_measurement_that_keeps_runs_waiting_is_ended(scene: Scene) -> None:
    scene.workers.size = 1
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    scene.turn()
    scene.add()
    scene.turn(measuring.MAX_HELD_SECONDS - 1)
    assert scene.workers.killed == []
    scene.turn(2)
    assert scene.workers.killed == ["clock"]


def test_a_lost_measurement_is_tried_again_then_given_up(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    for state in (RequestState.MEASURING, RequestState.FAILED):
        scene.turn()
        assert scene.workers.measuring is not None
        scene.workers.measurements = [MeasuringResult(scene.workers.measuring, cause="it was killed")]
        scene.turn()
        assert requested(scene) == state
    assert scene.workers.measuring is None


def test_what_an_earlier_dispatcher_was_measuring_is_measured_again(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    scene.store.clock_requests.claim("earlier")
    scene.turn()
    assert scene.workers.measuring is not None


def test_a_worker_that_could_not_write_leaves_the_request_waiting(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    scene.turn()
    assert scene.workers.measuring is not None
    scene.workers.measurements = [MeasuringResult(scene.workers.measuring, trace="The disk is full.")]
    scene.turn(0.1)
    assert requested(scene) == RequestState.WAITING


def test_a_clean_stop_gives_a_request_back(scene: Scene) -> None:
    scene.store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    scene.turn()
    scene.dispatcher._hand_back()
    assert requested(scene) == RequestState.WAITING
