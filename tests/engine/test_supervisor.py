"""The web process' watch over its dispatcher, with a program that does nothing in the dispatcher's place."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from batchviz.engine import supervisor as module
from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.engine.supervisor import DispatcherSupervisor
from batchviz.settings import Settings
from batchviz.store import ENGINE, Store

IDLE = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]


class Scene:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder / 'batchviz.db'}")
        self.store, self.now = Store(settings.database_url), 1000.0
        self.launched: list[subprocess.Popen[bytes]] = []
        self.supervisor = DispatcherSupervisor(settings, self.store)
        monkeypatch.setattr(self.supervisor, "_launch", self.launch)
        self.supervisor._leadership._heartbeats = HeartbeatMonitor(lambda: self.now)
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))

    def launch(self) -> subprocess.Popen[bytes]:
        self.launched.append(subprocess.Popen(IDLE))
        before = next((process for process in self.store.processes.all() if process.name == ENGINE), None)
        token = str(len(self.launched))
        assert self.store.processes.take_leadership(token, "another machine", 1, instead_of=before)
        return self.launched[-1]

    def look(self, seconds: float, *, beats: bool) -> None:
        for _ in range(int(seconds)):
            self.now += 1
            if beats:
                self.store.processes.heartbeat(ENGINE, str(len(self.launched)), "ready")
            self.supervisor._look()


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    made = Scene(tmp_path, monkeypatch)
    yield made
    for process in made.launched:
        process.kill()
        process.wait()


def test_a_dispatcher_that_hangs_is_ended_and_replaced(scene: Scene) -> None:
    scene.look(100, beats=True)
    assert len(scene.launched) == 1
    scene.look(30, beats=False)
    assert scene.launched[0].poll() is None, "it may be busy"
    scene.look(6, beats=False)
    scene.launched[0].wait(5)
    scene.look(2, beats=False)
    assert len(scene.launched) == 2
    scene.look(60, beats=True)
    assert scene.launched[1].poll() is None


def test_one_that_was_just_started_has_time(scene: Scene) -> None:
    scene.look(module.MAX_START_SECONDS - 1, beats=False)
    assert scene.launched[0].poll() is None
