"""Downsampling: only recorded points, extremes kept."""

import numpy as np
import pytest

from batchviz.analysis.budgets import Truncation
from batchviz.analysis.downsampling import kept
from batchviz.analysis.limits import MAX_DRAWN_POINTS
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.figures.traces import update_points
from tests.analysis.recorded import made


def spiky(count=100_000, seed=0):
    random = np.random.default_rng(seed)
    values = random.gamma(2, 0.1, count)
    values[random.integers(count, size=3)] = [9.0, -5.0, 7.0]
    return values


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_the_extremes_of_a_hundred_thousand_points_survive_and_every_point_was_recorded(log, seed):
    x, y = np.arange(1, 100_001, dtype=float), spiky(seed=seed)
    few = kept(x, y, log=log)
    assert len(few) <= MAX_DRAWN_POINTS
    assert (y[few].min(), y[few].max()) == (y.min(), y.max())
    assert np.all(np.diff(few) > 0), "in order, none twice"
    assert (few[0], few[-1]) == (0, len(x) - 1)


@pytest.mark.parametrize("log", [False, True])
def test_every_stretch_of_the_screen_keeps_its_own_extremes(log):
    x, y = np.arange(1, 100_001, dtype=float), spiky()
    few = kept(x, y, log=log)
    edges = np.geomspace(1, 100_000, 101) if log else np.linspace(1, 100_000, 101)
    stretch = np.digitize(x, edges[1:-1])
    for place in range(100):
        whole, drawn = y[stretch == place], y[few][stretch[few] == place]
        if len(whole) > 500:
            # A hundredth of the screen is five stretches of the four points that each of them keeps.
            assert drawn.max() == pytest.approx(whole.max(), abs=1e-3) or drawn.max() > np.quantile(
                whole, 0.99
            )
            assert drawn.min() <= np.quantile(whole, 0.05)


def test_on_a_logarithmic_axis_the_first_points_have_the_most_room():
    few = kept(np.arange(1.0, 100_001), spiky(), log=True)
    assert few[:40].tolist() == list(range(40))


def test_few_points_are_all_kept():
    assert kept(np.arange(10.0), spiky(10)).tolist() == list(range(10))
    assert len(kept(np.empty(0), np.empty(0))) == 0


def test_points_at_one_place_keep_the_first_lowest_highest_and_last():
    y = spiky(5000)
    few = kept(np.zeros(5000), y)
    assert len(few) <= MAX_DRAWN_POINTS
    assert {0, int(y.argmin()), int(y.argmax()), 4999} <= set(few.tolist())


def test_steps_and_jumps_of_x_are_drawn_with_their_extremes():
    """Seconds stand still while a clock is coarse, and leap while a machine sleeps."""
    y = spiky(50_000)
    standing, tiny = np.zeros(49_999), np.linspace(1, 1 + 1e-15, 50_000)
    for x in (
        np.repeat(np.arange(50.0), 1000),
        np.r_[standing, 1],
        np.r_[-5, standing],
        np.r_[standing, 5e-324],
        tiny,
    ):
        few = kept(x, y)
        assert len(few) <= MAX_DRAWN_POINTS
        assert (y[few].min(), y[few].max()) == (y.min(), y.max())


def test_a_clock_that_runs_backwards_is_drawn_all_the_same():
    y = spiky(50_000)
    for x in (np.arange(50_000.0)[::-1], np.random.default_rng(1).random(50_000)):
        few = kept(x, y)
        assert len(few) <= MAX_DRAWN_POINTS
        assert (y[few].min(), y[few].max()) == (y.min(), y.max())


@pytest.mark.parametrize("log", [False, True])
def test_what_is_not_finite_is_left_out_of_many_points(log):
    x, y = np.arange(1, 10_001, dtype=float), spiky(10_000)
    x[10:20], y[100:5000], y[9000] = np.nan, np.nan, np.inf
    few = kept(x, y, log=log)
    drawn = np.isfinite(x) & np.isfinite(y)
    assert drawn[few].all()
    assert (y[few].min(), y[few].max()) == (y[drawn].min(), y[drawn].max())
    assert len(kept(x, np.full(10_000, np.nan))) == 0


def updates_of(run, losses):
    plan = run.plan
    sizes = np.full(len(losses), plan.first.batch_size)
    columns = {
        "loss": losses,
        "metric": losses,
        "batch_size": sizes,
        "learning_rate": np.full(len(losses), 1e-3),
    }
    return {name: np.asarray(columns[name], np.float32) for name in SERIES["updates"].names}


@pytest.mark.parametrize("unit", ["epochs", "updates", "examples", "seconds"])
def test_the_noise_of_a_long_run_is_drawn_with_its_extremes(unit):
    run, epochs = made(RunSpec(batch_size=1, budget=125), np.ones(126))
    losses = spiky().astype(np.float32)
    losses[777] = np.nan
    updates = updates_of(run, losses)
    x, y = update_points(run, updates, epochs, unit)
    assert 1500 < len(x) <= MAX_DRAWN_POINTS
    assert (y.min(), y.max()) == (np.nanmin(losses), np.nanmax(losses))
    assert set(y) <= set(losses[np.isfinite(losses)].astype(np.float64))
    per_update = {"epochs": 1 / 800, "updates": 1, "examples": 1, "seconds": 1 / 800}[unit]
    row = np.round(x / per_update).astype(int) - 1
    assert y == pytest.approx(losses[row]), "each value stands where it was recorded"


def test_noise_ends_where_the_curves_are_cut():
    run, epochs = made(RunSpec(batch_size=100, budget=2), [1, 1, 1])
    x, _ = update_points(
        run, updates_of(run, np.arange(16.0)), epochs, "epochs", until=Truncation("updates", 10)
    )
    assert x == pytest.approx(np.arange(1, 11) / 8)


def test_a_ragged_last_batch_keeps_epochs_in_step():
    run, epochs = made(RunSpec(batch_size=500, budget=2), [1, 1, 1])
    updates = updates_of(run, np.arange(4.0))
    updates["batch_size"] = np.array([500, 300, 500, 300], np.float32)
    x, _ = update_points(run, updates, epochs, "epochs")
    assert x.tolist() == [0.625, 1, 1.625, 2]
