"""What a visitor is told of the queue, and that it keeps nobody waiting who asks for little."""

import random
import time

import pytest

from batchviz.experiment.cost import SHORT_SECONDS, cost
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Store
from tests.store.reports import outcome

LONG = RunSpec.parse({"rows": 20_000, "hidden": "512-512", "batch_size": 1, "budget": 40})
SHORT = RunSpec.parse({"budget": 3})


def queue(store: Store, owner: str, spec: RunSpec, count: int = 1) -> list[str]:
    return [
        run.id for run in store.queue.add([spec.replace(seed=seed) for seed in range(count)], owner, "here")
    ]


def test_a_small_run_of_a_new_visitor_is_next_whatever_others_queued(store: Store) -> None:
    """On two workers: one is for short runs, so what it waits for is at most one of these."""
    queue(store, "greedy", LONG, 30)
    queue(store, "greedy", SHORT, 200)
    queue(store, "eager", SHORT, 50)
    first, second = (store.queue.claim("worker", most_long=1) for _ in range(2))
    assert first
    assert second
    assert [run.spec.budget for run in (first, second)].count(LONG.budget) <= 1
    (asked,) = queue(store, "new", SHORT.replace(seed=999))
    claimed = store.queue.claim("worker", most_long=1)
    assert claimed
    assert claimed.id == asked
    assert cost(plan_for(SHORT)).typical < SHORT_SECONDS


def test_the_next_is_the_first_of_those_that_wait(store: Store) -> None:
    """Which is looked up in another way, without all that wait being put in order."""
    chance = random.Random(0)
    for number in range(40):
        owner, specs = chance.choice(["ada", "bob", "eve"]), [SHORT.replace(seed=number)]
        match chance.choice(["own", "own", "own", "background", "background", "sweep"]):
            case "own":
                store.queue.add(specs, owner, "here")
            case "background":
                store.queue.add([], owner, "here", background=specs)
            case _:
                sweep = SweepSpec.parse({"batch_sizes": (8, "full"), "seeds": 2, "epochs": number + 1})
                store.sweeps.add(sweep, owner, "here")
    while waiting := store.queue.places():
        claimed = store.queue.claim("worker")
        assert claimed
        assert waiting[claimed.id].ahead == 0
        if chance.random() < 0.7:
            store.attempts.finish(claimed.id, 1, outcome())


def test_the_wait_is_that_of_what_is_ahead_and_what_trains(store: Store) -> None:
    ids = queue(store, "ada", LONG, 3)
    seconds = cost(plan_for(LONG)).typical
    places = store.queue.places()
    assert [(places[i].ahead, places[i].seconds) for i in ids] == [
        (n, pytest.approx(n * seconds)) for n in range(3)
    ]
    store.queue.claim("worker")
    places = store.queue.places()
    assert places.keys() == set(ids[1:])
    assert places[ids[1]].seconds == pytest.approx(seconds, abs=5)
    assert places[ids[2]].seconds == pytest.approx(2 * seconds, abs=5)


def test_a_clock_that_was_set_back_makes_no_wait_longer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, waiting = queue(store, "ada", LONG, 2)
    store.queue.claim("worker")
    now = time.time()
    monkeypatch.setattr("batchviz.store.queue.time.time", lambda: now - 3600)
    assert store.queue.places()[waiting].seconds == pytest.approx(cost(plan_for(LONG)).typical)


def test_a_run_of_before_is_waited_for_without_a_guess(store: Store) -> None:
    queue(store, "ada", LONG, 2)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE run SET expected_seconds = 0")
    assert {place.seconds for place in store.queue.places().values()} == {0.0}
