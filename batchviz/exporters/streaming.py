"""A zip file, streamed: nothing of it is kept that was handed on."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterable, Iterator


class WriteThrough(io.RawIOBase):
    """Takes what is written, in order; `drain` hands on what has come since the last time. It cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        """It can be written to, and nothing else."""
        return True

    def write(self, data: object) -> int:
        """Take some bytes."""
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        self._position += len(part)
        return len(part)

    def tell(self) -> int:
        """Bytes written so far, drained ones included."""
        return self._position

    def drain(self) -> bytes:
        """What was written since the last call."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Zip knows no time before."""


def zipped(files: Iterable[tuple[str, float, Iterable[bytes]]]) -> Iterator[bytes]:
    """A zip of files given as (path, Unix time of change, content in parts), read one after the other."""
    buffer = WriteThrough()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, changed, parts in files:
            entry = zipfile.ZipInfo(path, max(time.gmtime(changed)[:6], EARLIEST))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            # The size is known when all is written: 64-bit fields, in case it is above 4 GB.
            with archive.open(entry, "w", force_zip64=True) as member:
                for part in parts:
                    member.write(part)
                    if waiting := buffer.drain():
                        yield waiting
    yield buffer.drain()
