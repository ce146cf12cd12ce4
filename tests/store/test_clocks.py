"""Clocks and the requests for them, on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from batchviz.errors import StoreError
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint, clock_key
from batchviz.experiment.spec import RunSpec
from batchviz.store import RequestState, Store, clock_requests

SMALL, LARGE = RunSpec(), RunSpec(hidden=(256, 256))
LOOP, FIT = ClockPath.LOOP, ClockPath.FIT
HERE = "Test, 2 cores"


def key(spec: RunSpec) -> str:
    found = clock_key(spec)
    assert found is not None
    return found


def clock(spec: RunSpec = SMALL, path: ClockPath = LOOP, machine: str = HERE, measured: float = 1.0) -> Clock:
    points = (ClockPoint(1, 1e-6, 0.9e-6, 1.2e-6), ClockPoint(64, 3e-6, 3e-6, 4e-6))
    return Clock(key(spec), path, machine, measured, points)


def test_many_networks_are_looked_up_at_once(store: Store) -> None:
    for one in (clock(), clock(LARGE), clock(SMALL, FIT)):
        store.clocks.save(one)
    assert store.clocks.find([key(SMALL), key(LARGE), None, "unknown"], LOOP) == {
        key(SMALL): clock(),
        key(LARGE): clock(LARGE),
    }
    assert store.clocks.find([key(SMALL), key(LARGE)], FIT) == {key(SMALL): clock(SMALL, FIT)}
    assert store.clocks.find([], LOOP) == {}


def test_the_last_clock_replaces_the_one_before(store: Store) -> None:
    store.clocks.save(clock(measured=1))
    store.clocks.save(clock(measured=2))
    assert store.clocks.find([key(SMALL)], LOOP) == {key(SMALL): clock(measured=2)}


def test_clocks_of_two_machines_are_never_mixed(store: Store) -> None:
    store.clocks.save(clock(SMALL, machine="old", measured=1))
    store.clocks.save(clock(LARGE, machine="old", measured=2))
    store.clocks.save(clock(SMALL, machine="new", measured=3))
    both = [key(SMALL), key(LARGE)]
    assert {found.machine for found in store.clocks.find(both, LOOP).values()} == {"new"}
    assert set(store.clocks.find(both, LOOP, machine="old")) == set(both)


def test_a_request_is_measured_once_and_answered_by_its_clock(store: Store) -> None:
    store.clock_requests.add(SMALL, LOOP)
    store.clock_requests.add(SMALL.replace(seed=4), LOOP)
    waiting = store.clock_requests.find([key(SMALL), key(LARGE)], LOOP)
    assert [request.state for request in waiting.values()] == [RequestState.WAITING]
    request = store.clock_requests.claim("one")
    assert request is not None
    assert (request.spec, request.path, request.state) == (SMALL, LOOP, RequestState.MEASURING)
    assert store.clock_requests.claim("one") is None
    assert not store.clock_requests.anything_waiting("one")
    store.clocks.save(clock())
    assert store.clock_requests.find([key(SMALL)], LOOP) == {}


def test_a_person_comes_before_what_was_asked_automatically(store: Store) -> None:
    assert store.clock_requests.add_if_unknown(SMALL, LOOP, HERE)
    store.clock_requests.add(LARGE, LOOP)
    claimed = [store.clock_requests.claim("one"), store.clock_requests.claim("one")]
    assert [request and request.spec for request in claimed] == [LARGE, SMALL]


def test_what_is_known_or_asked_for_is_not_asked_for_automatically(store: Store) -> None:
    assert store.clock_requests.add_if_unknown(SMALL, LOOP, HERE)
    assert not store.clock_requests.add_if_unknown(SMALL, LOOP, HERE)
    store.clocks.save(clock())
    assert not store.clock_requests.add_if_unknown(SMALL, LOOP, HERE)
    assert store.clock_requests.add_if_unknown(SMALL, LOOP, "another machine")


def test_the_request_of_a_lost_dispatcher_is_taken_by_the_next(store: Store) -> None:
    store.clock_requests.add(SMALL, LOOP)
    store.clock_requests.claim("lost")
    assert store.clock_requests.anything_waiting("next")
    taken = store.clock_requests.claim("next")
    assert taken is not None
    store.clock_requests.release(taken, "lost")  # too late: it is another's
    assert store.clock_requests.find([key(SMALL)], LOOP)[key(SMALL)].state == RequestState.MEASURING


def test_a_request_gives_way_to_runs_a_few_times(store: Store) -> None:
    store.clock_requests.add(SMALL, LOOP)
    for _ in range(clock_requests.MAX_GIVEN_WAY):
        request = store.clock_requests.claim("one")
        assert request is not None
        assert request.gives_way
        store.clock_requests.gave_way(request, "one")
    request = store.clock_requests.claim("one")
    assert request is not None
    assert not request.gives_way


def test_a_request_that_kills_its_workers_fails_and_can_be_asked_for_again(store: Store) -> None:
    store.clock_requests.add(SMALL, LOOP)
    for state in (RequestState.WAITING, RequestState.FAILED):
        request = store.clock_requests.claim("one")
        assert request is not None
        store.clock_requests.worker_crashed(request, "one", "its worker was killed")
        left = store.clock_requests.find([key(SMALL)], LOOP)[key(SMALL)]
        assert (left.state, left.reason) == (state, "its worker was killed")
    assert store.clock_requests.claim("one") is None
    assert not store.clock_requests.add_if_unknown(SMALL, LOOP, HERE), "nobody asked for another try"
    store.clock_requests.add(SMALL, LOOP)
    assert store.clock_requests.claim("one") is not None


def test_a_failed_request_says_why(store: Store) -> None:
    store.clock_requests.add(SMALL, FIT)
    request = store.clock_requests.claim("one")
    assert request is not None
    store.clock_requests.failed(request, "There was not enough memory.")
    found = store.clock_requests.find([key(SMALL)], FIT)[key(SMALL)]
    assert found == replace(request, state=RequestState.FAILED, reason="There was not enough memory.")


def test_only_so_many_networks_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_requests, "MAX_CLOCK_REQUESTS", 1)
    store.clock_requests.add(SMALL, LOOP)
    assert not store.clock_requests.add_if_unknown(LARGE, LOOP, HERE)
    with pytest.raises(StoreError, match="the most there can be"):
        store.clock_requests.add(LARGE, LOOP)


def test_what_was_trained_elsewhere_cannot_be_measured(store: Store) -> None:
    elsewhere = RunSpec.parse({"dataset": "elsewhere.abcdef.1000.1", "rows": 1000})
    with pytest.raises(StoreError, match="trained elsewhere"):
        store.clock_requests.add(elsewhere, LOOP)
    assert not store.clock_requests.add_if_unknown(elsewhere, LOOP, HERE)
