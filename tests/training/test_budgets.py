"""Budgets, schedules, rules, stops and reports: training ends where the plan says it will."""

import time

import keras
import numpy as np
import pytest

from batchviz.errors import BatchVizError, DataError
from batchviz.records import Status
from batchviz.spec import RunSpec
from batchviz.training import fit, record, run_spec

TINY = {"rows": 50, "hidden": (3,), "optimizer": "sgd", "validation_split": 0.2}


@pytest.mark.parametrize(
    "given",
    [
        {"budget_unit": "epochs", "budget": 2},
        {"budget_unit": "updates", "budget": 1},
        {"budget_unit": "updates", "budget": 7},
        {"budget_unit": "examples", "budget": 1},
        {"budget_unit": "examples", "budget": 95},
        {"budget_unit": "examples", "budget": 80},
        {"accumulation": 3, "budget": 2},
        {"accumulation": 3, "budget_unit": "updates", "budget": 4},
        {"accumulation": 3, "budget_unit": "examples", "budget": 70},
        {"batch_size": "full", "budget": 3},
        {"batch_size": 1000, "budget": 3},
        {"batch_size": 1, "budget": 2},
        {"batch_schedule": ((2, 20), (4, "full")), "budget": 5},
        {"batch_schedule": ((2, 20),), "budget_unit": "updates", "budget": 8},
        {"batch_schedule": ((3, 2),), "budget_unit": "examples", "budget": 100},
        {"validation_split": 0.0, "budget": 2},
    ],
    ids=str,
)
def test_a_run_takes_the_updates_that_its_plan_announces(given):
    spec = RunSpec.parse({**TINY, "batch_size": 7, **given})
    recording = record(spec)
    assert recording.status is Status.DONE, recording.reason
    assert recording.progress.updates == spec.plan.updates == len(recording.updates["loss"])
    if spec.budget_unit == "examples":
        assert recording.progress.examples >= spec.budget
        assert recording.progress.examples - recording.updates["batch_size"][-1] < spec.budget
    if spec.budget_unit == "epochs":
        assert recording.progress.examples == spec.budget * spec.plan.training_rows
        assert len(recording.epochs["loss"]) == spec.budget
    assert recording.updates["batch_size"].sum() == recording.progress.examples


def test_a_budget_of_seconds_is_kept():
    spec = RunSpec.parse({**TINY, "batch_size": 4, "budget_unit": "seconds", "budget": 0.6})
    recording = record(spec)
    assert recording.status is Status.DONE
    assert 0.6 <= recording.progress.seconds < 1.2


def test_a_schedule_grows_and_shrinks_the_batch():
    spec = RunSpec.parse({**TINY, "batch_size": 10, "batch_schedule": ((2, 40), (3, 4)), "budget": 3})
    sizes = record(spec).updates["batch_size"].tolist()
    assert sizes == [10] * 4 + [40] + [4] * 10


@pytest.mark.parametrize(("rule", "factor"), [("fixed", 1.0), ("linear", 2.5), ("sqrt", 2.5**0.5)])
def test_the_learning_rate_follows_the_batch_by_its_rule(rule, factor):
    given = {
        "learning_rate_rule": rule,
        "base_batch_size": 8,
        "batch_size": 20,
        "learning_rate": 0.01,
        "budget": 1,
    }
    rates = record(RunSpec.parse({**TINY, **given})).updates["learning_rate"]
    np.testing.assert_allclose(rates, 0.01 * factor, rtol=1e-6)


def test_a_schedule_moves_the_learning_rate_of_the_rule():
    given = {"learning_rate_rule": "linear", "base_batch_size": 10, "batch_schedule": ((2, 40),), "budget": 2}
    rates = record(RunSpec.parse({**TINY, "batch_size": 10, "learning_rate": 0.01, **given})).updates[
        "learning_rate"
    ]
    np.testing.assert_allclose(rates, [0.01] * 4 + [0.04], rtol=1e-6)


def test_a_loss_that_is_not_finite_stops_the_run_at_once_and_keeps_its_curves():
    given = {**TINY, "dataset": "teacher", "batch_size": 4, "learning_rate": 900, "budget": 50}
    outcome = run_spec(RunSpec.parse(given))
    recording = record(RunSpec.parse(given))
    losses = recording.updates["loss"]
    assert outcome.status is recording.status is Status.DIVERGED
    assert "no longer a finite number" in outcome.reason
    assert np.isfinite(losses[:-1]).all()
    assert not np.isfinite(losses[-1])
    assert 0 < len(losses) < 500


def test_a_loss_that_ends_far_above_its_start_has_diverged():
    x = np.ones((8, 1), np.float32)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(1.1), loss="mse")
    model.set_weights([np.array([[2.0]], np.float32)])
    # The error is multiplied by 1 - 2 * 1.1 = -1.2 an update, the loss by 1.44.
    assert fit(model, x, x, batch_size="full", epochs=1).status is Status.DONE
    model.set_weights([np.array([[2.0]], np.float32)])
    run = fit(model, x, x, batch_size="full", epochs=2)
    assert run.train_loss == pytest.approx([1.44, 1.44**2], rel=1e-5)
    assert run.status is Status.DIVERGED
    assert "1.5 times" in run.reason


LONG = {"dataset": "teacher", "rows": 100_000, "hidden": (64, 64), "batch_size": 1, "budget_unit": "seconds"}


def test_a_long_epoch_can_be_stopped_and_reports_several_times():
    reports, asked = [], []

    def should_stop():
        asked.append(time.monotonic())
        return len(reports) >= 4

    started = time.monotonic()
    recording = record(
        RunSpec.parse({**LONG, "budget": 60}),
        report=lambda recording: reports.append((time.monotonic(), recording.progress.epochs)),
        should_stop=should_stop,
    )
    assert recording.status is Status.STOPPED
    assert recording.progress.epochs < 1
    assert len({epochs for _, epochs in reports}) >= 3, "within one epoch"
    assert max(np.diff(asked)) < 1.5, "about .15 seconds each, on a machine that is not busy"
    assert time.monotonic() - started < 40
    assert len(recording.updates["loss"]) == recording.progress.updates


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"batch_size": 0}, "batch_size=0"),
        ({"batch_size": 2.5}, "whole number"),
        ({"epochs": 0}, "epochs=0"),
        ({"epochs": None}, "never end"),
        ({"accumulation": 0}, "accumulation=0"),
        ({"seconds": -1}, "seconds=-1"),
        ({"validation_split": 0.999}, "leaves 0 for training"),
        ({"validation_split": 1e-17}, "0 for validation"),
    ],
    ids=str,
)
def test_nonsense_is_refused_in_words(given, match):
    x = np.ones((8, 1), np.float32)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises((BatchVizError, DataError), match=match):
        fit(model, x, x, **given)
