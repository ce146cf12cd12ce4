"""What the administrator sees, stops and throws away; what somebody holds on to stays."""

import time

import pytest

from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Store
from batchviz.store.class_tables import class_round, classroom
from batchviz.store.tables import run as run_table
from tests.store.reports import give, outcome, report

SWEEP = SweepSpec(base=RunSpec(), batch_sizes=(8, 32), learning_rates=(0.001,))
LATER = time.time() + 1000.0


def trained(store: Store, owner: str, seed: int) -> str:
    run = store.queue.add([RunSpec(seed=seed)], owner, "here")[0]
    store.queue.claim("runner")
    store.attempts.append(run.id, 1, report())
    store.attempts.finish(run.id, 1, outcome())
    return run.id


def test_visitors_are_counted_the_busiest_first(store: Store) -> None:
    trained(store, "ada", 1)
    trained(store, "ada", 2)
    store.queue.add([RunSpec(seed=seed) for seed in (3, 4)], "bob", "here")
    store.queue.claim("runner")
    bob, ada = store.census.visitors()
    assert (bob.owner, bob.training, bob.waiting, bob.runs) == ("bob", 1, 1, 2)
    assert (ada.owner, ada.training, ada.waiting, ada.runs) == ("ada", 0, 0, 2)
    assert ada.bytes > 0
    assert [run.status for run in store.census.unfinished()] == [Status.RUNNING, Status.QUEUED]


def test_the_administrator_stops_anybodys_run(store: Store) -> None:
    run = store.queue.add([RunSpec()], "ada", "here")[0]
    assert store.queue.request_stop(run.id, None).status is Status.STOPPED


def test_old_runs_go_and_those_that_somebody_holds_on_to_stay(store: Store) -> None:
    loose, named, noted, starred, tagged, shared, on_board = (
        trained(store, "ada", seed) for seed in range(20, 27)
    )
    store.library.annotate("ada", named, name="mine")
    store.library.annotate("ada", noted, note="look here")
    store.library.annotate("ada", starred, favourite=True)
    store.library.annotate("ada", tagged, tags=["lesson"])
    give(store, "bob", [shared])
    store.boards.save("ada", name="All", text="", runs=[on_board], names={}, view={})
    waiting = store.queue.add([RunSpec(seed=50)], "ada", "here")[0].id
    sweep = store.sweeps.add(SWEEP, "ada", "here")
    kept = {named, noted, starred, tagged, shared, on_board, waiting}
    assert store.census.unshared(time.time() - 1000.0) == (0, 0)
    runs, size = store.census.unshared(LATER)
    assert (runs, size > 0) == (1, True)
    assert store.census.delete_unshared(LATER) == 1
    assert store.runs.visible([loose, *kept]) == kept
    assert store.sweeps.get(sweep.id).added == sweep.added
    store.deletion.purge(LATER)
    assert store.runs.visible([loose, *kept]) == kept
    assert store.deletion.restore("ada", [loose]) == []


def test_runs_of_a_class_stay(store: Store) -> None:
    shown = trained(store, "ada", 1)
    with store.database.writing() as connection:
        connection.execute(
            classroom.insert().values(
                id=1,
                code="abc",
                secret="s",
                owner="ada",
                round=1,
                measures=False,
                sweep="",
                created=0.0,
                ends=LATER,
            )
        )
        connection.execute(
            class_round.insert().values(class_id=1, number=1, lesson="", phase="predict", runs=f'["{shown}"]')
        )
    assert store.census.unshared(LATER) == (0, 0)


@pytest.mark.parametrize("ended", [True, False])
def test_a_run_of_a_sweep_stays_though_it_is_over(store: Store, ended: bool) -> None:
    store.sweeps.add(SWEEP, "ada", "here")
    if ended:
        with store.database.writing() as connection:
            connection.execute(run_table.update().values(status=Status.DONE, finished=time.time()))
    assert store.census.unshared(LATER) == (0, 0)
