"""Requests to look into runs, and what was found, on every database."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from batchviz.errors import StoreError
from batchviz.experiment.inspection import Inspection
from batchviz.experiment.records import Progress, Run
from batchviz.experiment.spec import RunSpec
from batchviz.store import InspectionRequest, RequestState, Store, inspections
from tests.store.reports import outcome, report

FOUND = Inspection(np.arange(3, dtype=np.int32), np.zeros(3, np.float32), np.ones(3, np.float32))


def finished(store: Store, seed: int = 0) -> Run:
    store.queue.add([RunSpec(seed=seed)], "ada", "here")
    run = store.queue.claim("runner")
    assert run is not None
    store.attempts.append(run.id, run.attempt, report(0, 10, epochs=1))
    store.attempts.finish(run.id, run.attempt, outcome(loss=0.5))
    return replace(store.runs.get(run.id), progress=Progress(updates=10, examples=320, epochs=1.0))


def state(store: Store, run: Run) -> RequestState | None:
    found = store.inspections.find(run.id)
    assert not isinstance(found, Inspection)
    return found and found.state


def claimed(store: Store, holder: str = "one") -> InspectionRequest:
    request = store.inspections.claim(holder)
    assert request is not None
    return request


def test_a_run_is_looked_into_once_however_often_it_is_asked(store: Store) -> None:
    run = finished(store)
    assert store.inspections.find(run.id) is None
    store.inspections.add(run)
    store.inspections.add(run)
    assert store.inspections.anything_waiting("one")
    request = claimed(store)
    assert (request.run_id, request.spec, request.updates) == (run.id, run.spec, 10)
    assert store.inspections.claim("one") is None
    assert state(store, run) == RequestState.MEASURING
    store.inspections.save(request, FOUND)
    store.inspections.release(request, "one")
    found = store.inspections.find(run.id)
    assert isinstance(found, Inspection)
    np.testing.assert_array_equal(found.updates, FOUND.updates)
    store.inspections.add(run)
    assert not store.inspections.anything_waiting("one")


def test_what_a_lost_dispatcher_held_is_taken_by_the_next(store: Store) -> None:
    run = finished(store)
    store.inspections.add(run)
    claimed(store, "lost")
    taken = claimed(store, "next")
    store.inspections.release(taken, "lost")  # too late: it is another's
    assert state(store, run) == RequestState.MEASURING
    store.inspections.release(taken, "next")
    assert state(store, run) == RequestState.WAITING


def test_two_lost_workers_are_enough_and_a_failure_can_be_tried_again(store: Store) -> None:
    run = finished(store)
    store.inspections.add(run)
    for expected in (RequestState.WAITING, RequestState.FAILED):
        store.inspections.worker_crashed(claimed(store), "one", "its worker was killed")
        assert state(store, run) == expected
    found = store.inspections.find(run.id)
    assert isinstance(found, InspectionRequest)
    assert found.reason == "its worker was killed"
    store.inspections.add(run)
    store.inspections.failed(claimed(store), "No such data.")
    assert state(store, run) == RequestState.FAILED


def test_what_cannot_be_looked_into_says_why(store: Store) -> None:
    run = finished(store)
    for changed, said in (
        (replace(run, progress=Progress()), "no update"),
        (replace(run, progress=Progress(updates=5, seconds=1e4)), "at most"),
    ):
        with pytest.raises(StoreError, match=said):
            store.inspections.add(changed)


def test_the_oldest_make_room_and_a_purged_run_takes_its_own_along(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspections, "MAX_INSPECTIONS", 2)
    monkeypatch.setattr(inspections, "MAX_INSPECTION_REQUESTS", 2)
    runs = [finished(store, seed) for seed in range(3)]
    for run in runs[:2]:
        store.inspections.add(run)
        store.inspections.save(claimed(store), FOUND)
    store.inspections.add(runs[2])
    assert [store.inspections.find(run.id) is None for run in runs] == [True, False, False]
    store.deletion.delete("ada", [runs[1].id])
    store.deletion.purge(1e12)
    assert store.inspections.find(runs[1].id) is None
    store.inspections.add(runs[0])
    with pytest.raises(StoreError, match="2 runs wait"):
        store.inspections.add(finished(store, 3))
