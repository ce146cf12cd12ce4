"""The lock of the machine: any number of runs, or one measurement, whichever processes they are in."""

from __future__ import annotations

import subprocess
import sys
import time
from threading import Thread

import pytest

from batchviz.experiment import machine_lock
from batchviz.experiment.machine_lock import busy, measuring, training

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no lock there that several can share")

NOW = lambda: True  # noqa: E731 - stop waiting at once


def test_runs_train_beside_each_other_and_nothing_is_measured_meanwhile() -> None:
    assert not busy()
    with training():
        with training():
            assert busy()
            with measuring(NOW) as alone:
                assert not alone
        with measuring(NOW) as alone:
            assert not alone, "one of them still trains"
    with measuring(NOW) as alone:
        assert alone


def test_two_clocks_are_not_measured_at_once() -> None:
    with measuring() as one, measuring(NOW) as other:
        assert (one, other) == (True, False)
    assert not busy()


def test_a_run_waits_for_a_measurement_to_end() -> None:
    begun: list[float] = []

    def train() -> None:
        with training():
            begun.append(time.monotonic())

    with measuring():
        thread = Thread(target=train)
        thread.start()
        time.sleep(0.1)
        assert begun == []
    thread.join(5)
    assert len(begun) == 1


def test_nobody_waits_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_lock, "MAX_WAIT_SECONDS", 0.05)
    with measuring(), training(), measuring() as alone:
        assert not alone


def test_a_process_that_is_killed_lets_go() -> None:
    script = (
        "from batchviz.experiment.machine_lock import training\nwith training(): print(flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=-1, stdout=-1) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert busy()
        other.kill()
        other.wait()
        assert not busy()
