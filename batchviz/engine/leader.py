"""One dispatcher a database: whoever holds the lease row."""

from __future__ import annotations

import os
import secrets
import socket

from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.store import ENGINE, Process, Store

SECONDS = 5.0
"""A holder whose beat has not changed for so long is taken for dead."""


class Leadership:
    """The right to hand out runs. `acquire` and then `renew` several times a second."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._vigil = HeartbeatMonitor()
        self.token = secrets.token_hex(16)
        self.host, self.pid = socket.gethostname(), os.getpid()

    def holder(self) -> Process | None:
        """The living holder as far as can be told, None when the lease is free or its holder dead."""
        found = self._found()
        return found if found is not None and not self._dead(found) else None

    def acquire(self) -> bool:
        """Take the lease when it is free or its holder dead. Call again while False: death takes watching."""
        found = self._found()
        if found is not None and not self._dead(found):
            return False
        return self._store.processes.take_leadership(self.token, self.host, self.pid, instead_of=found)

    def renew(self, state: str) -> bool:
        """Beat; False when somebody else took the lease, who must then be left alone."""
        return self._store.processes.heartbeat(ENGINE, self.token, state)

    def release(self) -> None:
        """Give the lease back."""
        self._store.processes.unregister(ENGINE, self.token)

    def gone(self, worker: str) -> bool:
        """Whether `worker` (host:pid) is known to be no more; False when only its beat can tell."""
        host, _, pid = worker.rpartition(":")
        return host == self.host and pid.isdecimal() and not process_exists(int(pid))

    def _found(self) -> Process | None:
        return next((runner for runner in self._store.processes.all() if runner.name == ENGINE), None)

    def _dead(self, found: Process) -> bool:
        if found.host == self.host and not process_exists(found.pid):
            return True  # no need to wait
        return self._vigil.seconds_silent(found.token, found.beat) > SECONDS


def process_exists(pid: int) -> bool:
    """Whether a process of this machine has this id; True when it cannot be told."""
    if os.name == "nt":
        return True  # there, signal 0 is not a question but the end of the process
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[0] == b"Z"
    except (OSError, IndexError):
        return False
