"""Clocks come of themselves after a first run, and when somebody asks: from the queue to the store, by real workers."""

from __future__ import annotations

import time

from batchviz.experiment import machine_lock
from batchviz.experiment.clock import Clock, ClockPath, clock_key
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from tests.engine.conftest import LONG, Installation

SPEC = RunSpec(rows=64, hidden=(2,), batch_size=16, budget=1, optimizer="sgd")


def known(installation: Installation, path: ClockPath) -> Clock | None:
    key = clock_key(SPEC)
    return installation.store.clocks.find([key], path).get(key or "")


def test_the_first_run_of_a_network_brings_its_clock(installation: Installation) -> None:
    installation.becomes(installation.add(SPEC), Status.DONE)
    installation.until(lambda: known(installation, ClockPath.LOOP) is not None, 120)
    clock = known(installation, ClockPath.LOOP)
    assert clock is not None
    assert "cores" in clock.machine or "core" in clock.machine
    assert 0 < clock.seconds_per_update(1) < clock.seconds_per_update(1024)


def test_the_clock_of_keras_fit_is_measured_when_somebody_asks(installation: Installation) -> None:
    assert known(installation, ClockPath.FIT) is None
    installation.store.clock_requests.add(SPEC, ClockPath.FIT)
    installation.until(lambda: known(installation, ClockPath.FIT) is not None, 120)
    assert installation.store.clock_requests.find([clock_key(SPEC)], ClockPath.FIT) == {}
    fit, loop = known(installation, ClockPath.FIT), known(installation, ClockPath.LOOP)
    assert fit is not None
    assert loop is not None
    assert fit.machine == loop.machine
    assert fit.seconds_per_update(1) > loop.seconds_per_update(1)


def test_a_worker_trains_nothing_while_another_process_measures(installation: Installation) -> None:
    """`batchviz clock` measures under this lock."""
    with machine_lock.measuring() as alone:
        assert alone
        run = installation.add(SPEC.replace(seed=5))
        installation.becomes(run, Status.RUNNING)
        time.sleep(0.3)
        assert installation.recorded(run) == 0
    assert installation.recorded(installation.becomes(run, Status.DONE)) > 0


def test_no_other_process_measures_while_a_worker_trains(installation: Installation) -> None:
    run = installation.training(LONG)
    with machine_lock.measuring(lambda: True) as alone:
        assert not alone
    installation.end(run)
    with machine_lock.measuring() as alone:
        assert alone
