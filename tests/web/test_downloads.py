"""Files for many at once: a piece at a time, a bounded number under way, and no place held by who does not read."""

import asyncio
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.types import Message

from batchviz.exporters import EXPORTS, Export
from batchviz.store import Store
from batchviz.web import export
from batchviz.web.limits import MAX_DOWNLOADS
from batchviz.web.routes import routes
from tests.web.threads import in_a_thread

ADDRESS = "/api/export/slow?run=AbCd_1234567"
PIECES = 4


class Writer:
    """An export that counts how many write a piece at this moment, and how many have begun."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.writing = self.begun = self.most_writing = self.most_begun = 0

    def write(self, _: object) -> Iterator[bytes]:
        self._count(begun=1)
        for _piece in range(PIECES):
            self._count(writing=1)
            time.sleep(0.002)
            self._count(writing=-1)
            yield b"x" * 1000
        self._count(begun=-1)

    def _count(self, *, writing: int = 0, begun: int = 0) -> None:
        with self._lock:
            self.writing, self.begun = self.writing + writing, self.begun + begun
            self.most_writing = max(self.most_writing, self.writing)
            self.most_begun = max(self.most_begun, self.begun)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    counting = Writer()
    monkeypatch.setitem(EXPORTS, "slow", Export("", "", "bin", "application/x-test", counting.write))
    monkeypatch.setattr(export, "StoredSelection", lambda *_: None)
    return counting


@pytest.fixture
def app() -> Starlette:
    return Starlette(routes=routes(lambda: Store.__new__(Store)))


def take_away(app: Starlette, count: int) -> list[httpx.Response]:
    async def all_at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await asyncio.gather(*(client.get(ADDRESS) for _ in range(count)))

    return in_a_thread(all_at_once)


def test_of_many_files_one_piece_is_written_at_a_time_and_few_are_begun(
    app: Starlette, writer: Writer
) -> None:
    answers = take_away(app, 20)
    assert [(answer.status_code, len(answer.content)) for answer in answers] == [(200, 1000 * PIECES)] * 20
    assert writer.most_writing == 1
    assert 1 < writer.most_begun <= MAX_DOWNLOADS


def test_who_comes_to_a_long_queue_is_told_to_come_again(
    app: Starlette, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MAX_DOWNLOADS_WAITING", 2)
    answers = take_away(app, MAX_DOWNLOADS + 6)
    refused = [answer for answer in answers if answer.status_code != 200]
    assert [answer.status_code for answer in refused] == [503] * 4
    assert "Try again in a minute." in refused[0].json()["error"]
    assert [answer.status_code for answer in take_away(app, 2)] == [200, 200]


def test_a_reader_who_takes_nothing_loses_the_place(
    app: Starlette, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MAX_PIECE_SECONDS", 0.02)
    scope = {
        "type": "http",
        "method": "GET",
        "http_version": "1.1",
        "headers": [],
        "path": ADDRESS.partition("?")[0],
        "raw_path": b"",
        "root_path": "",
        "scheme": "http",
        "query_string": ADDRESS.partition("?")[2].encode(),
        "server": ("test", 80),
        "client": None,
        "asgi": {"spec_version": "2.4"},
    }

    async def nothing() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def never(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def stuck() -> None:
        with pytest.raises(ClientDisconnect):
            await app(scope, nothing, never)

    for _ in range(MAX_DOWNLOADS + 1):
        in_a_thread(lambda: asyncio.wait_for(stuck(), 5))
    assert take_away(app, 1)[0].status_code == 200
