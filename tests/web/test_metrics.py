"""api/metrics: numbers for who has the token, and for nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.web.routes import routes

TOKEN = "correct horse"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'batchviz.db'}")
    yield opened
    opened.close()


def client(store: Store, token: str = TOKEN) -> TestClient:
    return TestClient(
        Starlette(routes=routes(lambda: store, metrics_token=lambda: token, uploads_bytes=lambda: 77))
    )


def test_who_has_the_token_reads_load_and_storage(store: Store) -> None:
    store.queue.add([RunSpec(), RunSpec(seed=1), RunSpec(seed=2)], "ada", "here")
    store.queue.claim("worker")
    answer = client(store).get("/api/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    numbers = {name: float(value) for name, value in (line.split(" ") for line in answer.text.splitlines())}
    assert numbers['batchviz_runs{status="running"}'] == 1
    assert numbers['batchviz_runs{status="queued"}'] == 2
    assert (numbers["batchviz_engine_up"], numbers["batchviz_uploaded_bytes"]) == (0, 77)
    assert numbers["batchviz_database_bytes"] > 10_000
    assert numbers["process_resident_memory_bytes"] > 10**7
    assert "ada" not in answer.text


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", TOKEN[:-1], "Basic abc"])
def test_nobody_else_reads_anything(store: Store, header: str) -> None:
    answer = client(store).get("/api/metrics", headers={"Authorization": header})
    assert (answer.status_code, "batchviz_" in answer.text) == (401, False)


def test_without_a_token_set_there_is_nothing(store: Store) -> None:
    for header in ("", "Bearer ", "Bearer"):
        assert client(store, "").get("/api/metrics", headers={"Authorization": header}).status_code == 404
