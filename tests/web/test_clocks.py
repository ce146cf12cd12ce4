"""api/clocks: seconds of the updates of runs, and what is said beside them."""

from __future__ import annotations

import pytest

from batchviz.analysis.pace import pace
from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import clock
from tests.web.test_routes import Client, client

__all__ = ["client"]

SPEC = RunSpec(batch_size=8, rows=333)


def test_a_run_is_told_its_pace_on_every_clock_that_is_known(client: Client) -> None:
    run_id = client.started(SPEC)
    told = client.get(f"/api/clocks?run={run_id}").json()
    assert told["runs"] == {run_id: {"loop": None, "fit": None}}
    assert told["paths"]["loop"]["offer"]
    assert told["paths"]["loop"]["note"].startswith("No clock yet")
    known = clock(network=clock_key(SPEC) or "")
    client.store.clocks.save(known)
    told = client.get(f"/api/clocks?run={run_id}").json()
    [stretch] = pace(plan_for(SPEC), known).stretches
    assert told["runs"][run_id] == {"loop": [list(stretch)], "fit": None}
    assert not told["paths"]["loop"]["offer"]
    assert told["paths"]["fit"]["offer"]


def test_a_clock_that_was_asked_for_is_awaited_and_not_offered_again(client: Client) -> None:
    run_id = client.started(SPEC)
    client.store.clock_requests.add(SPEC, ClockPath.FIT)
    state = client.get(f"/api/clocks?run={run_id}").json()["paths"]["fit"]
    assert (state["offer"], state["awaited"]) == (False, True)
    assert state["note"].startswith("The clock is being measured")


def test_unknown_runs_are_passed_over(client: Client) -> None:
    told = client.get("/api/clocks?run=AbCdEf123456").json()
    assert told["runs"] == {}
    assert not told["paths"]["loop"]["offer"]


@pytest.mark.parametrize("query", ["", "run=", "run=a/b", "&".join(["run=AbCdEf123456"] * 1000)])
def test_what_is_no_list_of_runs_is_refused_in_words(client: Client, query: str) -> None:
    answer = client.get(f"/api/clocks?{query}")
    assert answer.status_code == 400
    assert "expected" in answer.json()["error"]
