"""What a press has started, told beside the script; and answers that are held back."""

import threading
import time
from pathlib import Path

import pytest

from batchviz.experiment.spec import RunSpec
from batchviz.web import starts as module
from batchviz.web.starts import Start, Starts
from tests.store.reports import report
from tests.web.test_routes import Client
from tests.web.threads import in_a_thread

PAGE = "a-page-of-some-visitor"


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "batchviz.db")


def test_a_page_that_asks_hears_of_its_press_and_of_nobody_elses(client: Client) -> None:
    module.STARTS.tell(PAGE, Start(3, ["one", "two"]))
    answer = client.get(f"/api/starts?page={PAGE}&after=2").json()
    assert (answer["number"], answer["runs"]) == (3, ["one", "two"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ASKED_SECONDS", 0.02)
        assert client.get(f"/api/starts?page={PAGE}&after=3").status_code == 204
        assert client.get("/api/starts?page=another-page-of-hers&after=0").status_code == 204


def test_the_answer_to_a_press_waits_for_the_first_point_of_what_it_started(client: Client) -> None:
    """And tells no run anew that the page had before; what tells runs apart is as the page has it."""
    earlier, run_id = client.started(), client.started(RunSpec(seed=1))
    client.store.attempts.append(earlier, 1, report(epochs=1))
    module.STARTS.tell(PAGE, Start(8, [earlier, run_id], frozenset({run_id})))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FIRST_POINT_SECONDS", 60.0)
        timer = threading.Timer(0.1, client.store.attempts.append, [run_id, 1, report(epochs=1)])
        timer.start()
        points = client.get(f"/api/starts?page={PAGE}&after=7&color=batch_size").json()["points"]
    [told] = points["runs"]
    assert (told["id"], len(told["epochs"]["updates"])) == (run_id, 1)
    of_feed = client.get(
        f"/api/points?run={earlier}:0:0:0&run={run_id}:0:0:0&color=batch_size&updates=first"
    ).json()
    assert told == of_feed["runs"][1]
    assert (points["sentence"], points["means"]) == (of_feed["sentence"], of_feed["means"])


def test_a_first_point_that_does_not_come_soon_is_not_waited_for(client: Client) -> None:
    run_id = client.started()
    module.STARTS.tell(PAGE, Start(9, [run_id], frozenset({run_id})))
    [told] = client.get(f"/api/starts?page={PAGE}&after=8").json()["points"]["runs"]
    assert (told["id"], told["epochs"]["updates"]) == (run_id, [])


@pytest.mark.parametrize("query", ["", "page=short&after=0", f"page={PAGE}&after=x", f"page={PAGE}"])
def test_a_question_for_no_page_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/starts?{query}").status_code == 400


def test_a_script_stands_back_until_its_page_has_a_point_but_only_if_the_page_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    starts = Starts()
    monkeypatch.setattr(module, "SEEN_SECONDS", 60.0)
    begun = time.monotonic()
    starts.stand_back(PAGE, ["one"])  # nobody listens
    starts.tell(PAGE, Start(1, ["one"]))
    in_a_thread(lambda: starts.after(PAGE, 0))
    starts.see({"one": 0})
    order: list[str] = []

    def see() -> None:
        order.append("seen")
        starts.see({"one": 1})

    threading.Timer(0.05, see).start()
    starts.stand_back(PAGE, ["one", "two"])
    assert order == ["seen"]
    assert time.monotonic() - begun < 60


def test_a_held_answer_comes_when_there_is_something_new(client: Client) -> None:
    run_id = client.started()
    told = client.run(f"{run_id}:0:0:0")["digest"]
    timer = threading.Timer(0.1, client.store.attempts.append, [run_id, 1, report(epochs=1)])
    timer.start()
    answer = client.get(f"/api/points?run={run_id}:1:0:0:{told}&wait=1").json()
    assert len(answer["runs"][0]["epochs"]["updates"]) == 1
    assert client.points(f"{run_id}:1:1:10:{answer['runs'][0]['digest']}")["runs"] == [], (
        "unasked it is not held"
    )
