import base64
import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.applications import Starlette

from batchviz.analysis import limits
from batchviz.analysis.downsampling import Bins, stride_for
from batchviz.analysis.limits import MAX_BINS
from batchviz.experiment.records import RowCounts, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.web import points, run_cache
from batchviz.web.points import Feed
from batchviz.web.query import ClientState
from batchviz.web.routes import routes
from batchviz.web.run_cache import FRESH_SECONDS
from tests.store.reports import outcome, report
from tests.web.threads import in_a_thread


class Client:
    """Asks the routes as a browser would, and counts what the store is asked."""

    def __init__(self, path: Path) -> None:
        self.store = Store(f"sqlite:///{path}")
        self.reads = 0
        self.reading = self.store.series.since
        self.store.series.since = self._points  # type: ignore[method-assign]
        self.app = Starlette(routes=routes(lambda: self.store))

    def _points(self, *arguments: Any, **options: Any) -> Any:
        self.reads += 1
        return self.reading(*arguments, **options)

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, headers=headers)

        return in_a_thread(ask)

    def points(self, *cursors: str) -> dict[str, Any]:
        answer = self.get("/api/points?" + "&".join(f"run={cursor}" for cursor in cursors))
        assert answer.status_code == 200, answer.text
        parsed: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)  # NaN is not JSON
        return parsed

    def run(self, cursor: str) -> dict[str, Any]:
        (run,) = self.points(cursor)["runs"]
        return dict(run)

    def started(self, spec: RunSpec | None = None, owner: str = "ada") -> str:
        run = self.store.queue.add([spec or RunSpec()], owner, "here")[0]
        self.store.queue.claim("runner")
        return run.id

    def passes(self) -> None:
        """The time after which a live run is read again."""
        time.sleep(FRESH_SECONDS + 0.02)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "batchviz.db")


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_a_first_request_tells_all_of_a_run(client: Client) -> None:
    run_id = client.started(RunSpec(batch_size=64))
    client.store.attempts.append(run_id, 1, report(0, 30, epochs=2))
    answer = client.points(f"{run_id}:0:0:0")
    assert (answer["version"], answer["engine"], answer["missing"]) == (1, "down", [])
    assert answer["sentence"].startswith("Still training 1 run.")
    (run,) = answer["runs"]
    assert (run["id"], run["attempt"], run["status"], run["reset"]) == (run_id, 1, "running", False)
    assert (run["label"], run["batch_size"]) == ("B = 64", 64)
    assert run["details"] == "Adam, lr 0.001, 16 relu, seed 0"
    assert set(run["color"]) == {"light", "dark"}
    assert run["floors"] == {
        "loss": pytest.approx(0.08138, abs=1e-5),
        "metric": pytest.approx(0.24263, abs=1e-5),
    }
    assert run["floor_notes"]["loss"].startswith("Floor 0.0814: the MSE that a model that knew the true law")
    assert run["plan"]["updates"] == 130
    assert run["progress"]["fraction"] == pytest.approx(30 / 130, abs=1e-4)
    assert run["progress"]["remaining_seconds"] == pytest.approx(0.03 * 100 / 30, abs=1e-3)
    assert run["epochs"]["from"] == 0
    assert run["epochs"]["updates"] == [0, 1]
    assert run["epochs"]["val_loss"] == [7000, 7001]
    assert (run["updates"]["from"], run["updates"]["stride"]) == (0, 1)
    assert floats(run["updates"]["metric"]).tolist() == list(range(1000, 1030))


LONG = RunSpec(rows=2, batch_size="full", budget_unit="updates", budget=200_000)


def test_of_two_hundred_thousand_epochs_a_few_are_sent_and_none_that_was_not_recorded(client: Client) -> None:
    run_id = client.started(LONG)
    whole = report(0, 0, epochs=200_001)
    whole.epochs["val_loss"][:] = np.random.default_rng(0).random(200_001)
    client.store.attempts.append(run_id, 1, whole)
    client.store.attempts.finish(run_id, 1, outcome(val_loss=0.1))
    answer = client.get(f"/api/points?run={run_id}:0:0:0")
    assert len(answer.content) < 600_000
    (run,) = json.loads(answer.text)["runs"]
    rows, number = run["epochs"], run["epochs"]["number"]
    assert rows["recorded"] == 200_001
    assert 1000 < len(number) <= limits.MAX_EPOCH_ROWS
    assert (number[0], number[-1]) == (0, 200_000)
    values = whole.epochs["val_loss"]
    assert rows["val_loss"] == pytest.approx(values[number].tolist(), rel=1e-6)
    assert (min(rows["val_loss"]), max(rows["val_loss"])) == pytest.approx(
        (values.min(), values.max()), rel=1e-6
    )


