"""What any store must keep of sweeps, on SQLite and (with BATCHVIZ_TEST_POSTGRES_URL) on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from batchviz.errors import StoreError
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Store, Sweep, SweepState
from batchviz.store import sweeps as module
from batchviz.store.limits import MAX_SWEEPS
from batchviz.store.tables import sweep_run
from tests.store.reports import outcome

SPEC = SweepSpec.parse({"batch_sizes": (8, "full"), "learning_rates": (0.001, 0.01), "seeds": 2, "epochs": 2})
OTHER = RunSpec(rows=50, budget=1)


def add(store: Store, spec: SweepSpec = SPEC, owner: str = "ada") -> Sweep:
    return store.sweeps.add(spec, owner, "here")


def claim(store: Store) -> Run:
    run = store.queue.claim("runner")
    assert run is not None
    return run


def end(store: Store, run: Run, status: Status = Status.DONE) -> None:
    store.attempts.finish(run.id, run.attempt, outcome(status))


def statuses(store: Store, sweep: Sweep) -> list[Status]:
    return [run.status for run in store.sweeps.runs(sweep.id)]


def test_its_runs_are_ordinary_ones_in_the_order_of_the_sweep(store: Store) -> None:
    sweep = add(store)
    runs = store.sweeps.runs(sweep.id)
    assert tuple(run.spec for run in runs) == SPEC.selection_specs
    assert {(run.status, run.owner) for run in runs} == {(Status.QUEUED, "ada")}
    assert store.runs.by_id([run.id for run in runs]).keys() == {run.id for run in runs}
    assert (sweep.state, sweep.spec, sweep.added, sweep.ended, sweep.training) == ("running", SPEC, 8, 0, 0)
    assert [claim(store).id for _ in runs] == [run.id for run in runs]
    assert store.sweeps.get(sweep.id).training == 8
    assert store.sweeps.list("ada") == [store.sweeps.get(sweep.id)]
    assert store.sweeps.list("bob") == []


def test_runs_that_exist_are_found_again_whoever_trained_them(store: Store) -> None:
    first = store.queue.add([SPEC.selection_specs[3]], "bob", "here", beside=SPEC.selection_specs)[0]
    claim(store)
    end(store, first)
    sweep = add(store)
    assert [run.id for run in store.sweeps.runs(sweep.id)][3] == first.id
    assert store.sweeps.get(sweep.id).ended == 1
    assert first.id in {run.id for run in store.sweeps.runs(sweep.id)}


def test_they_wait_behind_everything_that_anybody_else_asked_for(store: Store) -> None:
    add(store)
    first_of_sweep = claim(store)
    background = store.queue.add([], "ada", "here", background=[OTHER.replace(seed=1)])[0]
    looked_at = store.queue.add([OTHER], "bob", "here")[0]
    assert [claim(store).id, claim(store).id] == [looked_at.id, background.id]
    assert claim(store).spec in SPEC.selection_specs
    assert first_of_sweep.spec in SPEC.selection_specs


def test_whoever_looks_at_a_run_of_a_sweep_has_it_first(store: Store) -> None:
    sweep = add(store)
    last = store.sweeps.runs(sweep.id)[-1]
    store.sweeps.pause(sweep.id, "ada")
    assert store.queue.claim("runner") is None
    assert store.queue.add([last.spec], "ada", "here")[0].id == last.id
    assert claim(store).id == last.id


def test_a_double_click_starts_nothing_twice_and_a_second_sweep_waits_behind_the_first(store: Store) -> None:
    first = add(store)
    assert add(store).id == first.id
    second = add(store, SPEC.replace(batch_sizes=(8, 16)))
    assert second.id != first.id
    shared = {run.id for run in store.sweeps.runs(first.id)} & {
        run.id for run in store.sweeps.runs(second.id)
    }
    assert len(shared) == 4  # those of batch size 8
    order = [claim(store).id for _ in range(12)]
    assert order[:8] == [run.id for run in store.sweeps.runs(first.id)]
    assert add(store, owner="bob").id != first.id


def test_one_sweep_too_many_is_refused_with_what_to_do(store: Store) -> None:
    for number in range(MAX_SWEEPS):
        add(store, SPEC.replace(batch_sizes=(number + 1,)))
    with pytest.raises(StoreError, match=f"^{MAX_SWEEPS} of your sweeps are under way, .* stop one.$"):
        add(store)
    store.sweeps.stop(store.sweeps.list("ada")[0].id, "ada")
    assert add(store).state == SweepState.RUNNING


def test_a_paused_sweep_hands_out_nothing_and_goes_on(store: Store) -> None:
    sweep = add(store)
    training = claim(store)
    assert store.sweeps.pause(sweep.id, "ada").state == SweepState.PAUSED
    assert store.queue.claim("runner") is None
    assert not store.queue.anything_queued()
    end(store, training)  # what trains is trained to its end
    assert store.sweeps.get(sweep.id).ended == 1
    assert store.sweeps.running() == []
    assert store.sweeps.pause(sweep.id, "ada").state == SweepState.PAUSED
    store.sweeps.go_on(sweep.id, "ada")
    assert claim(store).id == store.sweeps.runs(sweep.id)[1].id
    assert [each.id for each in store.sweeps.running()] == [sweep.id]


def test_what_another_sweep_wants_goes_on_while_one_is_paused_or_stopped(store: Store) -> None:
    first, second = add(store), add(store, SPEC.replace(batch_sizes=(8, 16)))
    store.sweeps.pause(first.id, "ada")
    assert {claim(store).id for _ in range(8)} == {run.id for run in store.sweeps.runs(second.id)}
    store.sweeps.stop(first.id, "ada")
    assert {run.status for run in store.sweeps.runs(second.id)} == {Status.RUNNING}


def test_a_stopped_sweep_keeps_what_has_ended_and_goes_on_with_the_rest(store: Store) -> None:
    sweep = add(store)
    done, training = claim(store), claim(store)
    end(store, done)
    assert store.sweeps.stop(sweep.id, "ada").state == SweepState.STOPPED
    assert statuses(store, sweep) == [Status.DONE, Status.RUNNING, *[Status.STOPPED] * 6]
    assert store.attempts.heartbeat(training.id, 1, "host:1")  # asked to stop
    end(store, training, Status.STOPPED)
    store.sweeps.go_on(sweep.id, "ada")
    again = store.sweeps.get(sweep.id)
    assert (again.state, again.added, again.ended) == (SweepState.RUNNING, 8, 1)
    assert sorted(statuses(store, sweep)) == [Status.DONE, *[Status.QUEUED] * 7]


def test_a_sweep_deleted_while_it_runs_stops_and_its_runs_stay(store: Store) -> None:
    sweep = add(store)
    done = claim(store)
    end(store, done)
    claim(store)
    store.sweeps.delete(sweep.id, "ada")
    with pytest.raises(StoreError, match=r"There is no sweep .* it was deleted"):
        store.sweeps.get(sweep.id)
    assert store.sweeps.list("ada") == store.sweeps.runs(sweep.id) == store.sweeps.running() == []
    assert store.queue.claim("runner") is None
    assert store.runs.get(done.id).status == Status.DONE
    assert store.sweeps.restore(sweep.id, "ada")
    assert store.sweeps.get(sweep.id).state == SweepState.STOPPED
    store.sweeps.delete(sweep.id, "ada")
    store.deletion.purge(before=2e12)
    assert not store.sweeps.restore(sweep.id, "ada")
    assert store.runs.get(done.id).status == Status.DONE


def test_nobody_else_can_change_it(store: Store) -> None:
    sweep = add(store)
    for change in (store.sweeps.pause, store.sweeps.stop, store.sweeps.go_on, store.sweeps.delete):
        with pytest.raises(StoreError, match="Only the visitor who started a sweep"):
            change(sweep.id, "bob")
    assert not store.sweeps.restore(sweep.id, "bob")
    with pytest.raises(StoreError, match="There is no sweep 'nothing'"):
        store.sweeps.pause("nothing", "ada")


def test_a_run_that_was_deleted_counts_as_ended_and_does_not_come_back(store: Store) -> None:
    sweep = add(store)
    run = store.sweeps.runs(sweep.id)[0]
    store.deletion.delete("ada", [run.id])
    assert len(store.sweeps.runs(sweep.id)) == 7
    assert store.sweeps.fill(sweep.id, SPEC.selection_specs) == 0
    assert store.sweeps.get(sweep.id).ended == 1


def test_runs_are_added_some_at_a_time_and_what_a_crash_left_out_is_added_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RUNS_AT_ONCE", 3)
    calls, insert = [], module.find_or_insert

    def failing(*arguments: object, **values: object) -> int:
        calls.append(1)
        if len(calls) == 5:
            raise StoreError("The disk is full.")
        return insert(*arguments, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "find_or_insert", failing)
    with pytest.raises(StoreError, match="full"):
        add(store)
    (sweep,) = store.sweeps.list("ada")
    with store.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(sweep_run)).scalar_one() == 3
    assert sweep.added == 3  # the first transaction; the second left nothing
    assert add(store).id == sweep.id
    assert tuple(run.spec for run in store.sweeps.runs(sweep.id)) == SPEC.selection_specs


def test_nothing_is_added_to_a_sweep_that_was_stopped(store: Store) -> None:
    sweep = add(store)
    store.sweeps.stop(sweep.id, "ada")
    reported = SPEC.report_specs({8: 0.001, "full": 0.01})
    assert store.sweeps.fill(sweep.id, reported) == 0
    store.sweeps.finish(sweep.id)
    assert store.sweeps.get(sweep.id).state == SweepState.STOPPED
