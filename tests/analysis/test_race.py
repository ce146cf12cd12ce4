"""How many seeds a race trains, and when they are over."""

from dataclasses import replace

import pytest

from batchviz.analysis.limits import MAX_BACKGROUND_SECONDS, RACE_SEEDS, SEED_STEPS
from batchviz.analysis.race import Machine, affordable_seeds, beside, further_seeds
from batchviz.experiment.clock import clock_key
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import clock, made

PLANS = [plan_for(RunSpec(batch_size=size)) for size in (8, 64)]
NETWORK = clock_key(RunSpec()) or ""


def machine(seconds_an_update: float, overhead: float = 0.0, workers: int = 1) -> Machine:
    clocks = {NETWORK: clock(overhead=seconds_an_update, per_example=0.0, network=NETWORK)}
    return Machine(clocks, overhead, workers)


def test_further_seeds_take_what_their_updates_take_and_what_each_run_takes_beside():
    updates = sum(plan.updates or 0 for plan in PLANS)
    expected = 9 * (updates * 1e-3 + 2 * 0.1) / 2
    assert further_seeds(PLANS, 10, machine(1e-3, 0.1, workers=2)).seconds == pytest.approx(
        expected, rel=1e-3
    )
    assert further_seeds(PLANS, 1, machine(1e-3)).seconds == 0


def test_what_runs_take_beside_their_clock_is_counted_where_the_clock_is_known():
    """The same run a second time is expected to take as long as the first took."""
    here = machine(1e-3)
    runs = [
        replace(
            made(RunSpec(batch_size=8, budget=epochs))[0], started=5.0, finished=5.25 + epochs * 100 * 1e-3
        )
        for epochs in (1, 2, 3)
    ]
    assert beside(runs, here.clocks) == pytest.approx(0.25, rel=1e-3)
    assert beside(runs, {}) == 0
    assert beside([replace(runs[0], finished=5.0)], here.clocks) == 0


def test_without_a_clock_nobody_knows_how_long():
    assert further_seeds(PLANS, 10, Machine()).seconds is None
    assert affordable_seeds(PLANS, RACE_SEEDS, Machine()) == RACE_SEEDS, "a small network is quick anywhere"
    slow = [plan_for(RunSpec(batch_size=1, budget=200, hidden=(256, 256)))]
    assert affordable_seeds(slow, RACE_SEEDS, Machine()) == 1


@pytest.mark.parametrize("seconds_an_update", [1e-5, 1e-3, 3e-3, 1e-2, 1.0])
def test_a_race_has_as_many_seeds_as_are_over_in_the_stated_time(seconds_an_update):
    here = machine(seconds_an_update, 0.05)
    seeds = affordable_seeds(PLANS, RACE_SEEDS, here)
    assert seeds == 1 or (further_seeds(PLANS, seeds, here).seconds or 0) <= MAX_BACKGROUND_SECONDS
    more = next((step for step in SEED_STEPS if seeds < step <= RACE_SEEDS), None)
    assert more is None or (further_seeds(PLANS, more, here).seconds or 0) > MAX_BACKGROUND_SECONDS


def test_a_budget_of_seconds_is_its_own_expectation():
    plans = [plan_for(RunSpec(budget_unit="seconds", budget=5))]
    assert further_seeds(plans, 3, Machine()).seconds == 10
    assert affordable_seeds(plans, RACE_SEEDS, Machine()) == 5