def test_a_long_run_is_followed_row_by_row_however_long_it_becomes(client: Client) -> None:
    """A budget of seconds does not say how many epochs come: once they are many, fewer stand for more."""
    run_id = client.started(RunSpec(rows=2, batch_size="full", budget_unit="seconds", budget=600))
    held: list[int] = []
    cursor, resets = (0, 0, 0), 0
    for first in range(0, 60_000, 3000):
        client.store.attempts.append(run_id, 1, report(first, 3000, first_epoch=first, epochs=3000))
        client.passes()
        run = client.run(f"{run_id}:{cursor[0]}:{cursor[1]}:{cursor[2]}")
        rows, updates = run["epochs"], run["updates"]
        resets += run["reset"]
        held = held[: rows["from"]] + rows["updates"]
        assert len(held) <= limits.MAX_EPOCH_ROWS
        assert held == sorted(set(held))
        cursor = (run["attempt"], len(held), updates["from"] + len(floats(updates["loss"])))
    assert 3 <= resets <= 10
    assert held[-1] > 59_000


def test_later_requests_get_only_what_is_new(client: Client) -> None:
    run_id = client.started()
    client.store.attempts.append(run_id, 1, report(0, 10, epochs=1))
    client.run(f"{run_id}:0:0:0")
    client.store.attempts.append(run_id, 1, report(10, 5, first_epoch=1, epochs=1))
    client.passes()
    run = client.run(f"{run_id}:1:1:10")
    assert (run["updates"]["from"], floats(run["updates"]["loss"]).tolist()) == (10, [10, 11, 12, 13, 14])
    assert (run["epochs"]["from"], run["epochs"]["updates"], run["reset"]) == (1, [1], False)


def test_what_a_run_is_called_and_coloured_depends_on_those_asked_for_with_it(client: Client) -> None:
    ids = [client.started(RunSpec(learning_rate=rate)) for rate in (0.001, 0.1)]
    for run_id in ids:
        client.store.attempts.append(run_id, 1, report(0, 10, epochs=1))
    alone = client.run(f"{ids[0]}:0:0:0")
    both = client.points(*(f"{run_id}:0:0:0" for run_id in ids))["runs"]
    assert alone["label"] == "B = 32"
    assert [run["label"] for run in both] == ["lr 0.001", "lr 0.1"]
    assert len({run["color"]["light"] for run in [alone, *both]}) == 3
    # Whoever knows a run by another name is told the new one, and no row again.
    (again, _) = client.points(f"{ids[0]}:1:1:10:{alone['digest']}", f"{ids[1]}:0:0:0")["runs"]
    assert (again["label"], again["epochs"]["updates"], again["updates"]["loss"]) == ("lr 0.001", [], "")


def test_who_has_another_attempt_or_too_much_starts_over(client: Client) -> None:
    run_id = client.started()
    client.store.attempts.append(run_id, 1, report(0, 10))
    for cursor in (f"{run_id}:2:0:5", f"{run_id}:1:0:11", f"{run_id}:1:3:5"):
        run = client.run(cursor)
        assert (run["reset"], run["updates"]["from"], len(floats(run["updates"]["loss"]))) == (True, 0, 10)


def test_a_run_started_again_is_shown_from_the_new_attempt_once_that_has_caught_up(client: Client) -> None:
    run_id = client.started()
    client.store.attempts.append(run_id, 1, report(0, 20))
    client.run(f"{run_id}:0:0:0")
    client.store.attempts.worker_crashed(run_id, 1, "its worker was killed")
    client.passes()
    waiting = client.run(f"{run_id}:1:0:20")
    assert (waiting["status"], waiting["attempt"], waiting["reset"]) == ("queued", 1, False)
    assert waiting["queue_position"] == 0
    assert waiting["queue_seconds"] >= 0
    assert waiting["reason"] == "Started again, because its worker was killed."
    client.store.queue.claim("runner")
    client.store.attempts.append(run_id, 2, report(0, 25))
    client.passes()
    again = client.run(f"{run_id}:1:0:20")
    assert (again["attempt"], again["reset"], len(floats(again["updates"]["loss"]))) == (2, True, 25)


