"""The routes of classes: what every screen asks for, the class link, and what other programs send."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from batchviz import lessons
from batchviz.experiment.classroom import Phase, Vote
from batchviz.store import Store
from batchviz.web.class_routes import sent
from batchviz.web.class_state import FRESH_SECONDS
from batchviz.web.limits import MAX_SENT_BYTES
from batchviz.web.query import RequestError
from batchviz.web.routes import routes
from tests.web.threads import in_a_thread

LESSON = lessons.all()[0]
ANSWER = '{"value": 13.0, "sure": "fairly"}'


class Room:
    """A class, and its routes as browsers and notebooks ask them."""

    def __init__(self, path: Path) -> None:
        self.store = Store(f"sqlite:///{path}")
        self.app = Starlette(routes=routes(lambda: self.store))
        found, self.secret = self.store.classes.open("teacher", LESSON.slug, ends=10.0**10)
        self.code = found.code

    def lead(self, to: Phase, *runs: str) -> None:
        self.store.classes.lead(self.code, self.secret, to, runs)

    def vote(self, count: int, answer: str = ANSWER, vote: Vote = Vote.FIRST) -> None:
        for number in range(count):
            self.store.class_answers.join(self.code, f"student {number}")
            self.store.class_answers.answer(self.code, f"student {number}", vote, answer)

    def ask(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **options)

        return in_a_thread(ask)

    def state(self) -> dict[str, Any]:
        time.sleep(FRESH_SECONDS + 0.02)
        answer = self.ask(f"/api/class/{self.code}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "batchviz.db")
    yield room
    room.store.close()


def test_a_screen_is_told_how_many_and_not_what_until_the_reveal(room: Room) -> None:
    assert room.state()["asked"] is None
    room.lead(Phase.VOTING)
    room.vote(6)
    told = room.state()
    assert (told["members"], told["asked"], told["answered"]) == (6, "first", 6)
    assert "13" not in json.dumps(told)
    assert told["splits"] == []
    room.lead(Phase.REVEAL)
    revealed = room.state()
    assert revealed["version"] != told["version"]
    [split] = revealed["splits"]
    assert (split["vote"], split["answers"]) == ("first", 6)
    assert sum(row["answers"] for row in split["rows"]) == 6


def test_below_five_answers_no_split_is_told(room: Room) -> None:
    room.lead(Phase.VOTING)
    room.vote(4)
    room.lead(Phase.REVEAL)
    assert room.state()["splits"] == []


def test_the_secret_opens_no_split_either(room: Room) -> None:
    room.lead(Phase.VOTING)
    room.vote(9)
    path = f"/api/class/{room.code}"
    for query in (f"?teacher={room.secret}", "?vote=first", "?phase=reveal"):
        assert room.ask(path + query).json()["splits"] == []
    exported = room.ask(f"{path}/answers.csv?teacher={room.secret}")
    assert exported.status_code == 200
    assert len(exported.text.splitlines()) == 1


def test_answers_are_a_table_for_the_teacher_alone(room: Room) -> None:
    room.lead(Phase.VOTING)
    room.vote(5)
    room.vote(1, '{"value": "=1+1"}')
    room.lead(Phase.REVEAL)
    address = f"/api/class/{room.code}/answers.csv"
    assert room.ask(f"{address}?teacher=guess").status_code == 409
    answer = room.ask(f"{address}?teacher={room.secret}")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 5
    assert sorted(row["answer"] for row in rows) == ["'=1+1", *["13.0"] * 4]
    assert {row["lesson"] for row in rows} == {LESSON.slug}
    assert sorted(row["member"] for row in rows) == list("12345")


def test_the_class_link_leads_to_the_page(room: Room) -> None:
    answer = room.ask(f"/c/{room.code.lower()}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/class?code={room.code}")
    below = Starlette(routes=routes(lambda: room.store, prefix="lab"))
    room.app = below
    assert room.ask(f"/lab/c/{room.code}").headers["location"] == f"/lab/class?code={room.code}"


def test_a_class_that_is_not_there_is_a_404_in_words(room: Room) -> None:
    answer = room.ask("/api/class/AAAAA")
    assert answer.status_code == 404
    assert "Ask the teacher" in answer.json()["error"]


def test_an_epoch_is_taken_as_a_form_and_as_json(room: Room) -> None:
    form = {"data": json.dumps({"epoch": 0, "loss": 0.5, "val_loss": 0.25, "note": "x"})}
    answer = room.ask(f"/c/{room.code}/publish/epoch/end/", "POST", data=form)
    assert (answer.status_code, answer.json()) == (200, {"epochs": 1})
    following = {"epoch": 1, "loss": 0.4}
    assert room.ask(f"/c/{room.code}/publish/epoch/end/", "POST", json=following).status_code == 200
    own = room.ask(f"/c/{room.code}/ada?batch_size=32&seed=7", "POST", json={"epoch": 0, "loss": 0.3})
    assert own.status_code == 200
    first, second = room.store.class_points.elsewhere(room.code)
    assert [dict(epoch) for epoch in first.epochs] == [{"loss": 0.5, "val_loss": 0.25}, {"loss": 0.4}]
    assert (first.batch_size, second.sender, second.batch_size, second.seed) == (None, "ada", 32, 7)
    assert room.state()["elsewhere"] == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "could not be read"),
        (b"data=no+json", "could not be read"),
        (b"other=1", "could not be read"),
        (b'data={"loss": 1}', "number of an epoch"),
        (b'data={"epoch": -1, "loss": 1}', "number of an epoch"),
        (b'data={"epoch": true, "loss": 1}', "number of an epoch"),
        (b'data={"epoch": 0}', "finite value called 'loss'"),
        (b'data={"epoch": 0, "loss": NaN}', "finite value called 'loss'"),
        (b'data={"epoch": 0, "loss": "1"}', "finite value called 'loss'"),
        (b"data=" + b"[" * 8000, "could not be read"),
        (b"data=[1]", "number of an epoch"),
        (b"\xff\xfe", "could not be read"),
    ],
)
def test_what_is_no_epoch_is_refused_in_words(body: bytes, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        sent(body, "application/x-www-form-urlencoded")


def test_more_than_an_epoch_can_have_is_not_read(room: Room) -> None:
    answer = room.ask(f"/c/{room.code}/ada", "POST", content=b"x" * (MAX_SENT_BYTES + 1))
    assert answer.status_code == 400
    assert "at most" in answer.json()["error"]


@pytest.mark.parametrize("path", ["ada/../../x", "a b", "x" * 41, "ada?batch_size=0", "ada?batch_size=many"])
def test_a_path_that_is_no_name_is_refused(room: Room, path: str) -> None:
    answer = room.ask(f"/c/{room.code}/{path}", "POST", json={"epoch": 0, "loss": 1.0})
    assert answer.status_code in (400, 404, 405)
    assert room.store.class_points.elsewhere(room.code) == []


@pytest.fixture
def served(room: Room, free_port: int) -> Iterator[str]:
    """The same over HTTP, on this machine alone."""
    server = uvicorn.Server(uvicorn.Config(room.app, port=free_port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{free_port}"
    server.should_exit = True
    thread.join()


def test_plain_keras_sends_to_the_class_link(room: Room, served: str) -> None:
    """Keras' own callback and `fit`: nothing of ours is in that program."""
    import keras
    import numpy as np

    x, y = np.random.default_rng(0).random((64, 3)), np.zeros(64)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    link = f"{served}/c/{room.code}"
    told = []
    for options in ({}, {"path": "/ada?batch_size=16&seed=3", "send_as_json": True}):
        monitor = keras.callbacks.RemoteMonitor(root=link, **options)
        fitted = model.fit(
            x, y, batch_size=16, epochs=2, validation_split=0.25, verbose=0, callbacks=[monitor]
        )
        told.append(fitted.history)
    sent = room.store.class_points.elsewhere(room.code)
    assert [(each.batch_size, each.seed) for each in sent] == [(None, None), (16, 3)]
    for each, history in zip(sent, told, strict=True):
        assert {name: [epoch[name] for epoch in each.epochs] for name in history} == history


