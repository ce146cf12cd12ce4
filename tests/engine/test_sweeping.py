"""A sweep goes from its selection runs to those at the chosen rates and to its end, whoever restarts meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchviz.engine.sweeping import LOOK_SECONDS, Sweeping
from batchviz.errors import StoreError
from batchviz.experiment.records import Status
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Store, Sweep, SweepState
from tests.store.reports import outcome

SPEC = SweepSpec.parse(
    {"batch_sizes": (8, "full"), "learning_rates": (0.001, 0.01), "seeds": 2, "report_seeds": 1, "epochs": 2}
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'batchviz.db'}")


def end_all(store: Store, status: Status = Status.DONE) -> int:
    """The higher rate is the better one for batch size 8, the lower one for the full batch."""
    count = 0
    while (run := store.queue.claim("runner")) is not None:
        good = (run.spec.learning_rate == 0.01) == (run.spec.batch_size == 8)
        store.attempts.finish(run.id, run.attempt, outcome(status, val_loss=0.1 if good else 0.2))
        count += 1
    return count


def turn(store: Store, sweep: Sweep) -> Sweep:
    """Of a dispatcher that has just started: nothing is remembered."""
    Sweeping(store).turn(0.0)
    return store.sweeps.get(sweep.id)


def test_each_size_is_reported_at_its_own_best_rate_with_fresh_seeds(store: Store) -> None:
    sweep = store.sweeps.add(SPEC, "ada", "here")
    assert turn(store, sweep).added == 8
    assert end_all(store) == 8
    assert turn(store, sweep).added == 10
    reported = store.sweeps.runs(sweep.id)[8:]
    assert {run.spec for run in reported} == set(SPEC.report_specs({8: 0.01, "full": 0.001}))
    assert turn(store, sweep).state == SweepState.RUNNING
    assert end_all(store) == 2
    assert turn(store, sweep).state == SweepState.DONE


def test_where_everything_diverged_it_is_done_and_nothing_is_reported(store: Store) -> None:
    sweep = store.sweeps.add(SPEC, "ada", "here")
    assert end_all(store, Status.DIVERGED) == 8
    found = turn(store, sweep)
    assert (found.state, found.added) == (SweepState.DONE, 8)


def test_a_database_that_goes_and_comes_back_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep, sweeping = store.sweeps.add(SPEC, "ada", "here"), Sweeping(store)
    end_all(store)

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("The database does not answer.")

    with monkeypatch.context() as away:
        away.setattr(store.sweeps, "fill", refuse)
        with pytest.raises(StoreError):
            sweeping.turn(0.0)
    sweeping.turn(2 * LOOK_SECONDS)
    assert store.sweeps.get(sweep.id).added == 10


def test_what_breaks_one_sweep_stops_it_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = store.sweeps.add(SPEC, "ada", "here")
    end_all(store)

    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("batchviz.engine.sweeping.chosen_rates", breaks)
    found = turn(store, sweep)
    assert found.state == SweepState.STOPPED
    assert "It could not go on (ZeroDivisionError)" in found.reason
