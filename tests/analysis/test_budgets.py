"""Values at equal budgets: as measured there, or none."""

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
def test_between_measurements_there_is_no_value(unit):
    run, rows, _ = trained(RunSpec(batch_size=64, budget=5))
    x = positions(run, rows, unit)
    for budget in np.linspace(x[0] + 1e-3, x[-1] - 1e-3, 23):
        update = budget
        if unit in ("epochs", "examples"):  # an epoch has twelve updates of 64 examples and one of 32
            epoch, rest = divmod(budget * (800 if unit == "epochs" else 1), 800)
            update = 13 * epoch + np.ceil(rest / 64)
        elif unit == "seconds":  # between two updates nothing changes
            update = np.floor(np.interp(budget, x, rows["updates"]))
        found = at_budget(run, rows, unit, float(budget), "val_loss")
        assert found.skipped == math.isnan(found.value) == (update not in rows["updates"])


def test_a_budget_of_examples_is_used_up_by_the_update_in_which_they_are_reached():
    run, rows, _ = trained(RunSpec(batch_size=64, budget=2), (3,))
    rows = {name: column[np.isin(rows["updates"], (0, 3, 13, 26))] for name, column in rows.items()}
    assert rows["examples"].tolist() == [0, 192, 800, 1600]
    third = float(rows["val_loss"][1])
    for examples in (129, 190, 192):
        assert at_budget(run, rows, "examples", examples, "val_loss").value == third
        assert at_budget(run, rows, "epochs", examples / 800, "val_loss").value == third
    for examples in (128, 193):
        assert at_budget(run, rows, "examples", examples, "val_loss").skipped


@pytest.mark.parametrize("unit", UNITS)
def test_where_it_was_measured_the_value_is_the_recorded_one(unit):
    run, rows, _ = trained(RunSpec(batch_size=64, budget=5))
    for row, budget in enumerate(positions(run, rows, unit)):
        found = at_budget(run, rows, unit, float(budget), "train_loss")
        assert (found.value, found.skipped) == (float(rows["train_loss"][row]), False)


def test_nothing_is_made_up_beyond_the_end_or_before_the_first_measurement():
    run, rows = made(values=[1.0, 0.5, 0.25])
    beyond = at_budget(run, rows, "epochs", 2.5, "val_loss")
    assert (math.isnan(beyond.value), beyond.skipped) == (True, False)
    assert math.isnan(at_budget(run, rows, "epochs", 0, "loss").value), "row 0 has no running mean"


@pytest.mark.parametrize("broken", [math.nan, math.inf])
def test_a_value_that_is_not_finite_is_none_at_its_row_and_beside_it(broken):
    run, rows = made(values=[1.0, broken, 0.25])
    assert not math.isfinite(at_budget(run, rows, "epochs", 1, "val_loss").value)
    assert math.isnan(at_budget(run, rows, "epochs", 1.5, "val_loss").value)
    assert at_budget(run, rows, "epochs", 2, "val_loss").value == 0.25


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
        assert math.isfinite(at_budget(run, rows, "updates", 2, "val_loss").value)


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
    assert all(
        math.isfinite(at_budget(run, series[run.id], "seconds", again, "val_loss").value) for run in runs
    )
    assert exact_specs(groups, "seconds", budget) == [], "without a clock nobody knows how many"


def test_a_schedule_that_starts_after_the_budget_is_dropped():
    runs, _ = together(made(RunSpec(batch_schedule="2:64, 8:full")))
    [short] = exact_specs(group_runs(runs), "updates", 30)
    assert short.batch_schedule == ((2, 64),)
    [shorter] = exact_specs(group_runs(runs), "updates", 20)
    assert shorter.batch_schedule == ()