def test_what_is_not_finite_is_null_in_lists_and_nan_in_columns(client: Client) -> None:
    run_id = client.started()
    strange = report(0, 3, epochs=1)
    strange.updates["loss"][:] = [1, np.inf, np.nan]
    strange.epochs["val_loss"][:] = np.nan
    client.store.attempts.append(run_id, 1, strange)
    client.store.attempts.finish(
        run_id, 1, outcome(Status.DIVERGED, val_loss=float("nan"), loss=float("inf"))
    )
    run = client.run(f"{run_id}:0:0:0")
    assert run["epochs"]["val_loss"] == [None]
    assert run["final"] == {"val_loss": None, "loss": None}
    assert np.array_equal(floats(run["updates"]["loss"]), [1, np.nan, np.nan], equal_nan=True)


def test_a_long_run_is_thinned_and_only_whole_buckets_are_sent_before_its_end(client: Client) -> None:
    spec = RunSpec(batch_size=1, budget=40)  # 32 000 updates, four in a bucket
    run_id = client.started(spec)
    client.store.attempts.append(run_id, 1, report(0, 10))
    run = client.run(f"{run_id}:0:0:0")
    assert run["updates"]["stride"] == 4
    assert floats(run["updates"]["loss"]).tolist() == [1.5, 5.5]
    assert floats(run["updates"]["loss_min"]).tolist() == [0, 4]
    assert floats(run["updates"]["metric_max"]).tolist() == [1003, 1007]
    client.store.attempts.append(run_id, 1, report(10, 3))
    client.store.attempts.finish(run_id, 1, outcome(Status.STOPPED))
    client.passes()
    run = client.run(f"{run_id}:1:0:2")
    assert run["updates"]["from"] == 2
    assert floats(run["updates"]["loss"]).tolist() == [9.5, 12]


