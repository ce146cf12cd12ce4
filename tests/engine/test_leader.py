import os
import subprocess
import sys
from pathlib import Path

import pytest

from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.engine.leader import SILENCE_SECONDS, Leadership, process_exists
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
    monitor = HeartbeatMonitor(clock)
    assert monitor.seconds_silent("a", 1000.0) == 0
    clock.now = 4
    assert monitor.seconds_silent("a", 1000.0) == 4
    assert monitor.seconds_silent("a", 500.0) == 0  # a beat in the past is a sign of life all the same
    assert monitor.seconds_silent("b", 1000.0) == 0


def test_the_second_comer_does_not_lead(store: Store) -> None:
    first, second = Leadership(store), Leadership(store)
    assert first.acquire()
    assert not second.acquire()
    assert second.holder() is not None
    first.release()
    assert second.acquire()
    assert not first.renew("ready")
    assert second.renew("ready")


def test_a_dead_process_of_this_machine_is_replaced_at_once(store: Store) -> None:
    leadership = Leadership(store)
    store.processes.take_leadership("old", leadership.host, ended_process(), instead_of=None)
    assert leadership.holder() is None
    assert leadership.acquire()


def test_a_silent_holder_elsewhere_is_replaced_after_a_while(store: Store) -> None:
    store.processes.take_leadership("old", "another machine", 1, instead_of=None)
    leadership, clock = Leadership(store), Clock()
    leadership._heartbeats = HeartbeatMonitor(clock)
    assert not leadership.acquire()
    clock.now = SILENCE_SECONDS - 1
    store.processes.heartbeat(ENGINE, "old", "ready")
    assert not leadership.acquire()
    clock.now += SILENCE_SECONDS + 0.1
    assert leadership.acquire()


def test_workers_known_to_be_gone_are_told_from_those_elsewhere(store: Store) -> None:
    leadership = Leadership(store)
    assert leadership.gone(f"{leadership.host}:{ended_process()}")
    assert not leadership.gone(f"{leadership.host}:{os.getpid()}")
    assert not leadership.gone("another machine:1")
    assert not leadership.gone("")


def test_a_process_that_nobody_has_waited_for_does_not_exist() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # until it has ended, without reaping it
    while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT):
        pass
    assert not process_exists(process.pid)
    process.wait()
    assert process_exists(os.getpid())
