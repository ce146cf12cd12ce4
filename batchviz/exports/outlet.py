"""A file that is written by a library and handed on piece by piece."""

from __future__ import annotations

import io


class Outlet(io.RawIOBase):
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
