import os
import subprocess
import sys
from pathlib import Path

import pytest

from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.engine.leader import SECONDS, Leadership, process_exists
from batchviz.store import ENGINE, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'batchviz.db'}")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_silence_counts_from_the_last_change_by_ones_own_clock() -> None:
    clock = Clock()
    vigil = HeartbeatMonitor(clock)
    assert vigil.seconds_silent("a", 1000.0) == 0
    clock.now = 4
    assert vigil.seconds_silent("a", 1000.0) == 4
    assert vigil.seconds_silent("a", 500.0) == 0  # a beat in the past is a sign of life all the same
    assert vigil.seconds_silent("b", 1000.0) == 0


def test_the_second_comer_does_not_get_a_held_lease(store: Store) -> None:
    first, second = Leadership(store), Leadership(store)
    assert first.acquire()
    assert not second.acquire()
    assert second.holder() is not None
    first.release()
    assert second.acquire()
    assert not first.renew("ready")
    assert second.renew("ready")


def test_a_dead_process_of_this_machine_is_replaced_at_once(store: Store) -> None:
    lease = Leadership(store)
    store.processes.take_leadership("old", lease.host, ended_process(), instead_of=None)
    assert lease.holder() is None
    assert lease.acquire()


def test_a_silent_holder_elsewhere_is_replaced_after_a_while(store: Store) -> None:
    store.processes.take_leadership("old", "another machine", 1, instead_of=None)
    lease, clock = Leadership(store), Clock()
    lease._vigil = HeartbeatMonitor(clock)
    assert not lease.acquire()
    clock.now = SECONDS - 1
    store.processes.heartbeat(ENGINE, "old", "ready")
    assert not lease.acquire()
    clock.now += SECONDS + 0.1
    assert lease.acquire()


def test_workers_known_to_be_gone_are_told_from_those_elsewhere(store: Store) -> None:
    lease = Leadership(store)
    assert lease.gone(f"{lease.host}:{ended_process()}")
    assert not lease.gone(f"{lease.host}:{os.getpid()}")
    assert not lease.gone("another machine:1")
    assert not lease.gone("")


def test_a_process_that_nobody_has_waited_for_does_not_exist() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # until it has ended, without reaping it
    while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT):
        pass
    assert not process_exists(process.pid)
    process.wait()
    assert process_exists(os.getpid())
