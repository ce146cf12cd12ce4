"""The worker's duties around training, with training replaced: errors, fences, a database that refuses."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import func, select

from batchviz.engine import heartbeat, report_buffer, worker
from batchviz.engine.attempt import WorkerResult
from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.errors import BatchVizError, StoreError
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint, clock_key
from batchviz.experiment.records import Outcome, Progress, Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import ClockRequest, RequestState, Store
from batchviz.store.tables import series_chunk
from tests.store.reports import outcome, report

RunSpecFunction = Callable[[RunSpec, Any, Any], Outcome]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'batchviz.db'}")
    monkeypatch.setattr(worker, "_store", store)
    return store


@pytest.fixture
def trains(monkeypatch: pytest.MonkeyPatch) -> Callable[[RunSpecFunction], None]:
    def replace(function: RunSpecFunction) -> None:
        module = ModuleType("batchviz.training")

        def run_spec(
            spec: RunSpec, report: Any, should_stop: Any, fetch_own: Any, measure_at: Any
        ) -> Outcome:
            assert fetch_own == worker._store.uploads.arrays  # type: ignore[union-attr]
            return function(spec, report, should_stop)

        module.run_spec = run_spec  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "batchviz.training", module)

    return replace


def claimed(store: Store) -> Run:
    store.queue.add([RunSpec()], "ada", "here")
    run = store.queue.claim("runner")
    assert run is not None
    return run


def train(run: Run) -> WorkerResult:
    (result,) = worker.train([run]).results
    return result


def test_what_training_reports_is_recorded(store: Store, trains: Any) -> None:
    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        record(report(0, 10, epochs=1))
        record(report(10, 5))
        return outcome(loss=0.5)

    trains(training)
    run = claimed(store)
    assert train(run) == WorkerResult()
    done = store.runs.get(run.id)
    assert (done.status, done.final) == (Status.DONE, {"loss": 0.5})
    assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == 15


def test_the_last_rows_are_written_with_the_end(
    store: Store, trains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        record(report(0, 10, epochs=1))
        monkeypatch.setattr(store.attempts, "append", None)
        record(replace(report(10, 5), last=True))
        return outcome(loss=0.5)

    trains(training)
    run = claimed(store)
    assert train(run) == WorkerResult()
    assert store.runs.get(run.id).status == Status.DONE
    assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == 15


@pytest.mark.parametrize(("spec", "seen"), [(RunSpec(), 10), (RunSpec(rows=64, batch_size=16, budget=1), 0)])
def test_the_beginning_of_a_run_that_is_over_at_once_is_written_with_what_follows(
    store: Store, trains: Any, spec: RunSpec, seen: int
) -> None:
    found = []

    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        for number in range(3):
            record(report(10 * number, 10))
            found.append(store.runs.get(run.id).progress.updates)
        return outcome(loss=0.5)

    trains(training)
    store.queue.add([spec], "ada", "here")
    run = store.queue.claim("runner")
    assert run is not None
    assert train(run) == WorkerResult()
    assert found == [seen, 20, 30]  # and where it was not over at once, nobody waits for the end
    assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == 30


@pytest.mark.parametrize(("reports", "chunks"), [(2, 2), (9, 1)])
def test_a_run_of_many_pieces_is_packed_at_its_end(
    store: Store, trains: Any, reports: int, chunks: int
) -> None:
    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        for number in range(reports):
            record(replace(report(10 * number, 10), last=number == reports - 1))
        return outcome(loss=0.5)

    trains(training)
    run = claimed(store)
    assert train(run) == WorkerResult()
    with store.database.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(series_chunk)).scalar_one()
    assert kept == chunks
    assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == 10 * reports


def test_an_outage_in_the_middle_fails_nothing_and_loses_nothing(
    store: Store, trains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = []

    def away_for_a_moment(write: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*arguments: Any) -> Any:
            if len(refused) < 2:
                refused.append(arguments)
                raise StoreError("The disk is full.")
            return write(*arguments)

        return answer

    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        for name in ("append", "finish"):
            monkeypatch.setattr(store.attempts, name, away_for_a_moment(getattr(store.attempts, name)))
        record(report(0, 10, epochs=1))
        record(report(10, 5))
        return outcome(loss=0.5)

    trains(training)
    monkeypatch.setattr(report_buffer, "RETRY_SECONDS", 0.01)
    run = claimed(store)
    assert train(run) == WorkerResult()
    assert len(refused) == 2
    done = store.runs.get(run.id)
    assert (done.status, done.final) == (Status.DONE, {"loss": 0.5})
    assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == 15


def test_a_run_beyond_the_servers_seconds_is_stopped_and_keeps_its_points(
    store: Store, trains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        record(report(0, 10))
        while not should_stop():
            time.sleep(0.005)
        return Outcome(Status.STOPPED, "Stopped on request.", {"loss": 0.5}, Progress(updates=10))

    trains(training)
    monkeypatch.setattr(worker, "_max_seconds", 0.05)
    run = claimed(store)
    train(run)
    ended = store.runs.get(run.id)
    assert ended.status == Status.STOPPED
    assert ended.reason.startswith("Stopped after 0 seconds, the most that a run may take on this server.")
    assert ended.progress.updates == 10


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BatchVizError("Row 3 is not a number. Remove it."), "Row 3 is not a number. Remove it."),
        (MemoryError(), "not enough memory. Try a smaller network"),
        (type("ResourceExhaustedError", (Exception,), {})("OOM"), "TensorFlow ran out of memory. Try"),
        (ValueError("shapes\nof things"), "unforeseen error (ValueError: shapes)"),
    ],
)
def test_an_error_ends_the_run_and_keeps_its_points(
    store: Store, trains: Any, error: Exception, said: str
) -> None:
    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        record(report(0, 10))
        raise error

    trains(training)
    run = claimed(store)
    ended = train(run)
    failed = store.runs.get(run.id)
    assert failed.status == Status.FAILED
    assert said in failed.reason
    assert failed.progress.updates == 10
    assert ("Traceback" in ended.trace) == isinstance(error, ValueError)


def test_a_database_that_refuses_for_good_ends_the_run_with_its_words(
    store: Store, trains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_buffer, "MAX_OUTAGE_SECONDS", 0.0)

    def refuse(*_: Any) -> bool:
        raise StoreError("The disk is full.")

    finish = store.attempts.finish

    def finish_without_rows(run_id: str, number: int, ended: Outcome, *of_report: Any) -> None:
        if of_report:
            refuse()
        finish(run_id, number, ended)

    trains(lambda spec, record, should_stop: record(report()) or outcome())
    monkeypatch.setattr(store.attempts, "append", refuse)
    monkeypatch.setattr(store.attempts, "finish", finish_without_rows)
    run = claimed(store)
    train(run)
    assert store.runs.get(run.id).status == Status.FAILED
    assert store.runs.get(run.id).reason.endswith("minutes and is lost. The disk is full.")


def test_an_outcome_that_cannot_be_recorded_is_handed_to_the_dispatcher(
    store: Store, trains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise StoreError("The disk is full.")

    trains(lambda spec, record, should_stop: outcome())
    monkeypatch.setattr(store.attempts, "finish", refuse)
    assert train(claimed(store)).unrecorded == outcome()


def test_a_worker_whose_run_was_given_to_another_writes_nothing_more(store: Store, trains: Any) -> None:
    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        store.attempts.worker_crashed(run.id, 1, "the machine was asleep")
        record(report())
        raise AssertionError("not reached")

    trains(training)
    run = claimed(store)
    train(run)
    assert store.runs.get(run.id).status == Status.QUEUED
    assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == 0


def test_stop_is_heard_between_two_reports(store: Store, trains: Any) -> None:
    trains(until_stopped)
    run = claimed(store)
    store.queue.request_stop(run.id, "ada")
    train(run)
    assert store.runs.get(run.id).status == Status.STOPPED


def test_a_worker_without_any_dispatcher_gives_its_run_back(
    store: Store, trains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "ORPHAN_SECONDS", 0.3)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.1)
    trains(until_stopped)
    run = claimed(store)
    train(run)
    again = store.runs.get(run.id)
    assert (again.status, again.attempt) == (Status.QUEUED, 2)
    assert "the server was gone" in again.reason


def test_a_worker_shows_life_while_it_reports_nothing(
    store: Store, trains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.05)
    beats = set()

    def training(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
        end = time.monotonic() + 1.5
        while time.monotonic() < end and len(beats) < 3:
            beats.update((held.worker, held.beat) for held in store.attempts.running())
            time.sleep(0.05)
        return outcome()

    trains(training)
    train(claimed(store))
    assert len(beats) >= 3


def until_stopped(spec: RunSpec, record: Any, should_stop: Any) -> Outcome:
    end = time.monotonic() + 10
    while not should_stop():
        assert time.monotonic() < end, "nobody said stop"
        time.sleep(0.01)
    return outcome(Status.STOPPED, "Stopped on request.")


def test_a_monitor_forgets_who_is_gone() -> None:
    monitor = HeartbeatMonitor()
    monitor.seconds_silent("a", 1)
    monitor.forget_others({"b"})
    assert monitor._seen == {}


CLOCK = Clock(clock_key(RunSpec()) or "", ClockPath.LOOP, "here", 1.0, (ClockPoint(1, 1e-6, 1e-6, 1e-6),))


@pytest.fixture
def request_(store: Store) -> ClockRequest:
    store.clock_requests.add(RunSpec(), ClockPath.LOOP)
    claimed = store.clock_requests.claim("dispatcher")
    assert claimed is not None
    return claimed


def left(store: Store) -> ClockRequest | None:
    return store.clock_requests.find([CLOCK.network], ClockPath.LOOP).get(CLOCK.network)


def measures(monkeypatch: pytest.MonkeyPatch, function: Callable[[Callable[[], bool]], Clock | None]) -> None:
    module = ModuleType("batchviz.training")
    module.calibrate = lambda spec, path, machine, should_stop: function(should_stop)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "batchviz.training", module)


def test_a_measured_clock_is_kept_and_answers_its_request(
    store: Store, request_: ClockRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    measures(monkeypatch, lambda should_stop: None if should_stop() else CLOCK)
    assert worker.measure(request_, "dispatcher", "here").results == [WorkerResult()]
    assert (left(store), store.clocks.find([CLOCK.network], ClockPath.LOOP)) == (
        None,
        {CLOCK.network: CLOCK},
    )


@pytest.mark.parametrize("claimed_meanwhile", [False, True])
def test_a_measurement_sees_a_run_that_waits_or_trains(
    store: Store, request_: ClockRequest, monkeypatch: pytest.MonkeyPatch, claimed_meanwhile: bool
) -> None:
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0)

    def measure(should_stop: Callable[[], bool]) -> Clock | None:
        assert not should_stop()
        store.queue.add([RunSpec()], "ada", "here")
        if claimed_meanwhile:
            store.queue.claim("dispatcher")
        return None if should_stop() else CLOCK

    measures(monkeypatch, measure)
    worker.measure(request_, "dispatcher", "here")
    after = left(store)
    assert after is not None
    assert (after.state, after.given_way) == (RequestState.WAITING, 1)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BatchVizError("No such layer."), "No such layer."),
        (MemoryError(), "Measuring ended in an error (Mem"),
    ],
)
def test_what_cannot_be_measured_says_why(
    store: Store, request_: ClockRequest, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(should_stop: Callable[[], bool]) -> Clock:
        raise error

    measures(monkeypatch, fail)
    worker.measure(request_, "dispatcher", "here")
    after = left(store)
    assert after is not None
    assert after.state == RequestState.FAILED
    assert after.reason.startswith(said)


def test_a_database_that_refuses_does_not_make_a_request_fail(
    store: Store, request_: ClockRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise StoreError("The disk is full.")

    measures(monkeypatch, lambda should_stop: None if should_stop() else CLOCK)
    monkeypatch.setattr(store.queue, "anything_unfinished", refuse)
    assert worker.measure(request_, "dispatcher", "here").results[0].trace == "The disk is full."
    after = left(store)
    assert after is not None
    assert after.state == RequestState.MEASURING, "the dispatcher lets it wait again"