def test_a_run_of_unknown_length_gets_wider_buckets_and_says_so(client: Client) -> None:
    run_id = client.started(RunSpec(budget_unit="seconds", budget=60))
    client.store.attempts.append(run_id, 1, report(0, MAX_BINS))
    first = client.run(f"{run_id}:0:0:0")
    assert (first["updates"]["stride"], len(floats(first["updates"]["loss"]))) == (1, MAX_BINS)
    client.store.attempts.append(run_id, 1, report(MAX_BINS, 3))
    client.passes()
    assert client.run(f"{run_id}:{first['attempt']}:0:3000")[
        "reset"
    ]  # a slow viewer's buckets are narrow too
    wider = client.run(f"{run_id}:{first['attempt']}:0:{MAX_BINS}")
    assert (wider["reset"], wider["updates"]["from"], wider["updates"]["stride"]) == (True, 0, 2)
    assert floats(wider["updates"]["loss"]).tolist() == (np.arange(MAX_BINS // 2 + 1) * 2 + 0.5).tolist()
    client.passes()
    same = client.run(f"{run_id}:{wider['attempt']}:0:{MAX_BINS // 2 + 1}")
    assert (same["reset"], same["updates"]["loss"]) == (False, "")


@pytest.mark.parametrize("pieces", [[5, 1, 0, 9, 2], [17]])
def test_buckets_do_not_depend_on_how_the_updates_arrive(pieces: list[int]) -> None:
    values = np.random.default_rng(0).normal(size=(2, 17)).astype(np.float32)
    buckets, start = Bins(4), 0
    for piece in pieces:
        part = values[:, start : start + piece]
        start += piece
        buckets.extend({"loss": part[0], "metric": part[1]}, last=start == 17)
    loss = [values[0, i : i + 4] for i in range(0, 17, 4)]
    assert np.allclose(buckets.columns["loss"], [part.mean() for part in loss])
    assert buckets.columns["loss_min"].tolist() == [part.min() for part in loss]
    assert buckets.columns["loss_max"].tolist() == [part.max() for part in loss]


@pytest.mark.parametrize(
    ("updates", "stride"), [(0, 1), (1, 1), (MAX_BINS, 1), (MAX_BINS + 1, 2), (5_000_000, 1024)]
)
def test_the_stride_is_the_smallest_power_of_two_that_fits(updates: int, stride: int) -> None:
    assert stride_for(updates) == stride


def test_unknown_runs_are_named_beside_the_known(client: Client) -> None:
    run_id = client.started()
    answer = client.points("nobody_here:0:0:0", f"{run_id}:0:0:0")
    assert answer["missing"] == ["nobody_here"]
    assert [run["id"] for run in answer["runs"]] == [run_id]


def test_a_run_added_after_it_was_asked_for_in_vain_appears(client: Client) -> None:
    run_id = client.started()
    (entry,) = client.store.library.page("ada").entries
    assert client.points("nobody_here:0:0:0")["missing"]
    assert client.run(f"{entry.run.id}:0:0:0")["id"] == run_id


def test_many_viewers_cost_one_read(client: Client) -> None:
    run_id = client.started()
    client.store.attempts.append(run_id, 1, report(0, 1000, epochs=1))
    answers: list[dict[str, Any]] = []

    def look(had: int) -> None:
        answers.append(client.run(f"{run_id}:1:0:{had}"))

    viewers = [threading.Thread(target=look, args=(had,)) for had in range(20)]
    for viewer in viewers:
        viewer.start()
    for viewer in viewers:
        viewer.join()
    assert sorted(len(floats(answer["updates"]["loss"])) for answer in answers) == list(range(981, 1001))
    assert client.reads <= 3  # one, or a few where the machine was slow


def test_a_run_that_is_over_is_never_read_again(client: Client) -> None:
    run_id = client.started()
    client.store.attempts.append(run_id, 1, report(0, 10))
    client.store.attempts.finish(run_id, 1, outcome())
    client.run(f"{run_id}:0:0:0")
    for cursor in (f"{run_id}:0:0:0", f"{run_id}:1:0:10", f"{run_id}:1:0:10"):
        client.passes()
        client.run(cursor)
    assert client.reads == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "at least one run="),
        ("run=short", "expected ID:ATTEMPT:EPOCHS:UPDATES"),
        ("run=AbCdEf:0:0", "expected ID:ATTEMPT:EPOCHS:UPDATES"),
        ("run=AbCdEf:0:-1:0", "expected ID:ATTEMPT:EPOCHS:UPDATES"),
        ("run=AbCdEf:0:0:99999999999", "expected ID:ATTEMPT:EPOCHS:UPDATES"),
        ("run=../../etc:0:0:0", "expected ID:ATTEMPT:EPOCHS:UPDATES"),
        ("run=%E2%80%A6:0:0:0", "expected ID:ATTEMPT:EPOCHS:UPDATES"),
        ("&".join(["run=AbCdEf:0:0:0"] * 129), "at most 128"),
    ],
)
def test_a_request_that_makes_no_sense_is_explained(client: Client, query: str, said: str) -> None:
    answer = client.get(f"/api/points?{query}")
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert client.reads == 0


def test_answers_are_not_kept_by_anybody(client: Client) -> None:
    assert client.get("/api/points?run=AbCdEf:0:0:0").headers["cache-control"] == "no-store"


def test_a_database_in_trouble_is_explained(client: Client, tmp_path: Path) -> None:
    client.store.close()
    (tmp_path / "batchviz.db").write_text("Dear diary, " * 1000)
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"batchviz.db{suffix}").unlink(missing_ok=True)
    answer = client.get("/api/points?run=AbCdEf:0:0:0")
    assert answer.status_code == 503
    assert "is not a BatchViz database" in answer.json()["error"]


