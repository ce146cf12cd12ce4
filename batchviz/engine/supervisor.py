"""The web process's side: sees to it that a dispatcher is there, and says how it is."""

from __future__ import annotations

import logging
import secrets
import subprocess
import sys
import threading
import time

from batchviz.engine import child_process
from batchviz.engine.environment import check_installed
from batchviz.engine.leader import Leadership
from batchviz.engine.limits import MAX_PAUSE_SECONDS, MAX_SILENT_SECONDS
from batchviz.errors import StoreError
from batchviz.settings import Settings
from batchviz.store import ENGINE, Store

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""Between signs of life. A dispatcher of our own that ends is heard of at once."""
STEADY_SECONDS = 60.0
"""A dispatcher that ran for so long had started well."""
STOP_SECONDS = 15.0
MAX_START_SECONDS = 60.0
"""For which a dispatcher that was just started may be silent: a busy machine takes long to load it."""
_TROUBLE = {
    "unreachable": "does not answer: start it, or correct BATCHVIZ_ENGINE.",
    "workerless": "has no workers: start some with `python -m batchviz.engine.cluster ADDRESS`.",
}
"""What whoever runs the server reads of a cluster; visitors read that runs wait."""


class DispatcherSupervisor:
    """Keeps one dispatcher running for as long as the web process lives.

    The dispatcher is a process of its own session, so that neither a Ctrl+C meant for the web server nor the
    web server's death takes it along; it learns from the processes registered in the store whether anybody still wants
    it.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._leadership = Leadership(store)  # to look at, not to take
        self._token = secrets.token_hex(16)
        self._name = f"web {self._token}"
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._wake = threading.Event()
        self._state = ""
        self._starts = 0
        self._started = self._not_before = self._led = 0.0
        self._thread = threading.Thread(target=self._keep, name="engine supervisor", daemon=True)

    def start(self) -> None:
        """Begin, in the background: returns at once, long before the engine is warm.

        Raises BatchVizError where the engine that the settings ask for is not installed.
        """
        check_installed(self._settings)
        self._thread.start()

    def stop(self) -> None:
        """End what was started, unless another web process needs it. What was training is queued again."""
        self._ended.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=LOOK_SECONDS + 10)
        try:
            self._store.processes.unregister(self._name, self._token)
            others = [
                process for process in self._store.processes.all() if process.name not in (ENGINE, self._name)
            ]
        except StoreError:
            others = []
        if self._process is None or self._process.poll() is not None or others:
            return
        child_process.end(self._process, STOP_SECONDS)

    def _keep(self) -> None:
        while not self._ended.is_set():
            try:
                self._look()
            except StoreError as error:
                logger.error("The engine cannot be looked after: %s", error)
                self._led = time.monotonic()  # nobody can beat in a database that is away
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _look(self) -> None:
        if not self._store.processes.heartbeat(self._name, self._token, ""):
            self._store.processes.register(
                self._name, self._token, self._leadership.host, self._leadership.pid
            )
        self._say_trouble(self._store.processes.engine_state())
        now = time.monotonic()
        if self._leadership.holder() is not None:
            self._led = now
            return
        if self._process is not None and self._process.poll() is None:
            if now - self._led > MAX_SILENT_SECONDS and now - self._started > MAX_START_SECONDS:
                logger.error("The engine shows no sign of life; ending it.")
                self._process.kill()
            return
        if now < self._not_before:
            return
        if now - self._started > STEADY_SECONDS:
            self._starts = 0
        if self._process is not None:
            logger.warning("The engine ended (exit code %s); starting it again.", self._process.returncode)
        self._starts += 1
        self._started = now
        self._not_before = self._started + min(MAX_PAUSE_SECONDS, 2.0 ** (self._starts - 1) - 1)
        self._process = self._launch()
        threading.Thread(target=self._tell_of_its_end, args=(self._process,), daemon=True).start()

    def _tell_of_its_end(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._wake.set()

    def _say_trouble(self, state: str) -> None:
        if state != self._state and state in _TROUBLE:
            logger.error(
                "The scheduler at %s %s Queued runs wait for it.", self._settings.engine, _TROUBLE[state]
            )
        self._state = state

    def _launch(self) -> subprocess.Popen[bytes]:
        self._settings.data_dir.mkdir(parents=True, exist_ok=True)
        output = self._settings.data_dir / "engine.out"
        environment = {
            **child_process.environment(),
            "BATCHVIZ_DATA_DIR": str(self._settings.data_dir),
            "BATCHVIZ_DATABASE_URL": self._settings.database_url,
            "BATCHVIZ_ENGINE": self._settings.engine,
            "BATCHVIZ_WORKERS": str(self._settings.workers),
            "BATCHVIZ_START_METHOD": self._settings.start_method,
        }
        with output.open(
            "wb"
        ) as out:  # what TensorFlow and the interpreter itself say; the log proper is engine.log
            return subprocess.Popen(
                [sys.executable, "-m", "batchviz.engine", "--until-unwanted"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
