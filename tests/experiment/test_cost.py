"""Seconds and bytes of a run from its settings alone: within a factor of the real thing, and never refusing it."""

import time

import pytest

from batchviz.experiment.cost import cost
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.text.cost import refusal
from batchviz.training import run_spec


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"batch_size": 1, "budget": 2},
        {"hidden": (512, 512), "batch_size": 32, "budget": 1, "rows": 2000},
        {"dataset": "digits", "model": "convnet", "rows": 1000, "budget": 1},
    ],
)
def test_the_real_run_takes_more_than_the_least_and_about_what_is_typical(
    settings: dict[str, object],
) -> None:
    spec = RunSpec.parse(settings)
    run_spec(spec)
    begun = time.process_time()
    run_spec(spec)
    seconds = time.process_time() - begun
    told = cost(plan_for(spec))
    assert told.least < seconds
    assert told.typical / 10 < seconds < told.typical * 10  # of a busy machine; three on a quiet one


def test_a_lesson_is_short_and_a_night_is_long() -> None:
    assert not cost(plan_for(RunSpec.parse({"batch_size": 1, "budget": 10}))).long
    night = {"dataset": "teacher", "rows": 100_000, "hidden": (512, 512), "budget": 1000}
    assert cost(plan_for(RunSpec.parse(night))).long
    assert cost(plan_for(RunSpec.parse({"budget_unit": "seconds", "budget": 4}))).long
    assert not cost(plan_for(RunSpec.parse({"budget_unit": "seconds", "budget": 2}))).long


def test_what_no_server_should_be_asked_for_is_refused_with_both_numbers() -> None:
    night = {
        "dataset": "teacher",
        "rows": 100_000,
        "hidden": (2048,) * 6,
        "budget": 4000,
        "batch_size": 100_000,
    }
    costs = [cost(plan_for(RunSpec.parse(night)))]
    assert "at most 60 min" in refusal(costs, max_seconds=3600, max_bytes=10**12)
    assert "at most 3 GB" in refusal(costs, max_seconds=10**12, max_bytes=3 * 10**9)
    assert refusal(costs, max_seconds=10**12, max_bytes=10**12) == ""
    assert refusal([cost(plan_for(RunSpec()))], max_seconds=3600, max_bytes=200 * 10**6) == ""
