"""A database that goes away and comes back: nothing recorded is lost, nothing is there twice."""

import sqlite3
from pathlib import Path

import pytest

from batchviz.engine import report_buffer
from batchviz.engine.limits import MAX_OUTAGE_SECONDS
from batchviz.engine.report_buffer import ReportBuffer
from batchviz.errors import StoreError
from batchviz.experiment.records import Report, RowCounts, Run
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.store import StaleAttempt, Store
from tests.store.reports import outcome, report, rows


class Scene:
    """A claimed run, its buffer, and a clock that only sleeping moves."""

    def __init__(self, path: Path) -> None:
        self.path, self.now = path, 0.0
        self.store = Store(f"sqlite:///{path}", busy_seconds=0.01)
        self.store.queue.add([RunSpec()], "ada", "here")
        run = self.store.queue.claim("runner")
        assert run is not None
        self.run: Run = run
        self.answer_lost = False
        self.buffer = ReportBuffer(self.append, clock=lambda: self.now, sleep=self.sleep)

    def append(self, recorded: Report, after: RowCounts) -> bool:
        stop = self.store.attempts.append(self.run.id, 1, recorded, after)
        if self.answer_lost:
            raise StoreError("The database does not answer.")
        return stop

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def is_whole(self, updates: int, epochs: int) -> None:
        for kind, count in (("updates", updates), ("epochs", epochs)):
            recorded = self.store.series.whole([self.run.id], kind)[self.run.id]
            for name, values in rows(SERIES[kind].names, 0, count).items():
                assert recorded[name].tolist() == values.tolist(), name


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "batchviz.db")


def test_what_a_locked_database_refuses_is_written_when_it_is_free(scene: Scene) -> None:
    assert not scene.buffer.add(report(0, 10, epochs=1))
    other = sqlite3.connect(scene.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for first in (10, 20, 30):
        scene.now += 10
        assert not scene.buffer.add(report(first, 10, first_epoch=first // 10, epochs=1))
    assert scene.store.runs.get(scene.run.id).progress.updates == 10
    other.execute("ROLLBACK")
    scene.now += 10
    scene.store.queue.request_stop(scene.run.id, "ada")
    assert scene.buffer.add(report(40, 10, first_epoch=4, epochs=1)), "it hears of the stop with its write"
    scene.is_whole(50, 5)
    assert scene.store.runs.get(scene.run.id).progress.updates == 50


def test_what_was_written_though_the_answer_was_lost_is_there_once(scene: Scene) -> None:
    scene.answer_lost = True
    scene.buffer.add(report(0, 10, epochs=1))
    scene.answer_lost = False
    scene.now += 10
    scene.buffer.add(report(10, 10, first_epoch=1, epochs=1))
    scene.buffer.add(report(20, 10, first_epoch=2, epochs=1))
    scene.buffer.flush()
    scene.is_whole(30, 3)


def test_the_end_waits_for_the_database_and_gives_up_at_last(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(scene.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    scene.buffer.add(report(0, 10))
    monkeypatch.setattr(report_buffer, "RETRY_SECONDS", 60.0)
    with pytest.raises(StoreError, match="is locked"):
        scene.buffer.flush()
    assert scene.now > MAX_OUTAGE_SECONDS
    other.execute("ROLLBACK")
    scene.buffer.flush()
    scene.is_whole(10, 0)


def test_an_attempt_that_is_over_is_told_at_once(scene: Scene) -> None:
    scene.store.attempts.finish(scene.run.id, 1, outcome())
    with pytest.raises(StaleAttempt):
        scene.buffer.add(report())
    with pytest.raises(StaleAttempt):
        scene.buffer.flush()
