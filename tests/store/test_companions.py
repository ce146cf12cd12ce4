"""What is handed out together, on SQLite and (with BATCHVIZ_TEST_POSTGRES_URL) on PostgreSQL."""

from __future__ import annotations

import pytest

from batchviz.experiment.cost import SHORT_SECONDS, cost
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Store

SPEC = SweepSpec.parse({"batch_sizes": (8, "full"), "learning_rates": (0.001, 0.01), "seeds": 2, "epochs": 2})


def claim(store: Store) -> list[Run]:
    return store.queue.claim_group("runner")


def test_seeds_and_rates_of_one_batch_size_come_together_the_next_one_first(store: Store) -> None:
    sweep = store.sweeps.add(SPEC, "ada", "here")
    first, second = claim(store), claim(store)
    assert [run.spec.batch_size for run in first] == [SPEC.pilot.batch_size] * 4
    assert [run.spec.batch_size for run in second] == ["full"] * 4
    assert first[0].spec == SPEC.pilot
    assert {run.spec for run in first + second} == set(SPEC.selection_specs)
    assert {run.status for run in first} == {Status.RUNNING}
    assert {(held.id, held.worker) for held in store.attempts.running()} == {
        (run.id, "runner") for run in store.sweeps.runs(sweep.id)
    }
    assert claim(store) == []


def test_a_visitors_own_run_comes_first_and_alone(store: Store) -> None:
    store.sweeps.add(SPEC, "ada", "here")
    own = store.queue.add([RunSpec(seed=seed, batch_size=8) for seed in range(2)], "bob", "here")
    assert [claim(store), claim(store)] == [
        [run] for run in store.runs.by_id([run.id for run in own]).values()
    ]
    assert len(claim(store)) == 4


def test_whoever_looks_at_a_run_of_a_sweep_has_it_alone(store: Store) -> None:
    store.sweeps.add(SPEC, "ada", "here")
    looked_at = store.queue.add([SPEC.selection_specs[3]], "ada", "here", beside=SPEC.selection_specs)[0]
    assert [run.id for run in claim(store)] == [looked_at.id]


def test_sweeps_of_two_visitors_do_not_mix(store: Store) -> None:
    for owner in ("ada", "bob"):
        store.sweeps.add(SPEC.replace(batch_sizes=8), owner, "here")
    groups = [claim(store), claim(store)]
    assert [{run.owner for run in group} for group in groups] == [{"ada"}, {"bob"}]


def test_a_run_whose_worker_died_goes_alone_from_then_on(store: Store) -> None:
    store.sweeps.add(SPEC.replace(batch_sizes=8), "ada", "here")
    lost = claim(store)[1:3]
    for run in lost:
        store.attempts.worker_crashed(run.id, 1, "its worker was killed")
    assert [[run.id for run in claim(store)] for _ in range(3)] == [[lost[0].id], [lost[1].id], []]


def test_a_run_that_was_given_back_without_blame_comes_together_again(store: Store) -> None:
    store.sweeps.add(SPEC.replace(batch_sizes=8), "ada", "here")
    group = claim(store)
    for run in group:
        store.attempts.release(run.id, 1, "the server was stopped meanwhile")
    again = claim(store)
    assert [run.id for run in again] == [run.id for run in group]
    assert {run.attempt for run in again} == {2}


def test_what_is_paused_is_in_no_group(store: Store) -> None:
    paused = store.sweeps.add(SPEC.replace(batch_sizes=8), "ada", "here")
    store.sweeps.add(SPEC.replace(batch_sizes=8, epochs=3), "ada", "here")
    store.sweeps.pause(paused.id, "ada")
    assert {run.spec.budget for run in claim(store)} == {3}


@pytest.mark.parametrize("epochs", [10, 280])
def test_a_group_keeps_nobody_waiting_longer_than_one_short_run_may(store: Store, epochs: int) -> None:
    wide = SPEC.replace(batch_sizes=8, learning_rates=tuple(0.001 * i for i in range(1, 11)), epochs=epochs)
    store.sweeps.add(wide, "ada", "here")
    group = claim(store)
    expected = cost(plan_for(group[0].spec))
    seconds = expected.calls + len(group) * (expected.typical - expected.calls)
    assert seconds <= SHORT_SECONDS
    assert (len(group) == 20) == (epochs == 10)


def test_long_runs_are_handed_out_one_by_one(store: Store) -> None:
    long = SPEC.replace(rows=20_000, hidden="512-512", batch_sizes=1, epochs=40)
    store.sweeps.add(long, "ada", "here")
    assert len(claim(store)) == 1


def test_who_waits_is_told_of_a_group_as_of_one_run(store: Store) -> None:
    store.sweeps.add(SPEC.replace(batch_sizes=8), "ada", "here")
    claim(store)
    own = store.queue.add([RunSpec(rows=50, budget=1)], "bob", "here")[0]
    expected = cost(plan_for(SPEC.replace(batch_sizes=8).pilot)).typical
    assert store.queue.places()[own.id].seconds == pytest.approx(expected, abs=0.1 * expected + 0.05)
