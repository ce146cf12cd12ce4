"""`api/export/NAME`: what may be asked, what is answered, and that the answer streams."""

import threading
import tracemalloc
import urllib.request
from collections.abc import Iterator

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.testclient import TestClient

from batchviz.experiment.limits import MAX_RUNS_EXPORTED
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS, csv
from batchviz.store import Store, selection
from batchviz.store.tables import run as run_table
from batchviz.web.routes import routes
from tests.store.reports import outcome, report


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'batchviz.db'}")
    yield opened
    opened.close()


@pytest.fixture
def client(store: Store) -> TestClient:
    return TestClient(Starlette(routes=routes(lambda: store, lambda request: request.cookies.get("who", ""))))


def trained(store: Store, spec: RunSpec | None = None, updates: int = 50) -> str:
    run = store.queue.add([spec or RunSpec()], "ada", "here")[0]
    store.queue.claim("runner")
    store.attempts.append(run.id, 1, report(0, updates, epochs=2))
    store.attempts.finish(run.id, 1, outcome(val_loss=0.1))
    return run.id


def test_runs_come_in_the_order_asked_for_and_each_once(client: TestClient, store: Store) -> None:
    first, second = trained(store), trained(store, RunSpec(seed=1))
    answer = client.get(f"/api/export/csv-epochs?runs={second},{first}&run={second}")
    ids = [line.split(",")[0].lstrip("'") for line in answer.text.splitlines()[1:]]
    assert ids == [second, second, first, first]


def test_an_answer_is_a_file_that_nobody_keeps_or_takes_for_something_else(
    client: TestClient, store: Store
) -> None:
    run_id, other = trained(store), trained(store, RunSpec(seed=1))
    for name, export in EXPORTS.items():
        one = client.get(f"/api/export/{name}?run={run_id}").headers
        assert one["content-disposition"] == (
            f'attachment; filename="batchviz-{run_id}-{name}.{export.extension}"'
        )
        assert (one["cache-control"], one["x-content-type-options"]) == ("no-store", "nosniff")
        assert one["content-type"] == export.media_type
        both = client.get(f"/api/export/{name}?runs={run_id},{other}").headers
        assert f'filename="batchviz-2-runs-{name}.' in both["content-disposition"]


def test_the_csv_of_updates_has_every_one_in_order(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "ROWS_AT_ONCE", 7)
    run_id = trained(store)
    lines = client.get(f"/api/export/csv-updates?run={run_id}").text.splitlines()
    assert [line.split(",")[-5:-2] for line in lines[1:]] == [
        [str(i + 1), f"{i}.0", f"{1000 + i}.0"] for i in range(50)
    ]


def test_names_are_shown_to_the_one_who_gave_them_and_to_nobody_else(
    client: TestClient, store: Store
) -> None:
    run_id = trained(store)
    store.library.annotate("ada", run_id, name="my =secret= run")
    for who, said in (("ada", True), ("bob", False), ("", False)):
        client.cookies.set("who", who)
        assert ("my =secret= run" in client.get(f"/api/export/csv-epochs?run={run_id}").text) is said


