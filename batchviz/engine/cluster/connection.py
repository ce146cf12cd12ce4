"""The line to a Dask scheduler: a thread with an event loop of its own, that tells what happened.

The dispatcher never waits for the network. It asks for things, and finds in `events` what became of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Client

from batchviz.engine.cluster.on_worker import MAX_GOING_SECONDS, end_process

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
RETRY_SECONDS = 0.5
LOOK_SECONDS = 0.25
"""Between looks at who is there. A lost worker is noticed after half of it on average."""
IDLE_LOOK_SECONDS = 1.0
"""While no worker has anything to do."""
MAX_SILENT_SECONDS = 10.0
"""For which a scheduler may take to say who is there."""


@dataclass(frozen=True)
class Arrived:
    """A worker that the scheduler knows now."""

    address: str


@dataclass(frozen=True)
class Gone:
    """A worker that the scheduler does not know any more. `in_order`: it closed, it did not die."""

    address: str
    in_order: bool


@dataclass(frozen=True)
class Ended:
    """What was submitted under this key is over: its result, or what it raised."""

    key: str
    result: Any = None
    error: Exception | None = None


@dataclass(frozen=True)
class Connected:
    """The scheduler answers. It is another one than before, as far as anybody knows."""


@dataclass(frozen=True)
class Disconnected:
    """The scheduler does not answer, or another one does: nothing is known of any worker any more."""

    reason: str


Event = Arrived | Gone | Ended | Connected | Disconnected


class Connection:
    """Keeps in touch with the scheduler at an address. Sets `wake` with every event; not for several threads."""

    def __init__(self, address: str, wake: threading.Event) -> None:
        logging.getLogger("distributed").setLevel(logging.ERROR)  # what it says of a lost line is said here
        # Told to close while it looks for its scheduler, it logs that as an error without words, with a trace.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        self._address, self._wake = address, wake
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._line = self._lines = 0  # how often it broke: as the events told so far, and as it is
        self._client: Client | None = None
        self._broken = False
        self._calls: dict[asyncio.Task[None], str] = {}
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="cluster", daemon=True)
        self._thread.start()

    def events(self) -> list[Event]:
        """What happened since the last call."""
        events: list[Event] = []
        with contextlib.suppress(Empty):
            while True:
                events.append(self._events.get_nowait())
        self._line += sum(isinstance(event, Disconnected) for event in events)
        return events

    def submit(self, address: str, key: str, function: Callable[..., Any], *arguments: Any) -> None:
        """Have a worker call a function; Ended tells, unless the worker or the scheduler is gone before."""
        self._begin(address, lambda client: self._call(client, address, key, function, arguments))

    def end(self, address: str, pid: int) -> None:
        """End a worker's process; Gone tells."""
        self._begin(address, lambda client: self._end(client, address, pid))

    def close(self, *processes: tuple[str, int]) -> None:
        """End these workers, each an address and a process, and wait for that; then hang up."""
        ended = asyncio.run_coroutine_threadsafe(self._end_all(processes), self._loop)
        with contextlib.suppress(WaitedTooLong):
            ended.result(MAX_GOING_SECONDS + 2)
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(CONNECT_SECONDS + 2)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._keep())

    async def _keep(self) -> None:
        while not self._closing.is_set():
            reason = ""
            client = Client(self._address, asynchronous=True, set_as_default=False, timeout=CONNECT_SECONDS)
            try:
                await client
                self._client = client
                self._tell(Connected())
                await self._follow(client)
            except Exception as error:  # whatever Dask raises: it is tried again
                reason = str(error).partition("\n")[0] or type(error).__name__
            self._client = None
            self._lines += 1
            self._forget(*self._calls.values())
            if not self._closing.is_set():  # told before hanging up: that takes seconds on a dead line
                self._tell(Disconnected(reason))
            with contextlib.suppress(Exception):
                await asyncio.wait_for(client.close(), CONNECT_SECONDS)
            await self._pause(RETRY_SECONDS)

    async def _follow(self, client: Client) -> None:
        """Tell who comes and goes, until this scheduler is gone."""
        scheduler, members, without_nanny = "", set[str](), set[str]()
        self._broken = False
        while not self._closing.is_set() and client.status == "running" and not self._broken:
            identity = await asyncio.wait_for(client.scheduler.identity(n_workers=-1), MAX_SILENT_SECONDS)
            if scheduler not in ("", identity["id"]):
                return
            scheduler, workers = identity["id"], identity["workers"]
            for address in members - workers.keys():
                self._forget(address)
                self._tell(Gone(address, await _closed(client, address)))
            for address in workers.keys() - members - without_nanny:
                if workers[address]["nanny"] is None:
                    without_nanny.add(address)
                    logger.error("The worker %s has no nanny that could end it: it is left out.", address)
                elif workers[address]["status"] == "running":
                    members.add(address)
                    self._tell(Arrived(address))
            members &= workers.keys()
            await self._pause(LOOK_SECONDS if self._calls else IDLE_LOOK_SECONDS)

    async def _call(
        self, client: Client, address: str, key: str, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        try:
            # Released at once when this ends: a finished task on a worker that dies would be run again.
            result = await client.submit(function, *arguments, key=key, workers=[address], pure=False)
            self._tell(Ended(key, result))
        except CancelledError:  # Dask's: the scheduler was gone for a moment, and with it what it was asked
            self._broken = True
        except Exception as error:
            self._tell(Ended(key, error=error))

    async def _end(self, client: Client, address: str, pid: int) -> None:
        try:
            ending = client.run(end_process, pid, workers=[address], nanny=True)
            await asyncio.wait_for(ending, MAX_GOING_SECONDS)
        except Exception as error:
            logger.error("The worker %s could not be ended: %s", address, error)
            self._tell(Gone(address, in_order=False))  # what it still writes is fenced off

    async def _end_all(self, processes: tuple[tuple[str, int], ...]) -> None:
        if self._client is not None:
            await asyncio.gather(*(self._end(self._client, *process) for process in processes))

    def _begin(self, address: str, call: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
        line = self._line

        def begin() -> None:
            # Only on the line that the asker knows of: a worker that it met on another one may not be there.
            if self._client is not None and line == self._lines:
                task = self._loop.create_task(call(self._client))
                self._calls[task] = address
                task.add_done_callback(lambda task: self._calls.pop(task, None))

        self._loop.call_soon_threadsafe(begin)

    def _forget(self, *addresses: str) -> None:
        """Wait for nothing more of these workers; Dask then forgets what they were to do."""
        for task, address in list(self._calls.items()):
            if address in addresses:
                task.cancel()

    def _tell(self, event: Event) -> None:
        self._events.put(event)
        self._wake.set()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)


async def _closed(client: Client, address: str) -> bool:
    """Whether a worker that is gone had said that it closes."""
    events = await client.get_events(address)
    return any(isinstance(event, dict) and event.get("action") == "closing-worker" for _, event in events)
