"""Budgets, schedules, rules, stops and reports: training ends where the plan says it will."""

from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from batchviz.errors import BatchVizError
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.training import fit, record, run_spec
from batchviz.training.evaluation import Evaluator
from batchviz.training.loop import Loop

NAN, INFINITY = float("nan"), float("inf")
ONES = np.ones((8, 1), np.float32)
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
    assert recording.progress.updates == plan_for(spec).updates == len(recording.updates["loss"])
    if spec.budget_unit == "examples":
        assert recording.progress.examples >= spec.budget
        assert recording.progress.examples - recording.updates["batch_size"][-1] < spec.budget
    if spec.budget_unit == "epochs":
        assert recording.progress.examples == spec.budget * plan_for(spec).training_rows
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


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only while a loop trains, a hundredth of a second a batch; the calls into it are kept."""
    clock = SimpleNamespace(now=0.0, calls=[])
    train = Loop.train

    def timed(loop, *arrays, start, stop, **others):
        measured = train(loop, *arrays, start=start, stop=stop, **others)
        if stop > start:
            clock.calls.append(stop - start)
            clock.now += 0.01 * (stop - start)
        return replace(measured, seconds=0.01 * (stop - start))

    monkeypatch.setattr(Loop, "train", timed)
    # A measurement inside an epoch ends a call as well: what budget and time alone decide is looked at here.
    monkeypatch.setattr("batchviz.training.run.moments", lambda plan, asked: ())
    monkeypatch.setattr("batchviz.training.trainer.time", SimpleNamespace(perf_counter=lambda: clock.now))
    return clock


def test_a_long_epoch_reports_and_hears_a_stop_several_times_a_second(clock):
    reports, asked = [], []

    def should_stop():
        asked.append(clock.now)
        return len(clock.calls) > 40

    recording = record(
        RunSpec.parse({"rows": 20_000, "batch_size": 1, "budget": 1}),
        report=lambda recording: reports.append((clock.now, recording.progress.updates)),
        should_stop=should_stop,
    )
    assert recording.status is Status.STOPPED
    assert recording.progress.epochs < 1
    assert recording.progress.updates == len(recording.updates["loss"]) == sum(clock.calls)
    first, *others = clock.calls
    assert first > 1000, "the guess for a network as small as this: its first run is no slower than the next"
    assert others == [15] * 40, "0.15 seconds each, as measured"
    assert len(asked) == len(clock.calls), "a stop is heard after every call"
    before, *later = sorted(dict(reports))[1:]
    assert before == pytest.approx(0.01 * first)
    assert np.diff([before, *later]) == pytest.approx([0.3] * 20), "a report where 0.2 seconds have passed"
    assert dict(reports)[clock.now] == recording.progress.updates


def test_what_a_model_is_slower_than_its_weights_tell_is_found_out_by_one_update(clock):
    given = {"dataset": "digits", "model": "convnet", "rows": 600, "batch_size": 8, "hidden": (4,)}
    recording = record(RunSpec.parse({**given, "budget": 2, "batch_schedule": ((2, 16),)}))
    assert clock.calls == [1, *[15] * 3, 14, 1, *[15], 14]
    assert recording.status is Status.DONE


def test_time_that_is_up_ends_a_long_epoch_at_once(clock):
    x = np.ones((20_000, 1), np.float32)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", loss="mse")
    run = fit(model, x, x, batch_size=1, epochs=None, seconds=0.02, verbose=0)
    assert len(clock.calls) == 1, "the guess was too quick a hundredfold, and nothing followed"
    clock.calls.clear()
    run = fit(model, x, x, batch_size=1, epochs=None, seconds=60, verbose=0)
    assert 60 <= run.progress.seconds < 60.15
    assert run.status is Status.DONE


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"batch_size": 0}, 'batch_size=0; expected a whole number from 1 on, or "full"'),
        ({"batch_size": -4}, "batch_size=-4"),
        ({"batch_size": 2.5}, "whole number"),
        ({"batch_size": INFINITY}, "batch_size=inf; expected a whole number"),
        ({"batch_size": NAN}, "batch_size=nan"),
        ({"batch_size": True}, "batch_size=True"),
        ({"batch_size": "half"}, "batch_size='half'"),
        ({"batch_schedule": [(2, 0)]}, "batch_size=0"),
        ({"batch_schedule": [(0, 2)]}, "epoch of batch_schedule=0"),
        ({"epochs": 0}, "epochs=0"),
        ({"epochs": INFINITY}, "epochs=inf; expected a whole number"),
        ({"epochs": NAN}, "epochs=nan"),
        ({"epochs": 1.5}, "epochs=1.5"),
        ({"updates": INFINITY}, "updates=inf"),
        ({"examples": -INFINITY}, "examples=-inf"),
        ({"accumulation": 0}, "accumulation=0"),
        ({"accumulation": True}, "accumulation=True"),
        ({"accumulation": INFINITY}, "accumulation=inf"),
        ({"seconds": -1}, "seconds=-1; expected a finite number above 0"),
        ({"seconds": INFINITY, "epochs": None}, "seconds=inf"),
        ({"seed": -1}, "seed=-1; expected a whole number from 0 on"),
        ({"seed": 1.5}, "seed=1.5"),
        ({"seed": None}, "seed=None"),
        ({"validation_split": 0.999}, "leaves 0 for training"),
        ({"validation_split": 1e-17}, "0 for validation"),
        ({"validation_split": -0.1}, "validation_split=-0.1; expected a number from 0 to below 1"),
        ({"validation_split": 1}, "validation_split=1;"),
        ({"validation_split": NAN}, "validation_split=nan"),
        ({"validation_split": INFINITY}, "validation_split=inf"),
        ({"validation_split": True}, "validation_split=True"),
        ({"validation_data": ONES}, "not a pair"),
        ({"validation_data": (np.ones((8, 2)), ONES)}, r"x of validation_data has rows of shape \(2,\)"),
        ({"validation_data": (ONES, ONES[:3])}, "rows; expected the same number"),
    ],
)
def test_nonsense_is_refused_in_words(given, match):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(BatchVizError, match=match):
        fit(model, ONES, ONES, **given)


def test_whole_numbers_of_any_type_and_size_are_taken():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    numbers = {"batch_size": 2.0, "accumulation": np.int64(2), "epochs": np.float32(3), "seed": 2**70}
    assert fit(model, ONES, ONES, **numbers).progress.updates == 6
    assert fit(model, ONES, ONES, batch_size=2, accumulation=10**20, epochs=1).progress.updates == 1


def test_what_elapsed_holds_the_evaluations_and_no_compilation(monkeypatch):
    """From it a card tells what is left."""
    clock = SimpleNamespace(now=0.0)

    def takes(owner, name, seconds):
        function = getattr(owner, name)

        def timed(*arguments, **others):
            clock.now += seconds
            return function(*arguments, **others)

        monkeypatch.setattr(owner, name, timed)

    def prepare(loop, *arrays, **others):
        clock.now += 100.0
        return 100.0

    takes(Loop, "train", 1.0)
    takes(Evaluator, "measure", 3.0)
    monkeypatch.setattr(Loop, "prepare", prepare)
    monkeypatch.setattr("batchviz.training.recorder.time", SimpleNamespace(perf_counter=lambda: clock.now))
    found = []
    record(RunSpec(batch_size="full", budget=3), report=lambda recording: found.append(recording.progress))
    assert found[0].elapsed == 0
    # Three updates, and the two evaluations between them; the first of all came before.
    assert found[-1].elapsed == 3 * 1 + 2 * 3
