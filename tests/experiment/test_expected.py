"""How much of a run is over, and so what is left: right within a factor of two whatever its parts really take."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchviz.experiment.expected import evaluation_seconds, share_over, training_seconds
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.records import Progress
from batchviz.experiment.spec import RunSpec

SPECS = [
    {"batch_size": "full", "budget": 4000},
    {"batch_size": 1, "budget": 40},
    {"batch_size": 8, "budget_unit": "updates", "budget": 30_000},
    {"rows": 20_000, "hidden": (256, 256), "batch_size": 128, "budget": 3},
    {"rows": 4000, "batch_size": 4, "batch_schedule": ((10, 512),), "budget": 200},
    {"rows": 20_000, "hidden": (128,), "batch_size": 1024, "batch_schedule": ((20, 16),), "budget": 30},
]


def passed(plan: Plan, epochs: int, factors: tuple[float, float]) -> float:
    """Seconds of so many epochs where training and evaluations take so many times what was expected."""
    updates = plan.schedule.reached("epochs", epochs).updates
    return factors[0] * training_seconds(plan, updates) + factors[1] * epochs * evaluation_seconds(plan)


@settings(max_examples=60)
@given(st.sampled_from(SPECS), st.floats(0.01, 0.98), st.tuples(*[st.floats(0.7, 1.4)] * 2))
def test_what_is_left_follows_from_what_passed(
    values: dict[str, object], at: float, factors: tuple[float, float]
) -> None:
    plan = plan_for(RunSpec.parse(values))
    epochs = max(1, int(at * plan.epochs))
    reached = plan.schedule.reached("epochs", epochs)
    elapsed, whole = passed(plan, epochs, factors), passed(plan, int(plan.epochs), factors)
    over = share_over(plan, Progress(reached.updates, reached.examples, epochs, elapsed, elapsed))
    assert elapsed * (1 - over) / over == pytest.approx(whole - elapsed, rel=1, abs=1e-9)
    assert (whole - elapsed) / 2 <= elapsed * (1 - over) / over + 1e-9


def test_by_updates_alone_a_growing_batch_looked_almost_done() -> None:
    plan = plan_for(RunSpec.parse({**SPECS[4], "budget": 2000}))
    at = plan.schedule.reached("epochs", 200)
    assert at.updates / plan.updates > 0.4
    assert share_over(plan, Progress(at.updates, at.examples, 200.0)) < 0.3


def test_a_budget_of_seconds_is_over_with_its_seconds() -> None:
    plan = plan_for(RunSpec(budget_unit="seconds", budget=2))
    shares = [share_over(plan, Progress(seconds=seconds)) for seconds in (0.5, 2, 2.1)]
    assert shares == [0.25, 1, 1]


def test_it_rises_from_nothing_to_all() -> None:
    for values in SPECS:
        plan = plan_for(RunSpec.parse(values))
        shares = [
            share_over(plan, Progress(round(part * plan.updates))) for part in (0, 0.01, 0.2, 0.5, 0.9, 1)
        ]
        assert (shares[0], shares[-1]) == (0, 1)
        assert all(one < other for one, other in pairwise(shares))
