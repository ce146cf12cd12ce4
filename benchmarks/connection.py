"""A browser's connection to the server, at hardly more than a browser's cost: the people share the machine with it.

An HTTP client written in Python takes longer for an answer than the server, and a hundred people then measure each
other. What is asked for here is known, so that a line to ask and the length of the answer are enough.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import Mapping
from typing import NamedTuple


class Answer(NamedTuple):
    """What the server said."""

    status: int
    body: bytes
    gzipped: bool

    @property
    def content(self) -> bytes:
        """The body as it was before it was compressed. Raises OSError for an answer that is none."""
        if self.status != 200:
            raise OSError(f"answered {self.status}: {self.body[:200]!r}")
        return gzip.decompress(self.body) if self.gzipped else self.body


class Connection:
    """One connection that is kept open, for one request at a time."""

    def __init__(self, port: int, headers: Mapping[str, str], patience: float) -> None:
        self._port, self._patience = port, patience
        kept = {"Host": f"127.0.0.1:{port}", "Accept-Encoding": "gzip", **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in kept.items())
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Raises OSError or EOFError where the connection is lost, TimeoutError for an answer that does not come."""
        async with asyncio.timeout(self._patience):
            if self._streams is not None:
                # The server closes what was silent for five seconds; a browser then opens another, as we do.
                with contextlib.suppress(EOFError, ConnectionError):
                    return await self._ask(path, *self._streams)
                self.close()
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            return await self._ask(path, *self._streams)

    async def _ask(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Answer:
        writer.write(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(first.split()[1]), body, headers.get("content-encoding") == "gzip")

    def close(self) -> None:
        """Close it; it opens again with the next request."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
