"""Runs trained together against the same runs alone, and against Keras' own `fit`."""

from __future__ import annotations

import numpy as np
import pytest

from batchviz.experiment import datasets, optimizers, replica_groups
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Status
from batchviz.experiment.replica_groups import groups
from batchviz.experiment.spec import RunSpec
from batchviz.training import record, replicas
from batchviz.training.reports import final_values
from batchviz.training.run import cached_model
from tests.training.keras_fit import keras_history

RATES = (0.001, 0.01)


def specs(seeds=(0, 1), rates=RATES, **fields):
    fields = {"rows": 110, "batch_size": 16, "budget": 3} | fields
    return [RunSpec.parse(fields | {"seed": s, "learning_rate": r}) for s in seeds for r in rates]


def assert_close(ours, theirs, tolerance=1e-5):
    """Within so much of the largest value of the column: single values may come near zero."""
    assert len(ours) == len(theirs)
    size = np.max(np.abs(theirs), initial=0.0)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * size)


def assert_recorded_alike(together, alone):
    assert (together.status, together.reason) == (alone.status, alone.reason)
    assert list(together.history) == list(alone.history)
    assert together.epoch == alone.epoch
    for name, values in alone.history.items():
        assert_close(together.history[name], values)
    for name, values in alone.updates.items():
        assert_close(together.updates[name], values)
    for kind in ("epochs", "measured"):
        ours, theirs = getattr(together, kind), getattr(alone, kind)
        assert list(ours) == list(theirs)
        for name in theirs:
            if name != "seconds":
                assert_close(ours[name], theirs[name])
    for name, value in alone.initial.items():
        assert_close([together.initial[name]], [value])
    ours, theirs = together.progress, alone.progress
    assert (ours.updates, ours.examples, ours.epochs) == (theirs.updates, theirs.examples, theirs.epochs)


@pytest.mark.parametrize("dataset", ["random", "digits"])  # mean squared error, cross-entropy
@pytest.mark.parametrize("optimizer", optimizers.OPTIMIZERS)
def test_together_they_are_recorded_as_alone(optimizer, dataset):
    group = specs(optimizer=optimizer, dataset=dataset)
    assert groups(group) == [group]
    for spec, together in zip(group, replicas.record_replicas(group, measure_at=(3,)), strict=True):
        assert_recorded_alike(together, record(spec, measure_at=(3,)))


@pytest.mark.parametrize(
    "fields",
    [
        {"budget_unit": "updates", "budget": 9},
        {"budget_unit": "examples", "budget": 130},
        {"batch_size": "full", "learning_rate_rule": "linear"},
        {"batch_schedule": "2:40", "validation_split": 0},
        {"hidden": "8, 5", "activation": "tanh"},
        {"hidden": ""},
    ],
)
def test_budgets_schedules_and_shapes_are_those_of_single_runs(fields):
    group = specs(**fields)
    assert groups(group) == [group]
    for spec, together in zip(group, replicas.record_replicas(group), strict=True):
        assert_recorded_alike(together, record(spec))


def test_each_equals_keras_own_fit_in_its_order():
    group = specs(seeds=(1,), budget=2)
    for spec, together in zip(group, replicas.record_replicas(group), strict=True):
        entry = cached_model(spec)
        entry.start_from(spec)
        entry.model.optimizer.learning_rate = spec.learning_rate
        x, y = datasets.load(
            spec.dataset, spec.rows, spec.noise, spec.data_seed, None, plan_for(spec).training_rows
        )
        try:
            theirs = keras_history(entry.model, x, y, batch_size=16, split=0.2, seed=spec.seed, epochs=2)
        finally:
            entry.model.run_eagerly = False
        for name, values in theirs.items():
            assert_close(together.history[name], values, 5e-5)


def test_compiled_they_are_the_same(monkeypatch):
    monkeypatch.setattr(replicas, "MIN_XLA_BATCHES", 1)
    group = specs()
    for spec, together in zip(group, replicas.record_replicas(group), strict=True):
        assert_recorded_alike(together, record(spec))


def test_an_epoch_of_many_tables_is_one_epoch(monkeypatch):
    monkeypatch.setattr(replicas, "CAPACITY", 4)
    group = specs()
    for spec, together in zip(group, replicas.record_replicas(group), strict=True):
        assert_recorded_alike(together, record(spec))


def test_one_that_diverges_ends_alone():
    group = specs(optimizer="sgd", dataset="teacher", rates=(0.01, 900.0), batch_size=4)
    together = replicas.record_replicas(group)
    assert [recording.status for recording in together] == [Status.DONE, Status.DIVERGED] * 2
    healthy = replicas.record_replicas(group[::2])
    for ours, theirs in zip(together[::2], healthy, strict=True):
        assert ours.history == theirs.history, "nothing of one enters another"
    for spec, recording in zip(group[1::2], together[1::2], strict=True):
        alone = record(spec)
        assert "no longer a finite number" in recording.reason
        assert abs(recording.progress.updates - alone.progress.updates) <= 1
        assert not np.isfinite(recording.updates["loss"][-1])
        assert np.isfinite(recording.updates["loss"][:-1]).all()


def test_one_that_is_stopped_ends_alone():
    group = specs()
    asked = []

    def should_stop(spec):
        asked.append(spec)
        return spec == group[1] and asked.count(spec) > 1

    together = replicas.record_replicas(group, should_stop)
    assert [recording.status for recording in together].count(Status.STOPPED) == 1
    assert together[1].progress.updates < plan_for(group[1]).updates
    assert_recorded_alike(together[0], record(group[0]))


def test_seconds_are_a_share_and_the_run_says_so():
    group = specs()
    recordings = replicas.record_replicas(group)
    final = final_values(recordings[0], group[0])
    assert final["trained_together"] == 4
    assert len({recording.progress.seconds for recording in recordings}) == 1
    assert "trained_together" not in final_values(replicas.record_replicas(group[:1])[0], group[0])


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "convnet", "dataset": "digits", "hidden": "4"},
        {"dropout": 0.5},
        {"batch_norm": True},
        {"accumulation": 2},
        {"budget_unit": "seconds", "budget": 0.1},
        {"hidden": "2048, 2048"},
    ],
)
def test_what_cannot_be_stacked_is_trained_alone(fields):
    group = specs(**fields)
    assert groups(group) == [[spec] for spec in group]


def test_only_seed_and_rate_may_differ_and_a_group_is_bounded(monkeypatch):
    small, large = specs(), specs(batch_size=50)
    assert groups([small[0], *large, *small[1:]]) == [small, large]
    monkeypatch.setattr(replica_groups, "MAX_STACKED_WEIGHTS", 3 * plan_for(small[0]).size.parameters)
    assert groups(small) == [small[:3], small[3:]]
