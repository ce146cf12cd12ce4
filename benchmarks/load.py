"""Many people at once, on loopback: real Streamlit sessions by its own protocol, and the requests of the live chart.

`python -m benchmarks.load [--viewers 100] [--training 30] [--seconds 30] [--arrive 10]`; hours of a few viewers are a
soak: `--viewers 30 --training 0 --seconds 3600`. It ends by itself. The people share this machine with the server, and
whatever else runs on it: every figure is an upper bound.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import re
import sys
import time
from dataclasses import dataclass, field

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Origin, Subprotocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from benchmarks.connection import Connection
from benchmarks.follower import POLL_SECONDS, cursor
from benchmarks.machine import describe
from benchmarks.row import Row
from benchmarks.server import running
from scripts.server import Server

LIVE = RunSpec.parse({"rows": 4000, "hidden": "128-64", "batch_size": 1, "budget": 1500})
"""A run that trains for as long as anybody watches."""
SAMPLE_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
_PAGE = re.compile(rb'"page":\s*"([\w-]{16,64})",\s*"number":\s*(\d+)')
_FETCHED = re.compile(r"""(?:src|href)=["']\.?/?([^"']+\.(?:js|css))["']""")


@dataclass
class Load:
    """What was measured; seconds, bytes, cores."""

    ready: list[float] = field(default_factory=list)
    """From asking for the page to the end of its script."""
    intervals: list[float] = field(default_factory=list)
    """Between two updates of a live curve."""
    acknowledged: list[float] = field(default_factory=list)
    """From a press of Train to its run's id in the page."""
    dropped: int = 0
    rss: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    cores: float = 0.0
    """Of the web process, once everybody is there."""
    page_seconds: float = 0.0
    """Of a processor, for one page: what the web process took while everybody came, by their number."""


class Person:
    """One visitor with one tab."""

    def __init__(self, server: Server, number: int, load: Load) -> None:
        self._server, self._number, self._load = server, number, load
        self._cookie = {"Cookie": f"batchviz_visitor=visitor-of-load-{number:08}"}
        self._train_button = ""
        self._page = (b"", b"0")

    async def watch(self, query: str, run_id: str, delay: float, until: float, *, trains: bool) -> None:
        """Come after a delay, look at the run until the time is over, and perhaps train one of one's own."""
        await asyncio.sleep(delay)
        try:
            async with contextlib.AsyncExitStack() as stack:
                began = time.monotonic()
                client = self._connection(stack)
                await self._fetch_page(client)
                socket = await stack.enter_async_context(self._connect())
                await self._open(socket, query)
                self._load.ready.append(time.monotonic() - began)
                reader = asyncio.create_task(_drain(socket))
                follower = asyncio.create_task(self._follow(client, run_id, until))
                if trains:
                    await asyncio.sleep((until - time.monotonic()) * (0.2 + 0.6 * self._number / 100 % 0.6))
                    await self._press_train(self._connection(stack), socket, query)
                await follower
                if reader.done():
                    self._load.dropped += 1
                reader.cancel()
        except (OSError, EOFError, TimeoutError, ConnectionClosed) as error:
            self._load.dropped += 1
            print(f"visitor {self._number}: {error!r}", file=sys.stderr)

    async def start(self, query: str) -> list[str]:
        """Open the page, press Train, and go: the runs that the page was told of, none where it was told nothing.

        Raises OSError, EOFError, TimeoutError or WebSocketException where the server is away.
        """
        async with contextlib.AsyncExitStack() as stack:
            socket = await stack.enter_async_context(self._connect())
            await self._open(socket, query)
            return await self._press_train(self._connection(stack), socket, query)

    def _connection(self, stack: contextlib.AsyncExitStack) -> Connection:
        connection = Connection(self._server.port, self._cookie, PATIENCE_SECONDS)
        stack.callback(connection.close)
        return connection

    async def _fetch_page(self, client: Connection) -> None:
        """The page and what it names, as a browser with an empty cache would."""
        html = (await client.get("/")).content.decode()
        for address in dict.fromkeys(_FETCHED.findall(html)):
            if (answer := await client.get(f"/{address}")).status != 200:
                raise OSError(f"{address} was answered with {answer.status}")

    def _connect(self) -> connect:
        return connect(
            f"ws://127.0.0.1:{self._server.port}/_stcore/stream",
            origin=Origin(self._server.url),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=self._cookie,
            max_size=None,
        )

    async def _open(self, socket: ClientConnection, query: str) -> None:
        opening = BackMsg()
        opening.rerun_script.query_string = query
        await socket.send(opening.SerializeToString())
        while True:
            message = await asyncio.wait_for(socket.recv(decode=False), PATIENCE_SECONDS)
            self._remember(message)
            if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
                return

    def _remember(self, message: bytes) -> None:
        element = ForwardMsg.FromString(message).delta.new_element
        if element.button.label == "Train":
            self._train_button = element.button.id
        if match := _PAGE.search(message):
            self._page = match.groups()

    async def _follow(self, client: Connection, run_id: str, until: float) -> None:
        had, last = "0:0:0", 0.0
        while time.monotonic() < until:
            answer = json.loads((await client.get(f"/api/points?run={run_id}:{had}")).content)
            now = time.monotonic()
            for run in answer["runs"]:
                had = cursor(run)
                if last:
                    self._load.intervals.append(now - last)
                last = now
            await asyncio.sleep(POLL_SECONDS)

    async def _press_train(self, client: Connection, socket: ClientConnection, query: str) -> list[str]:
        """The runs that the page is told of."""
        page, number = (part.decode() for part in self._page)
        press = BackMsg()
        press.rerun_script.query_string = query
        press.rerun_script.widget_states.widgets.append(
            WidgetState(id=self._train_button, trigger_value=True)
        )
        began = time.monotonic()
        asked = asyncio.create_task(client.get(f"/api/starts?page={page}&after={number}"))
        await socket.send(press.SerializeToString())
        answer = await asked
        if answer.status != 200:
            self._load.acknowledged.append(PATIENCE_SECONDS)
            return []
        self._load.acknowledged.append(time.monotonic() - began)
        return list(json.loads(answer.content)["runs"])


