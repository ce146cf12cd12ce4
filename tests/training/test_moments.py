"""Measurements inside epochs: what they hold, that they change nothing, and where they are."""

import keras
import numpy as np
import pytest

from batchviz.experiment.moments import JOINED, inside_epoch, moments, of_a_race
from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.training.fit import fit
from batchviz.training.run import record
from tests.training.keras_fit import problem

AT = (1, 2, 5, 9, 12, 17)


def model(*, accuracy=False, restless=False, seed=7):
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Input((6,)), keras.layers.Dense(5, activation="tanh")]
    if restless:
        layers += [keras.layers.BatchNormalization(), keras.layers.Dropout(0.5, seed=3)]
    built = keras.Sequential([*layers, keras.layers.Dense(1)])
    # A stateful metric cannot be computed batch by batch: its epoch runs through Keras' own variables.
    metrics = [keras.metrics.RootMeanSquaredError()] if accuracy else ["mae"]
    built.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", metrics=metrics)
    return built


@pytest.mark.parametrize("batch_size", [1, 7])
def test_a_measurement_is_keras_own_evaluate_after_as_many_batches(batch_size):
    x, y = problem(40)
    found = fit(model(), x, y, batch_size=batch_size, epochs=3, validation_split=0.25, measure_at=AT)
    theirs, updates = model(), 0
    an_epoch = -(-30 // batch_size)
    expected = {}
    for epoch in range(3):
        visit = order(30, seed=0, epoch=epoch)
        for start in range(0, 30, batch_size):
            rows = visit[start : start + batch_size]
            theirs.train_on_batch(x[rows], y[rows])
            updates += 1
            if updates in AT and updates % an_epoch:
                of = [theirs.evaluate(x[part], y[part], verbose=0) for part in (slice(30), slice(30, 40))]
                expected[updates] = [*of[0], *of[1]]
    assert found.measured["updates"] == list(expected)
    assert found.measured["examples"] == [
        min(u * batch_size, u // an_epoch * 30 + u % an_epoch * batch_size) for u in expected
    ]
    columns = [found.measured[name] for name in ("train_loss", "train_mae", "val_loss", "val_mae")]
    np.testing.assert_allclose(np.transpose(columns), list(expected.values()), rtol=2e-5)
    assert np.all(np.diff(found.measured["seconds"]) > 0)


@pytest.mark.parametrize("accuracy", [False, True])
@pytest.mark.parametrize("accumulation", [1, 3])
def test_nothing_that_is_trained_or_averaged_changes_by_it(accuracy, accumulation):
    x, y = problem(60)
    runs = []
    for at in ((), range(1, 40)):
        net = model(accuracy=accuracy, restless=True)
        recording = fit(
            net, x, y, batch_size=4, epochs=3, validation_split=0.2, measure_at=at, accumulation=accumulation
        )
        runs.append((recording, [*net.get_weights(), *(v.numpy() for v in net.optimizer.variables)]))
    (without, weights), (measured, same) = runs
    assert without.measured["updates"] == []
    assert len(measured.measured["updates"]) > 8
    assert measured.history == without.history
    for name, values in without.updates.items():
        np.testing.assert_array_equal(measured.updates[name], values)
    for one, other in zip(weights, same, strict=True):
        np.testing.assert_array_equal(one, other)


def test_of_a_compiled_run_too():
    spec = RunSpec(batch_size=1)
    assert plan_for(spec).updates == 8000, "enough for XLA"
    found, bare = record(spec), record(spec, measure_at=(1000,))
    assert found.history == bare.history
    assert 1000 in bare.measured["updates"]
    assert 1000 not in found.measured["updates"]


def test_one_example_at_a_time_is_seen_to_learn_within_the_first_epoch():
    """The straight line from 0 to update 800 stood seven times above what was recorded at update 100."""
    found = record(RunSpec(batch_size=1))
    start, end = found.initial["val_loss"], found.epochs["val_loss"][0]
    updates, losses = (np.array(found.measured[name]) for name in ("updates", "val_loss"))
    above = (start + updates / 800 * (end - start)) / losses
    at = int(above.argmax())
    assert above[at] > 5
    update = int(updates[at])
    assert update <= 250
    theirs = record(RunSpec(batch_size=1, budget_unit="updates", budget=update))
    assert found.measured["val_loss"][at] == pytest.approx(theirs.epochs["val_loss"][-1], rel=1e-5)


def test_who_chooses_so_has_none_of_them_and_the_same_epochs():
    spec = RunSpec(budget=2)
    without, measured = record(spec, measure_at=None), record(spec)
    assert not without.measured["updates"]
    assert measured.measured["updates"]
    assert without.epochs["val_loss"] == measured.epochs["val_loss"]


def test_they_are_spaced_evenly_in_log_and_none_is_at_an_epochs_end():
    for size, rows in ((1, 1000), (8, 1000), (32, 100_000), ("full", 1000)):
        plan = plan_for(RunSpec(rows=rows, batch_size=size))
        found = moments(plan)
        assert all(inside_epoch(plan, update) for update in found)
        if plan.first.updates > 10:
            assert len(found) >= 3
            ratios = np.divide([*found[1:], plan.first.updates], found)
            assert ratios.max() <= JOINED, "a line from the first of them to the epoch's end"
            assert ratios.min() >= 1.25


def test_in_a_race_every_member_has_a_line_within_its_first_epoch() -> None:
    """What a race asks for took the place of all others: sizes 32 and 128 began at their first epoch's end."""
    specs = [RunSpec.parse({"dataset": "digits", "batch_size": size}) for size in (1, 8, 32, 128)]
    for spec, asked in zip(specs, of_a_race([*specs, specs[0].replace(batch_size="full")]), strict=False):
        first = plan_for(spec).first.updates
        inside = [update for update in moments(plan_for(spec), asked) if update < first]
        assert len(inside) >= 2
        assert max(np.divide([*inside[1:], first], inside)) <= JOINED
        assert inside[0] <= 60


def test_where_few_can_be_afforded_the_line_begins_late_and_is_whole():
    """Two at 1 and 100 of 1,437 were dots, and no line before the epoch's end."""
    for size in (1, 2, 4, 8, 16, 32, 64, 128):
        plan = plan_for(RunSpec.parse({"dataset": "digits", "hidden": (64,), "batch_size": size}))
        found = moments(plan)
        assert found
        assert max(np.divide([*found[1:], plan.first.updates], found)) <= JOINED


def test_a_long_evaluation_is_made_as_rarely_as_a_tenth_of_the_time_allows():
    wide = {"hidden": (512, 512), "rows": 20_000, "batch_size": 32}
    once, often = (plan_for(RunSpec.parse({**wide, "budget": budget})) for budget in (1, 100))
    assert len(moments(once)) < len(moments(often))
    assert moments(once, [3, 5]) == (3, 5), "what is asked for is measured"


def test_members_of_a_race_are_measured_where_the_others_end():
    specs = [RunSpec(batch_size=b, seed=seed) for b in (1, 32, "full") for seed in (0, 1)]
    assert of_a_race(specs) == [(10, 250)] * 2 + [(10,)] * 2 + [()] * 2
    equal = [spec.replace(budget_unit="updates", budget=250) for spec in specs]
    # 250 examples are reached in the 8th update of 32.
    assert of_a_race(equal) == [()] * 2 + [(8,)] * 2 + [()] * 2
    assert of_a_race(specs[:1]) == [()]
    assert of_a_race(specs[:1], specs) == [(10, 250)]
