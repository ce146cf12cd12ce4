"""One dispatcher a database: whoever holds the row of the leader."""

from __future__ import annotations

import os
import secrets
import socket

import psutil

from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.store import ENGINE, Process, Store

SILENCE_SECONDS = 5.0
"""A leader whose beat has not changed for so long is taken for dead."""


class Leadership:
    """The right to hand out runs. `acquire` and then `renew` several times a second."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heartbeats = HeartbeatMonitor()
        self.token = secrets.token_hex(16)
        self.host, self.pid = socket.gethostname(), os.getpid()

    def holder(self) -> Process | None:
        """The living leader as far as can be told, None when there is none or it is dead."""
        leader = self._registered()
        return leader if leader is not None and not self._dead(leader) else None

    def acquire(self) -> bool:
        """Become the leader when there is none or it is dead. Call again while False: death takes watching."""
        leader = self._registered()
        if leader is not None and not self._dead(leader):
            return False
        return self._store.processes.take_leadership(self.token, self.host, self.pid, instead_of=leader)

    def renew(self, state: str) -> bool:
        """Beat; False when somebody else became the leader, who must then be left alone."""
        return self._store.processes.heartbeat(ENGINE, self.token, state)

    def release(self) -> None:
        """Step back."""
        self._store.processes.unregister(ENGINE, self.token)

    def gone(self, worker: str) -> bool:
        """Whether `worker` (host:pid) is known to be no more; False when only its beat can tell."""
        host, _, pid = worker.rpartition(":")
        return host == self.host and pid.isdecimal() and not process_exists(int(pid))

    def _registered(self) -> Process | None:
        return next((process for process in self._store.processes.all() if process.name == ENGINE), None)

    def _dead(self, leader: Process) -> bool:
        if leader.host == self.host and not process_exists(leader.pid):
            return True  # no need to wait
        return self._heartbeats.seconds_silent(leader.token, leader.beat) > SILENCE_SECONDS


def process_exists(pid: int) -> bool:
    """Whether a process of this machine has this id, and has not ended; True when it cannot be told."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