def test_thirty_students_see_the_reveal_within_two_seconds_and_nothing_before(
    room: Room, served: str
) -> None:
    room.lead(Phase.VOTING)
    room.vote(30)
    revealed: list[float] = []
    before: list[list[Any]] = []
    asked = 0

    def student(number: int) -> float:
        """Asks as the page does; returns when the split was on the screen."""
        nonlocal asked
        time.sleep(0.8 * number / 30)
        while True:
            state = client.get(f"{served}/api/class/{room.code}").json()
            asked += 1
            if state["splits"]:
                return time.monotonic()
            before.append(state["splits"])
            time.sleep(0.8)

    reads = 0
    reading = room.store.classes.get

    def counted(code: str) -> Any:
        nonlocal reads
        reads += 1
        return reading(code)

    room.store.classes.get = counted  # type: ignore[method-assign]
    with httpx.Client() as client, ThreadPoolExecutor(30) as pool:
        students = [pool.submit(student, number) for number in range(30)]
        time.sleep(1.2)
        began = time.monotonic()
        room.lead(Phase.REVEAL, "AbCdEfGhIjKl")
        revealed = [one.result() - began for one in students]
    assert max(revealed) < 2.0
    assert before.count([]) == len(before) >= 30
    assert reads < asked / 2  # a look into the database serves all who ask within a moment