def test_a_deleted_run_is_not_exported(client: TestClient, store: Store) -> None:
    run_id = trained(store)
    store.deletion.delete("ada", [run_id])
    answer = client.get(f"/api/export/csv-epochs?run={run_id}")
    assert (answer.status_code, "it was deleted" in answer.json()["error"]) == (404, True)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("csv-epochs", 400, "at least one run"),
        ("csv-epochs?run=x", 400, "expected the id of a run"),
        ("csv-epochs?runs=,", 400, "expected the id of a run"),
        ("csv-epochs?run=..%2F..%2Fetc", 400, "expected the id of a run"),
        ("docx?run=nobody_here", 400, "There is no export 'docx'; expected one of csv-epochs"),
        ("csv-epochs?run=nobody_here", 404, "There is no run nobody_here here: it was deleted"),
        ("csv-epochs?runs=" + ",".join(f"nobody_{i}" for i in range(9)), 404, "nobody_4 and 4 more"),
        (
            "csv-epochs?runs=" + ",".join(f"nobody_{i}" for i in range(MAX_RUNS_EXPORTED + 1)),
            400,
            f"at most {MAX_RUNS_EXPORTED}",
        ),
    ],
)
def test_what_cannot_be_exported_is_explained(client: TestClient, path: str, status: int, said: str) -> None:
    answer = client.get(f"/api/export/{path}")
    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_a_hundred_runs_stream(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a real connection: the first runs have arrived while the last are not read yet."""
    ids = [trained(store, RunSpec(seed=seed), updates=1000) for seed in range(100)]
    reached, may_end = threading.Event(), threading.Event()
    reading = store.series.since

    def points(have, **options):
        if ids[-1] in have:
            reached.set()
            assert may_end.wait(30)
        return reading(have, **options)

    monkeypatch.setattr(store.series, "since", points)
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes(lambda: store)), port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        address = f"http://127.0.0.1:{port}/api/export/csv-updates?runs={','.join(ids)}"
        assert len(address) < 4000
        with urllib.request.urlopen(address, timeout=30) as answer:
            lines = sum(answer.readline().count(b"\n") for _ in range(1000))
            assert lines == 1000
            assert not may_end.is_set()
            may_end.set()
            lines += answer.read().count(b"\n")
        assert reached.is_set()
        assert lines == 100 * 1000 + 1
    finally:
        may_end.set()
        server.should_exit = True
        thread.join()


def test_a_longer_file_takes_no_more_memory(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is read in pieces, and handed on in smaller ones."""
    monkeypatch.setattr(selection, "ROWS_AT_ONCE", 2000)
    monkeypatch.setattr(csv, "LINES_AT_ONCE", 500)
    peaks = []
    for seed, updates in enumerate((6000, 18_000)):
        run_id = trained(store, RunSpec(seed=seed), updates=0)
        with store.database.writing() as connection:
            connection.execute(run_table.update().values(status="running"))
        for first in range(0, updates, 2000):  # as a worker hands them in
            store.attempts.append(run_id, 1, report(first, 2000))
        body = EXPORTS["csv-updates"].write(selection.StoredSelection(store, [run_id]))
        tracemalloc.start()
        size = sum(map(len, body))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert size > 60 * updates
    assert peaks[1] < 1.2 * peaks[0]


def test_own_data_leaves_with_its_owner_only(client: TestClient, store: Store) -> None:
    """Who has a run's id may see the run, not the data that its owner uploaded."""
    upload = store.uploads.add(
        "ada", "Mine", np.ones((20, 2)), np.zeros((20, 1)), outputs=1, explanation=(), columns=("a", "b"), target="c"
    )  # fmt: skip
    run_id = trained(store, RunSpec(dataset=upload.dataset, rows=20))
    asked = {}
    for who in ("bob", ""):
        asked[who] = client.get(f"/api/export/script?run={run_id}", headers={"cookie": f"who={who}"})
    assert "PACKED" not in asked[""].text + asked["bob"].text
    mine = client.get(f"/api/export/script?run={run_id}", headers={"cookie": "who=ada"})
    assert "PACKED" in mine.text
    assert 'np.load("own-data-' in asked["bob"].text
    store.uploads.delete("ada", upload.id)
    gone = client.get(f"/api/export/script?run={run_id}", headers={"cookie": "who=ada"})
    assert "PACKED" not in gone.text


def test_several_scripts_are_a_zip_by_name_and_type(client: TestClient, store: Store) -> None:
    both = ",".join([trained(store), trained(store, RunSpec(seed=1))])
    headers = client.get(f"/api/export/script?runs={both}").headers
    assert headers["content-type"] == "application/zip"
    assert headers["content-disposition"].endswith('2-runs-script.zip"')
