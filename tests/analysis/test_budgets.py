"""Values at equal budgets, against NumPy's own interpolation, and on real runs that end there."""

import math

import numpy as np
import pytest

from batchviz.analysis.budgets import at_budget, common_budget, exact_specs
from batchviz.analysis.replicates import group_runs
from batchviz.analysis.units import UNITS, positions, update_positions
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import clocks, made, together, trained


def common(unit, *found):
    runs, series = together(*found)
    return common_budget(group_runs(runs), series, unit)


def test_positions_are_counted_in_every_unit():
    run, rows, updates = trained(RunSpec(batch_size=32, budget_unit="updates", budget=30))
    assert positions(run, rows, "epochs").tolist() == [0, 1, 1.2]
    assert positions(run, rows, "updates").tolist() == [0, 25, 30]
    assert positions(run, rows, "examples").tolist() == [0, 800, 960]
    assert np.all(np.diff(positions(run, rows, "seconds")) > 0)
    for unit in UNITS:
        every = update_positions(run, updates, rows, unit)
        assert len(every) == 30
        assert every[[24, 29]] == pytest.approx(positions(run, rows, unit)[1:])


def test_a_history_without_examples_has_a_row_an_epoch():
    run, rows = made(examples=[math.nan] * 3, updates=[math.nan] * 3, seconds=[math.nan] * 3)
    assert positions(run, rows, "epochs").tolist() == [0, 1, 2]
    assert np.isnan(positions(run, rows, "updates")).all()


def test_the_common_budget_is_the_shortest_run():
    found = made(RunSpec(batch_size=1)), made(RunSpec(batch_size="full"), [1, 1, 1, 1])
    assert common("epochs", *found) == 2
    assert common("updates", *found) == 3
    assert common("examples", *found) == 1600
    assert common("seconds", *found) == 2


@pytest.mark.parametrize("status", [Status.RUNNING, Status.QUEUED, Status.DIVERGED, Status.FAILED])
def test_runs_without_an_end_of_their_own_do_not_shorten_it(status):
    found = made(RunSpec(batch_size=8), [1, 1, 1, 1]), made(RunSpec(), [1, 1], status=status)
    assert common("epochs", *found) == 3


def test_a_stopped_run_does():
    assert common("epochs", made(RunSpec(batch_size=8)), made(RunSpec(), [1, 1], status=Status.STOPPED)) == 1


def test_a_run_that_does_not_know_the_unit_does_not_count():
    unknown = made(RunSpec(), [1, 1], seconds=[math.nan] * 2)
    assert common("seconds", made(RunSpec(batch_size=8)), unknown) == 2
    assert common("seconds", unknown) is None
    assert common("epochs") is None


@pytest.mark.parametrize("unit", UNITS)
def test_between_measurements_the_value_is_numpys_interpolation_and_says_so(unit):
    run, rows, _ = trained(RunSpec(batch_size=64, budget=5))
    x = positions(run, rows, unit)
    for budget in np.linspace(x[0] + 1e-3, x[-1] - 1e-3, 23):
        found = at_budget(run, rows, unit, float(budget), "val_loss")
        at, places = budget, x
        if unit == "seconds":  # between two updates nothing changes
            places = rows["updates"]
            at = np.floor(np.interp(budget, x, places))
        assert found.value == pytest.approx(np.interp(at, places, rows["val_loss"].astype(np.float64)))
        if not found.measured:
            assert found.before < budget < found.after
            assert found.low <= found.value <= found.high


@pytest.mark.parametrize("unit", UNITS)
def test_where_it_was_measured_the_value_is_the_recorded_one(unit):
    run, rows, _ = trained(RunSpec(batch_size=64, budget=5))
    for row, budget in enumerate(positions(run, rows, unit)):
        found = at_budget(run, rows, unit, float(budget), "train_loss")
        assert (found.value, found.measured) == (float(rows["train_loss"][row]), True)
        assert not found.wide


