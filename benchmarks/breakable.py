"""What faults need of the machine: a disk that fills, a clock that is set."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

DISK_BYTES = 120_000_000


CLOCK = """
import os, time

_time, _file, _read = time.time, os.environ["BATCHVIZ_CLOCK_FILE"], [0.0, 0.0]


def _set_time():
    now = time.monotonic()
    if now - _read[0] > 0.5:
        with open(_file) as file:
            _read[:] = now, float(file.read() or 0)
    return _time() + _read[1]


time.time = _set_time
"""


class Clock:
    """The time of day as every Python process of a server sees it that was started with `environment`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        (folder / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
        self.environment = {"PYTHONPATH": str(folder), "BATCHVIZ_CLOCK_FILE": str(self._file)}
        self.set(0)

    def set(self, seconds: float) -> None:
        """So many seconds ahead of the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds), encoding="ascii")
        new.replace(self._file)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of DISK_BYTES at `folder`; False where none can be mounted."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    with contextlib.suppress(OSError):
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            try:
                yield True
            finally:
                subprocess.run(["umount", "--lazy", str(folder)], check=False)
            return
    yield False