async def _drain(socket: ClientConnection) -> None:
    """Read whatever comes until the connection ends."""
    with contextlib.suppress(ConnectionClosed):
        async for _ in socket:
            pass


async def _measure(process: psutil.Process, load: Load, people: int, from_when: float, until: float) -> None:
    cpu = sum(process.cpu_times()[:2])
    while len(load.ready) < people and time.monotonic() < until:
        await asyncio.sleep(0.1)
    load.page_seconds = (sum(process.cpu_times()[:2]) - cpu) / people
    await asyncio.sleep(max(0.0, from_when - time.monotonic()))
    cpu, began = sum(process.cpu_times()[:2]), time.monotonic()
    while time.monotonic() < until:
        load.rss.append(process.memory_info().rss)
        load.descriptors.append(process.num_fds())
        await asyncio.sleep(SAMPLE_SECONDS)
    load.cores = (sum(process.cpu_times()[:2]) - cpu) / max(1.0, time.monotonic() - began)


def measure(viewers: int, training: int, seconds: float, arrive: float) -> Load:
    """So many people arrive within `arrive` seconds and stay `seconds` more."""
    load = Load()
    with running() as server:
        store = Store(server.database)
        live = store.queue.add([LIVE], "teacher", "load")[0].id
        while store.runs.get(live).status is not Status.RUNNING:
            time.sleep(0.1)

        async def everybody() -> None:
            first = Person(server, viewers, Load())  # whatever is loaded once, somebody has met before
            await first.watch("", live, 0.0, time.monotonic() + 1.0, trains=False)
            there = time.monotonic() + arrive
            until = there + seconds
            people = (
                Person(server, number, load).watch(
                    f"v=1&runs={live}&seed={1000 + number}" if number < training else f"v=1&runs={live}",
                    live,
                    arrive * number / viewers,
                    until,
                    trains=number < training,
                )
                for number in range(viewers)
            )
            meter = _measure(psutil.Process(server.pid), load, viewers, there, until)
            tasks = [asyncio.ensure_future(each) for each in (meter, *people)]
            _, late = await asyncio.wait(tasks, timeout=arrive + seconds + PATIENCE_SECONDS)
            load.dropped += len(late)
            for task in late:
                task.cancel()

        try:
            asyncio.run(everybody())
        finally:
            store.queue.request_stop(live, "teacher")
            store.close()
    return load


def rows(repeats: int) -> list[Row]:
    """A class of 100 that arrives within 10 s; 30 of them train. `repeats` has no say: one class is many samples."""
    del repeats
    return _rows(measure(viewers=100, training=30, seconds=30.0, arrive=10.0))


def _rows(load: Load) -> list[Row]:
    note = "loopback, people and server on one machine"
    table = [
        Row("class: page ready", load.ready, (), "s", "below", 3.0, note, "p95"),
        Row("class: between updates of a live run", load.intervals, (), "s", "below", 1.0, note, "p95"),
        Row("class: connections lost", [load.dropped], (), "lost", "below", 0, note),
        Row("class: web process", [load.cores], (), "cores", "below", 0.5, note),
        Row("class: web process, memory", [max(load.rss, default=0) / 1e6], (), "MB", "below", 600, note),
    ]
    table = [row if row.ours else Row.skip(row.name, "nobody came so far in time") for row in table]
    if load.acknowledged:
        table.insert(
            2, Row("class: Train acknowledged", [max(load.acknowledged)], (), "s", "below", 1.0, note)
        )
    return table


def main() -> int:
    """Measure and print; the exit code is 1 if a target was missed."""
    from benchmarks.__main__ import formatted

    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--training", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--arrive", type=float, default=10.0)
    parser.add_argument("--json", action="store_true", help="every sample")
    arguments = parser.parse_args()
    load = measure(arguments.viewers, arguments.training, arguments.seconds, arguments.arrive)
    table = _rows(load)
    if arguments.json:
        print(json.dumps({"machine": describe(), "load": load.__dict__}, indent=1))
    else:
        print("\n".join(itertools.starmap("{}: {}".format, describe().items())) + "\n\n" + formatted(table))
        print(f"the web process took {load.page_seconds:.3f} s of a processor for one page")
        quarter = max(1, len(load.rss) // 4)
        if not load.rss:
            return 1  # nobody came in time
        for name, values, unit in (("memory", load.rss, 1e6), ("descriptors", load.descriptors, 1)):
            first, last = max(values[:quarter]) / unit, max(values[-quarter:]) / unit
            print(
                f"{name}: {first:.1f} in the first quarter, {last:.1f} in the last ({last / first - 1:+.1%})"
            )
    return int(not all(row.reached for row in table))


if __name__ == "__main__":
    sys.exit(main())