def test_nothing_is_made_up_beyond_the_end_or_before_the_first_measurement():
    run, rows = made(values=[1.0, 0.5, 0.25])
    assert math.isnan(at_budget(run, rows, "epochs", 2.5, "val_loss").value)
    assert math.isnan(at_budget(run, rows, "epochs", 0.5, "loss").value), "row 0 has no running mean"
    assert math.isnan(at_budget(run, rows, "epochs", 1.5, "val_loss").value) is False


@pytest.mark.parametrize("broken", [math.nan, math.inf])
def test_a_value_that_is_not_finite_is_none_at_its_row_and_beside_it(broken):
    run, rows = made(values=[1.0, broken, 0.25])
    assert math.isnan(at_budget(run, rows, "epochs", 1, "val_loss").value)
    assert math.isnan(at_budget(run, rows, "epochs", 1.5, "val_loss").value)
    assert at_budget(run, rows, "epochs", 2, "val_loss").value == 0.25


def test_far_measurements_are_called_wide():
    run, rows = made(RunSpec(batch_size=1), [1.0] * 12)
    assert at_budget(run, rows, "updates", 10, "val_loss").wide
    assert at_budget(run, rows, "epochs", 5.5, "val_loss").wide, "an epoch is more than a tenth of 5.5"
    assert not at_budget(run, rows, "epochs", 10.5, "val_loss").wide


def test_exact_specs_end_where_the_comparison_is_made():
    runs, series = together(
        *(made(RunSpec(batch_size=b, seed=s)) for b in (1, "full") for s in (0, 3)),
        made(RunSpec(batch_schedule="2:64, 8:full")),
    )
    groups = group_runs(runs)
    specs = exact_specs(groups, "updates", common_budget(groups, series, "updates") or 0)
    assert len(specs) == 5
    assert {(spec.budget_unit, spec.budget) for spec in specs} == {("updates", 2)}
    assert [(spec.batch_size, spec.seed) for spec in specs] == [
        (1, 0),
        (1, 3),
        (32, 0),
        ("full", 0),
        ("full", 3),
    ]
    for spec in specs[:2]:
        run, rows, _ = trained(spec)
        assert at_budget(run, rows, "updates", 2, "val_loss").measured


def test_equal_seconds_are_measured_by_runs_of_as_many_updates_as_fit():
    found = [made(RunSpec(batch_size=b), [1.0, 0.5, 0.25]) for b in (1, 32, "full")]
    runs, series = together(*found)
    on = clocks(runs)
    series = {run.id: on.on_clock(run, series[run.id]) for run in runs}
    groups = group_runs(runs)
    budget = common_budget(groups, series, "seconds")
    assert budget == pytest.approx(2 * (4e-6 + 800e-7)), "the end of full batch"
    specs = exact_specs(groups, "seconds", budget, on)
    fit = {1: 168e-6 // 4.1e-6, 32: 168e-6 // 7.2e-6, "full": 2}
    assert {spec.batch_size: (spec.budget_unit, spec.budget) for spec in specs} == {
        size: ("updates", count) for size, count in fit.items()
    }
    shorter = [made(spec, [1.0, 0.5], updates=[0, spec.budget], examples=[0, spec.budget]) for spec in specs]
    runs, series = together(*shorter)
    series = {run.id: on.on_clock(run, series[run.id]) for run in runs}
    again = common_budget(group_runs(runs), series, "seconds")
    assert again == pytest.approx(budget)
    assert all(at_budget(run, series[run.id], "seconds", again, "val_loss").measured for run in runs)
    assert exact_specs(groups, "seconds", budget) == [], "without a clock nobody knows how many"


def test_a_schedule_that_starts_after_the_budget_is_dropped():
    runs, _ = together(made(RunSpec(batch_schedule="2:64, 8:full")))
    [short] = exact_specs(group_runs(runs), "updates", 30)
    assert short.batch_schedule == ((2, 64),)
    [shorter] = exact_specs(group_runs(runs), "updates", 20)
    assert shorter.batch_schedule == ()
