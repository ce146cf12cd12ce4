"""Curves over seeds, against pandas and NumPy in float64."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from batchviz.analysis.budgets import Truncation, at_budget
from batchviz.analysis.curves import band, exponential_average, run_curve, seed_curves
from batchviz.analysis.limits import MAX_BAND_POINTS
from batchviz.analysis.replicates import group_runs
from batchviz.analysis.units import UNITS
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from tests.analysis import bands
from tests.analysis.recorded import made, together, trained, training

SEEDS = [RunSpec(batch_size=64, budget=4, seed=seed) for seed in range(3)]


@pytest.mark.parametrize("unit", ["epochs", "updates", "examples"])
def test_mean_and_band_are_those_of_pandas_over_the_seeds(unit):
    runs, series = training(SEEDS)
    [group] = group_runs(runs)
    found = band(seed_curves(group, series, unit, "val_loss"))
    table = pd.concat(pd.DataFrame(series[run.id]).assign(row=range(5)) for run in runs).astype(np.float64)
    oracle = table.groupby("row")["val_loss"].agg(["mean", "min", "max"])
    assert found.mean == pytest.approx(oracle["mean"])
    assert found.low == pytest.approx(oracle["min"])
    assert found.high == pytest.approx(oracle["max"])
    assert found.seeds.tolist() == [3] * 5


def test_in_seconds_every_seed_is_read_off_its_own_line():
    runs, series = training(SEEDS)
    [group] = group_runs(runs)
    found = band(seed_curves(group, series, "seconds", "train_loss"))
    every = [series[run.id] for run in runs]
    assert found.x == pytest.approx(np.unique(np.concatenate([rows["seconds"] for rows in every])))
    shared = found.x <= min(rows["seconds"][-1] for rows in every)
    lines = np.array([np.interp(found.x, rows["seconds"], rows["train_loss"]) for rows in every])
    for line, rows in zip(lines, every, strict=True):
        for i in np.flatnonzero(rows["updates"][1:] > 4 * np.maximum(rows["updates"][:-1], 1)):
            line[(found.x > rows["seconds"][i]) & (found.x < rows["seconds"][i + 1])] = np.nan
    assert found.mean[shared] == pytest.approx(np.nanmean(lines, axis=0)[shared])
    assert found.seeds[shared].tolist() == np.isfinite(lines).sum(axis=0)[shared].tolist()
    assert found.seeds[-1] == 1, "nothing is made up after a seed has ended"


def test_one_seed_is_its_own_band():
    runs, series = together(made())
    found = band(seed_curves(group_runs(runs)[0], series, "epochs", "val_loss"))
    assert found.mean.tolist() == found.low.tolist() == found.high.tolist() == [1, 0.5, 0.25]


def test_a_seed_that_was_stopped_counts_as_far_as_it_got():
    runs, series = together(
        made(RunSpec(seed=0), [1, 2, 3]), made(RunSpec(seed=1), [3, 4], status=Status.STOPPED)
    )
    found = band(seed_curves(group_runs(runs)[0], series, "epochs", "val_loss"))
    assert found.mean.tolist() == [2, 3, 3]
    assert found.seeds.tolist() == [2, 2, 1]


def test_values_that_are_not_finite_are_left_out():
    run, rows = made(values=[1, math.nan, 3, math.inf])
    assert run_curve(run, rows, "epochs", "val_loss").x.tolist() == [0, 2]
    assert run_curve(run, rows, "epochs", "loss").x.tolist() == [2], "row 0 has no running mean"


def test_a_group_without_series_has_an_empty_curve():
    runs, _ = together(made())
    assert len(band(seed_curves(group_runs(runs)[0], {}, "epochs", "val_loss")).x) == 0


def test_a_cut_curve_ends_where_it_was_measured_last_and_makes_up_no_end():
    run, rows = made(values=[1.0, 0.5, 0.25])
    cut = run_curve(run, rows, "epochs", "val_loss", until=Truncation("epochs", 1.5))
    assert (cut.x.tolist(), cut.y.tolist()) == ([0, 1], [1, 0.5])
    whole = run_curve(run, rows, "epochs", "val_loss", until=Truncation("epochs", 1))
    assert whole.x.tolist() == [0, 1]
    assert run_curve(run, rows, "epochs", "val_loss", until=Truncation("epochs", 9)).x.tolist() == [0, 1, 2]


def test_a_cut_in_another_unit_is_found_for_each_run():
    small, large = made(RunSpec(batch_size=8)), made(RunSpec(batch_size="full"))
    cut = Truncation("updates", 2)
    assert run_curve(*small, "epochs", "val_loss", until=cut).x == pytest.approx([0]), (
        "nothing is known from there on"
    )
    assert run_curve(*large, "epochs", "val_loss", until=cut).x == pytest.approx([0, 1, 2])


@pytest.mark.parametrize("axis", UNITS)
def test_where_examples_are_used_up_within_an_update_the_curve_ends_at_the_value_that_ranks_it(axis):
    run, rows, _ = trained(RunSpec(batch_size=64, budget=2), (1, 2, 3))
    for budget in (129, 190):
        curve = run_curve(run, rows, axis, "val_loss", until=Truncation("examples", budget))
        assert curve.y[-1] == at_budget(run, rows, "examples", budget, "val_loss").value
        assert len(curve.y) == 4, "0, 1, 2 and 3 updates"


def test_a_run_that_does_not_know_the_unit_of_the_cut_is_left_out():
    run, rows = made(seconds=[math.nan] * 3)
    assert len(run_curve(run, rows, "epochs", "val_loss", until=Truncation("seconds", 1)).x) == 0


def test_a_common_grid_stays_small():
    specs = [RunSpec(seed=seed) for seed in range(5)]
    found = [made(spec, np.linspace(1, 0, 2000), seconds=1 + spec.seed / 100) for spec in specs]
    runs, series = together(*found)
    curve = band(seed_curves(group_runs(runs)[0], series, "seconds", "val_loss"))
    assert len(curve.x) <= MAX_BAND_POINTS
    assert np.isfinite(curve.mean).all()


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.9, 0.99])
def test_smoothing_is_the_average_whose_weights_shrink_with_age_and_add_to_one(weight):
    values = np.random.default_rng(0).normal(size=300).astype(np.float32)
    smooth = exponential_average(values, weight)
    for place in (0, 1, 2, 17, 299):
        weights = weight ** np.arange(place, -1, -1.0)  # by age, the newest value's is 1
        assert smooth[place] == pytest.approx(np.average(values[: place + 1], weights=weights), rel=1e-9)


def test_smoothing_passes_gaps_through_and_keeps_them_out_of_the_average():
    values = np.array([math.nan, 1, 2, math.inf, 3])
    smooth = exponential_average(values, 0.5)
    assert math.isnan(smooth[0])
    assert math.isinf(smooth[3])
    assert smooth[[1, 2, 4]] == pytest.approx([1, (2 + 0.5) / 1.5, (3 + 0.5 * 2 + 0.25) / 1.75])


def test_curves_are_smoothed_run_by_run_before_their_mean():
    runs, series = training(SEEDS)
    curves = seed_curves(group_runs(runs)[0], series, "epochs", "val_loss", smoothing=0.6)
    for curve in curves:
        oracle = pd.Series(series[curve.run.id]["val_loss"], dtype=np.float64).ewm(alpha=0.4).mean()
        assert curve.y == pytest.approx(oracle.to_numpy())


def test_the_bands_that_the_scripts_draw_are_these():
    told = json.loads(bands.RECORDED.read_text(encoding="utf-8"))
    assert [case["name"] for case in told] == list(bands.CURVES)
    for case, today in zip(told, bands.cases(), strict=True):
        for part in ("x", "mean", "low", "high", "seeds"):
            assert case[part] == pytest.approx(today[part], rel=1e-12), "python -m tests.analysis.bands"
