"""Where a run stands in the queue, for the many who look."""

import threading

import pytest

from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.web import places
from batchviz.web.places import Places


@pytest.fixture
def store(tmp_path):
    with_runs = Store(f"sqlite:///{tmp_path}/runs.db")
    yield with_runs
    with_runs.close()


def queued(store, count, owner="anna"):
    return [run.id for run in store.queue.add([RunSpec.parse({"seed": s}) for s in range(count)], owner, "x")]


def counted(store, monkeypatch):
    """The times at which the queue is read."""
    reads, read = [], store.queue.places
    monkeypatch.setattr(store.queue, "places", lambda: (reads.append(1), read())[1])
    return reads


def test_many_viewers_read_the_queue_once(store, monkeypatch):
    monkeypatch.setattr(places, "FRESH_SECONDS", 60.0)
    runs, reads = queued(store, 3), counted(store, monkeypatch)
    shared, seen = Places(), []
    threads = [
        threading.Thread(target=lambda run=run: seen.append(shared.find(store, [run])[run].ahead))
        for run in runs * 5
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [0] * 5 + [1] * 5 + [2] * 5
    assert len(reads) == 1


def test_a_run_that_was_queued_since_has_its_place_at_once(store, monkeypatch):
    monkeypatch.setattr(places, "FRESH_SECONDS", 60.0)
    shared = Places()
    (first,) = queued(store, 1)
    assert shared.find(store, [first])[first].ahead == 0
    (second,) = queued(store, 1, "berta")
    assert shared.find(store, [second])[second].ahead == 1


def test_a_run_without_a_place_is_not_looked_for_again_and_again(store, monkeypatch):
    monkeypatch.setattr(places, "FRESH_SECONDS", 60.0)
    reads, shared = counted(store, monkeypatch), Places()
    assert [shared.find(store, ["held"])["held"] for _ in range(3)] == [None] * 3
    assert len(reads) == 1


def test_what_was_read_is_read_again_after_a_moment(store, monkeypatch):
    monkeypatch.setattr(places, "FRESH_SECONDS", 0.0)
    shared = Places()
    first, second = queued(store, 2)
    assert shared.find(store, [second])[second].ahead == 1
    store.queue.request_stop(first, "anna")
    assert shared.find(store, [second])[second].ahead == 0
