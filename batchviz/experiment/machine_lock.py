"""The lock of this machine: runs share it, and a clock is measured by whoever holds it alone.

Workers of any installation, `batchviz train`, `batchviz clock` and notebooks of one account meet at one file among the
temporary ones. The operating system lets go of it with the process that held it, however that ended, so that nothing is
ever locked for good. Windows offers Python no lock that several can share: there nobody waits, and a clock that other
work disturbed is known by its scatter, as everywhere.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

LOOK_SECONDS = 0.02
MAX_WAIT_SECONDS = 60.0
"""Longer than any measurement takes, and short enough for a lock never to be what keeps somebody from training."""


@contextmanager
def training(should_stop: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Train meanwhile, beside others.

    Waits while a clock is measured: until `should_stop` says so, and MAX_WAIT_SECONDS at most.
    """
    with _held(should_stop, alone=False):
        yield


@contextmanager
def measuring(should_stop: Callable[[], bool] = lambda: False) -> Iterator[bool]:
    """Measure meanwhile, while nobody else does or trains: whether that came true.

    Waits until then, or `should_stop` says so, and MAX_WAIT_SECONDS at most.
    """
    with _held(should_stop, alone=True) as held:
        yield held


def busy() -> bool:
    """Whether something trains here or is measured."""
    with _held(lambda: True, alone=True) as held:
        return not held


@contextmanager
def _held(should_stop: Callable[[], bool], *, alone: bool) -> Iterator[bool]:
    try:
        file = os.open(_path(), os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:  # no place for it: nobody else has one either
        yield True
        return
    try:
        begun = time.monotonic()
        while not (held := _takes(file, alone=alone)):
            if should_stop() or time.monotonic() - begun > MAX_WAIT_SECONDS:
                break
            time.sleep(LOOK_SECONDS)
        yield held
    finally:
        os.close(file)


def _takes(file: int, *, alone: bool) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _path() -> Path:
    account = "" if sys.platform == "win32" else f"-{os.getuid()}"
    return Path(tempfile.gettempdir()) / f"batchviz{account}.lock"
