"""What a visitor, a network address and all together may have; nothing is queued or kept of what is too much."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Quota, QuotaError, Store, Usage
from batchviz.store.database import Database
from tests.store.reports import outcome, report

SWEEP = SweepSpec(base=RunSpec(), batch_sizes=(8, 32), learning_rates=(0.001,))
HOME, CLASS = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def limited(url: str) -> Iterator[Store]:
    store = Store(url, quota=Quota(runs=3, visitor_bytes=60_000, visitors_an_address=2))
    yield store
    store.close()


def ask(store: Store, owner: str, *seeds: int, network: str = "") -> list[Run]:
    return store.queue.add([RunSpec(seed=seed) for seed in seeds], owner, "here", network=network)


def trained(store: Store, owner: str, seed: int, rows: int = 10) -> None:
    (run,) = ask(store, owner, seed)
    store.queue.claim("runner")
    store.attempts.append(run.id, 1, report(0, rows))
    store.attempts.finish(run.id, 1, outcome())


def upload(store: Store, owner: str, rows: int, network: str = "") -> None:
    random = np.random.default_rng(0)
    store.uploads.add(
        owner, "Mine", random.random((rows, 2)), np.zeros((rows, 1)), outputs=1, explanation=(), columns=("a", "b"),
        target="c", network=network,
    )  # fmt: skip


def test_one_visitor_queues_so_many_and_all_of_a_press_or_none(limited: Store) -> None:
    first = ask(limited, "ada", 1, 2)
    with pytest.raises(
        QuotaError, match=r"^2 of your runs wait or train, and 2 more would be 4; expected at most 3\."
    ):
        ask(limited, "ada", 3, 4)
    assert limited.quotas.usage("ada").runs == 2
    assert [run.id for run in ask(limited, "ada", 1, 2)] == [run.id for run in first], (
        "what is there is answered"
    )
    ask(limited, "bob", 1, 2, 3)
    limited.queue.request_stop(first[0].id, "ada")
    ask(limited, "ada", 3, 4)
    assert limited.quotas.usage("ada").runs == 3


def test_a_run_that_is_over_counts_no_more(limited: Store) -> None:
    for seed in range(5):
        trained(limited, "ada", seed)
    assert limited.quotas.usage("ada").runs == 0
    ask(limited, "ada", *range(5), 10, 11, 12)
    with pytest.raises(QuotaError):
        ask(limited, "ada", 13)


def test_a_new_cookie_is_no_way_round_and_a_class_has_room(limited: Store) -> None:
    for number in range(6):
        ask(limited, f"cookie {number}", number, network=CLASS)
    with pytest.raises(
        QuotaError, match=r"^6 runs from your network wait or train; expected at most 6 with the 1 you"
    ):
        ask(limited, "one more cookie", 7, network=CLASS)
    ask(limited, "somebody at home", 7, network=HOME)
    ask(limited, "at this machine", 7)


def test_what_is_kept_is_bounded_a_visitor_and_a_network(limited: Store) -> None:
    upload(limited, "ada", 3000, network=CLASS)
    assert 20_000 < limited.quotas.usage("ada").bytes < 30_000
    upload(limited, "ada", 3000, network=CLASS)
    with pytest.raises(QuotaError, match=r"Your runs and data would take .* Delete on the page Runs or Data"):
        upload(limited, "ada", 3000, network=CLASS)
    upload(limited, "bob", 3000, network=CLASS)
    upload(limited, "eve", 3000, network=CLASS)
    upload(limited, "joe", 2000, network=CLASS)
    with pytest.raises(QuotaError, match="from your network"):
        upload(limited, "new", 3000, network=CLASS)
    upload(limited, "new", 3000, network=HOME)


def test_recorded_runs_count_and_deleting_them_makes_room(limited: Store) -> None:
    random = np.random.default_rng(0)
    (run,) = ask(limited, "ada", 0)
    limited.queue.claim("runner")
    made = report(0, 6000)
    made.updates["loss"][:], made.updates["metric"][:] = random.random((2, 6000))
    limited.attempts.append(run.id, 1, made)
    limited.attempts.finish(run.id, 1, outcome())
    assert limited.quotas.usage("ada").bytes > 40_000
    upload(limited, "ada", 1000)
    with pytest.raises(QuotaError):
        upload(limited, "ada", 3000)
    limited.deletion.delete("ada", [run.id])
    upload(limited, "ada", 3000)


def test_who_keeps_too_much_starts_nothing_new(limited: Store) -> None:
    trained(limited, "ada", 0)
    limited.quotas.quota = Quota(visitor_bytes=1)
    with pytest.raises(QuotaError, match="Your runs and data would take"):
        ask(limited, "ada", 1)
    with pytest.raises(QuotaError):
        limited.sweeps.add(SWEEP, "ada", "here")
    assert [run.status for run in ask(limited, "ada", 0)] == [Status.DONE]


def test_a_sweep_and_a_class_are_as_large_as_this_server_allows(limited: Store) -> None:
    limited.quotas.quota = Quota(sweep_runs=SWEEP.count_runs() - 1, class_members=2)
    with pytest.raises(QuotaError, match=r"^The sweep would be 6 runs; expected at most 5 on this server"):
        limited.sweeps.add(SWEEP, "ada", "here")
    assert not limited.sweeps.list("ada")
    limited.quotas.quota = Quota(sweep_runs=SWEEP.count_runs(), class_members=2)
    limited.sweeps.add(SWEEP, "ada", "here")
    code = limited.classes.open("teacher", "three-budgets", ends=time.time() + 60)[0].code
    for visitor in ("ada", "bob", "ada"):
        limited.class_answers.join(code, visitor)
    with pytest.raises(QuotaError, match="A class has at most 2 members here"):
        limited.class_answers.join(code, "eve")


def test_all_together_leave_room_on_the_disk(url: str) -> None:
    store = Store(url, quota=Quota(total_bytes=1))
    with pytest.raises(QuotaError, match="All runs and data here would take"):
        ask(store, "ada", 0)
    store.quotas.quota = Quota(free_bytes=10**18)
    if store.database.sqlite:
        with pytest.raises(QuotaError, match="The disk of this server has"):
            ask(store, "ada", 0)
    store.quotas.quota = Quota(total_bytes=10**12, free_bytes=1)
    ask(store, "ada", 0)
    assert store.quotas.total_bytes() > 10_000
    store.close()


def test_without_limits_nothing_is_refused(store: Store) -> None:
    ask(store, "ada", *range(50), network=CLASS)
    assert store.quotas.usage("ada") == Usage(50, 0)


def test_an_address_is_forgotten_once_its_run_is_over(store: Store) -> None:
    ask(store, "ada", 0, 1, network=CLASS)
    store.queue.claim("runner")
    first = ask(store, "ada", 0, 1)[0]
    store.attempts.finish(first.id, 1, outcome())
    store.deletion.purge(time.time())
    assert sorted(_networks(store.database)) == ["", CLASS]


def _networks(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.exec_driver_sql("SELECT network FROM run").scalars())