def test_the_drawing_library_comes_compressed_and_is_kept(client: Client) -> None:
    answer = client.get("/api/plotly.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 500_000
    assert answer.text.startswith("/**\n* plotly.js")
    again = client.get("/api/plotly.js", {"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/api/plotly.js", {"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


def test_health_tells_how_the_engine_is_and_by_its_number_whether_that_is_well(client: Client) -> None:
    answer = client.get("/api/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "engine": "down"})
    client.store.processes.take_leadership("token", "host", 1, instead_of=None)
    answer = client.get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "engine": "warming"})
    client.store.processes.heartbeat("engine", "token", "unreachable")  # the scheduler of its cluster
    answer = client.get("/api/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "engine": "unreachable"})


@pytest.mark.parametrize("prefix", ["lab", "/lab/", "class/lab"])
def test_every_route_stands_below_the_applications_path(client: Client, prefix: str) -> None:
    base = f"/{prefix.strip('/')}/"
    assert all(route.path.startswith(base) for route in routes(lambda: client.store, prefix=prefix))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    for path in ("/api/points?run=AbCdEf:0:0:0", "/api/export/csv-epochs?run=AbCdEf"):
        assert client.get(path, method=method).status_code == 405


def test_what_the_client_was_told_already_is_not_told_again(client: Client) -> None:
    first, second = (client.started(RunSpec(seed=seed)) for seed in range(2))
    client.store.attempts.append(first, 1, report(0, 30, epochs=2))
    told = {run["id"]: run["digest"] for run in client.points(f"{first}:0:0:0", f"{second}:0:0:0")["runs"]}
    have = [f"{first}:1:2:30:{told[first]}", f"{second}:1:0:0:{told[second]}"]
    assert client.points(*have)["runs"] == []
    client.store.attempts.append(second, 1, report(0, 30, epochs=2))
    client.passes()
    assert [run["id"] for run in client.points(*have)["runs"]] == [second]
    client.store.queue.request_stop(first, "ada")
    client.store.attempts.finish(first, 1, outcome(Status.STOPPED))
    client.passes()
    assert {run["id"]: run["status"] for run in client.points(*have)["runs"]}[first] == "stopped"
    assert len(client.points(*have[:1], f"{second}:1:0:0:00000000")["runs"]) == 2, "another word was heard"


def test_single_updates_are_those_of_the_first_seed_for_who_draws_means(client: Client) -> None:
    ids = [client.started(RunSpec(seed=seed)) for seed in range(3)] + [client.started(RunSpec(batch_size=8))]
    for run_id in ids:
        client.store.attempts.append(run_id, 1, report(0, 30, epochs=2))
    cursors = "&".join(f"run={run_id}:0:0:0" for run_id in ids)
    counts = [
        [
            len(floats(run["updates"]["loss"]))
            for run in json.loads(client.get(f"/api/points?{cursors}{asked}").text)["runs"]
        ]
        for asked in ("", "&updates=first")
    ]
    assert counts == [[30, 30, 30, 30], [30, 0, 0, 30]]
    answer = json.loads(client.get(f"/api/points?run={ids[1]}:1:2:0&updates=first").text)
    assert len(floats(answer["runs"][0]["updates"]["loss"])) == 30, "alone it is the first"


def test_a_deleted_run_leaves_the_chart_within_moments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_cache, "SEEN_SECONDS", 0.0)
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    run = store.queue.add([RunSpec()], "ada", "here")[0]
    store.queue.claim("runner")
    store.attempts.finish(run.id, 1, outcome())
    feed, have = Feed(lambda: store), {run.id: ClientState()}
    assert [one["id"] for one in json.loads(feed.answer(have))["runs"]] == [run.id]
    store.deletion.delete("ada", [run.id])
    assert feed.at_once(have) is None
    answer = json.loads(feed.answer(have))
    assert (answer["runs"], answer["missing"]) == ([], [run.id])
    store.deletion.restore("ada", [run.id])
    time.sleep(0.05)  # a run that was missing is not looked for at once again
    assert json.loads(feed.answer(have))["missing"] == []


def test_the_recorded_race_is_a_page_of_its_own_that_needs_no_websocket(client: Client) -> None:
    answer = client.get("/api/demo.html")
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "connect-src 'none'" in answer.headers["content-security-policy"]
    assert "After 10 epochs, B = 1 has the lowest validation cross-entropy" in answer.text
    assert "November 2026 with Keras" in answer.text
    assert "1970" not in answer.text.partition("<main>")[0]
    assert client.get("/api/demo.html", {"Accept-Encoding": "identity"}).text == answer.text


def test_what_a_run_was_a_while_ago_is_kept_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that trains for an hour is in 14,400 states, of which each is asked for once."""
    monkeypatch.setattr(points, "SHARED_SECONDS", 0.05)
    client = Client(tmp_path / "batchviz.db")
    run_id, feed = client.started(), Feed(lambda: client.store)
    for epoch in range(3):
        client.store.attempts.append(
            run_id, 1, report(10 * epoch, first_epoch=epoch, epochs=1), RowCounts(10 * epoch, epoch)
        )
        client.passes()
        feed.answer({run_id: ClientState()})
    assert [len(kept) for kept in (feed._serialized, feed._sentences)] == [1, 1]
