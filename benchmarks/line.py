"""A line between a browser and the server that is slow, or is cut again and again."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from scripts.server import free_port

PIECE = 65_536  # bytes
LOOK_SECONDS = 0.1


class Line:
    """Passes on what comes, `delay` seconds later each way; cuts every connection after `cut` seconds, 0 for never.

    Both may be changed while it is in use.
    """

    def __init__(self, port: int, *, delay: float = 0.0, cut: float = 0.0) -> None:
        self._server_port, self.delay, self.cut = port, delay, cut
        self.port = free_port()
        self.cuts = 0
        """Connections that were cut while they were in use."""

    @property
    def url(self) -> str:
        """Where a browser finds the server at the other end."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self) -> None:
        """Until cancelled."""
        async with await asyncio.start_server(self._connect, "127.0.0.1", self.port) as server:
            await server.serve_forever()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", self._server_port)
            both = [
                asyncio.create_task(self._pass_on(reader, back)),
                asyncio.create_task(self._pass_on(there, writer)),
            ]
            age = 0.0
            while not any(task.done() for task in both) and not (self.cut and age > self.cut):
                await asyncio.wait(both, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                age += LOOK_SECONDS
            self.cuts += not any(task.done() for task in both)
            for task in both:
                task.cancel()
            back.close()
        writer.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Late, but not one piece after another: a line has a round trip, and as many bytes under way as one likes."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while piece := await source.read(PIECE):
                loop.call_later(self.delay, target.write, piece)
            await asyncio.sleep(self.delay)


@contextlib.contextmanager
def running(port: int, *, delay: float = 0.0, cut: float = 0.0) -> Iterator[Line]:
    """A line to this port of the loopback."""
    line, loop = Line(port, delay=delay, cut=cut), asyncio.new_event_loop()

    async def serve(ended: asyncio.Event) -> None:
        tasks = {asyncio.create_task(line.serve())}
        await ended.wait()
        tasks |= asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    ended = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(ended)), name="line", daemon=True)
    thread.start()
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(5)
        loop.close()
