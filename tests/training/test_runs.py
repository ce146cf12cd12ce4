"""From specs to outcomes: everything the form offers trains, repeats, and leaks nothing into the next run."""

import json
import random
import subprocess
import sys
from typing import Any

import keras
import numpy as np
import pytest

from batchviz.experiment import models
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.models import ACTIVATIONS, MODELS
from batchviz.experiment.records import Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import GRAPH_FIELDS, RunSpec
from batchviz.training import record, run_spec
from batchviz.training.reports import Reporter
from batchviz.training.run import MAX_CACHED_BYTES, CachedModel, cached_model, initial_values, seeded_model

COMBINATIONS = [
    (dataset, model)
    for dataset in DATASETS
    for model in MODELS
    if DATASETS[dataset].image is not None or not MODELS[model].needs_image
]


@pytest.mark.parametrize(("dataset", "model"), COMBINATIONS)
def test_every_data_set_trains_with_every_model(dataset, model):
    given = {"dataset": dataset, "model": model, "budget": 4, "learning_rate": 0.01}
    outcome = run_spec(RunSpec.parse(given | {"rows": min(DATASETS[dataset].rows, 400)}))
    assert outcome.status is Status.DONE, outcome.reason
    recording = record(RunSpec.parse(given | {"rows": min(DATASETS[dataset].rows, 400)}))
    assert recording.train_loss[-1] < recording.initial["train_loss"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(
    "given",
    [
        {"hidden": ()},
        {"hidden": (5,)},
        {"hidden": (7, 3), "batch_norm": True},
        {"hidden": (4, 4, 4), "dropout": 0.5, "dataset": "digits"},
        {"hidden": (4, 6), "model": "convnet", "dataset": "digits"},
        {"hidden": (4,), "model": "convnet", "dataset": "digits", "batch_norm": True},
    ],
    ids=str,
)
def test_the_size_announced_is_that_of_the_keras_model(given, activation):
    spec = RunSpec.parse({**given, "activation": activation})
    size, model = models.size(spec.network), models.build(spec.network)
    assert size.parameters == sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    assert size.parameters + size.state == sum(
        int(np.prod(w.shape)) for w in model.weights if "seed" not in w.path
    )
    kinds = ("Dense", "Conv2D", "BatchNormalization", "MaxPooling2D", "AveragePooling2D")
    outputs = [
        int(np.prod(layer.output.shape[1:])) for layer in model.layers if type(layer).__name__ in kinds
    ]
    assert size.activations == sum(outputs)


SPECS = [
    {"batch_size": 8, "budget": 2, "rows": 60, "dropout": 0.3, "batch_norm": True},
    {"batch_size": 1, "budget": 2, "rows": 60, "optimizer": "momentum", "seed": 3},
    {"batch_size": 1, "budget_unit": "updates", "budget": 6500, "rows": 60},  # long enough for XLA
    {"batch_size": 4, "accumulation": 3, "budget": 2, "rows": 60, "seed": 1},
]
ALONE = """
import json, sys
from batchviz.experiment.spec import GRAPH_FIELDS, RunSpec
from batchviz.training import record
runs = [record(RunSpec.parse(given)) for given in json.loads(sys.argv[1])[:1]]
print(json.dumps([[run.updates["loss"].tolist(), run.epochs["val_loss"]] for run in runs]))
"""


def curves(given):
    run = record(RunSpec.parse(given))
    return [run.updates["loss"].tolist(), run.epochs["val_loss"]]


@pytest.mark.parametrize("given", SPECS, ids=str)
def test_a_run_repeats_bit_for_bit_whatever_ran_between(given):
    first = curves(given)
    # The same kept model, other seeds and sizes: their weights, slots, masks and gradients must not show.
    curves({**given, "seed": 99})
    curves({**given, "batch_size": 7, "learning_rate": 0.1})
    assert curves(given) == first
    assert curves({**given, "seed": 99}) != first


# Beside each field that shapes the graph: what stands with it, its value, and another one.
GRAPHS = {
    "dataset": ({"noise": 0.1}, "teacher", "friedman"),
    "model": ({"dataset": "digits", "hidden": (4,)}, "mlp", "convnet"),
    "hidden": ({}, (4,), (5,)),
    "activation": ({}, "relu", "tanh"),
    "dropout": ({}, 0.1, 0.2),
    "batch_norm": ({}, False, True),
    "optimizer": ({}, "sgd", "rmsprop"),
    "momentum": ({"optimizer": "momentum"}, 0.5, 0.6),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_runs_that_differ_in_the_graph_share_no_model(name, monkeypatch):
    beside, value, other = GRAPHS[name]
    base = {"rows": 60, "budget": 1, "hidden": (4,), **beside}
    given = [{**base, name: value}, {**base, name: other}]
    together = [curves(spec) for spec in given]
    first, second = (cached_model(RunSpec.parse(spec)) for spec in given)
    assert first is not second
    assert cached_model(RunSpec.parse({**given[0], "seed": 5, "batch_size": 8})) is first
    monkeypatch.setattr("batchviz.training.run.cached_model", lambda spec: CachedModel(spec))
    assert [curves(spec) for spec in given] == together, "each as if it had been trained alone"
    assert together[0] != together[1]


def test_every_field_of_the_graph_is_tried():
    assert set(GRAPHS) == set(GRAPH_FIELDS)


@pytest.mark.slow
def test_a_process_that_trained_other_things_gives_the_curves_of_a_fresh_one():
    given = SPECS[0]
    curves({**given, "seed": 4})
    done = subprocess.run(
        [sys.executable, "-c", ALONE, json.dumps([given])], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [curves(given)]


def test_reports_hold_every_row_once():
    reports = []
    spec = RunSpec.parse({"rows": 60, "batch_size": 4, "budget": 3})
    outcome = run_spec(spec, report=reports.append)
    updates = {c: np.concatenate([report.updates[c] for report in reports]) for c in SERIES["updates"].names}
    epochs = {c: np.concatenate([report.epochs[c] for report in reports]) for c in SERIES["epochs"].names}
    assert len(reports[0].updates["loss"]) == 0, "the state before the first update goes out at once"
    assert epochs["updates"].tolist() == [0, 12, 24, 36]
    assert np.isnan(epochs["loss"]).tolist() == [True, False, False, False]
    recording = record(spec)
    assert updates["loss"].tolist() == recording.updates["loss"].tolist()
    assert updates["metric"].tolist() == recording.updates["mae"].tolist()
    evaluated = [recording.initial["val_loss"], *recording.epochs["val_loss"]]
    assert epochs["val_loss"].tolist() == np.float32(evaluated).tolist()
    assert outcome.final["val_loss"] == recording.epochs["val_loss"][-1]
    assert reports[-1].progress.updates == outcome.progress.updates == 36


def test_updates_that_were_reported_leave_the_process(monkeypatch):
    """An hour of a small network makes millions of them: 16 bytes each, for as long as the run trains."""
    monkeypatch.setattr("batchviz.training.trainer.REPORT_SECONDS", 0.0)
    spec = RunSpec.parse({"rows": 60, "batch_size": 4, "budget": 3})
    reports, held = [], []

    def report(recording):
        reporter(recording)
        held.append(len(recording.updates["loss"]))

    reporter = Reporter(reports.append)
    reported, whole = record(spec, report=report), record(spec)
    assert len(reports) > 3, "also inside the run"
    assert set(held) == {0}
    assert sum(len(each.updates["loss"]) for each in reports) == len(whole.updates["loss"]) == 36
    assert reported.history == whole.history


@pytest.mark.parametrize(("work", "rows"), [(1e9, 48), (1000, 10)])
def test_the_outcome_says_on_how_many_training_rows_the_training_loss_was_taken(monkeypatch, work, rows):
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_WORK", work)
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_ROWS", 10)
    outcome = run_spec(RunSpec.parse({"rows": 60, "budget": 1}))
    assert outcome.final["training_rows_evaluated"] == rows


def test_without_validation_rows_nothing_is_made_up():
    reports = []
    outcome = run_spec(RunSpec.parse({"rows": 40, "budget": 1, "validation_split": 0}), report=reports.append)
    assert np.isnan(np.concatenate([report.epochs["val_loss"] for report in reports])).all()
    assert not {"val_loss", "gap", "best_val_loss"} & set(outcome.final)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"hidden": (7, 5), "batch_norm": True, "dropout": 0.2},
        {"hidden": (4, 6), "model": "convnet", "dataset": "digits", "batch_norm": True, "dropout": 0.3},
    ],
    ids=str,
)
def test_a_run_starts_where_plain_keras_does_and_leaves_pythons_own_chance_alone(given):
    spec = RunSpec.parse({**given, "seed": 71})
    random.seed(5)
    drawn = initial_values(spec)
    assert random.random() == random.Random(5).random()
    keras.utils.set_random_seed(71)
    expected = [variable.numpy() for variable in models.build(spec.network).variables]
    assert len(drawn) == len(expected) > 3
    for ours, theirs in zip(drawn, expected, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours.numpy(), theirs)


def test_what_other_threads_draw_meanwhile_changes_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a cluster's worker, or of a notebook: they share Python's own source of chance with us."""
    spec, make = RunSpec(seed=72, dropout=0.1), keras.layers.Dense.__init__

    def drawn() -> list[Any]:
        initial_values.cache.clear()  # type: ignore[attr-defined]
        models_own = [variable.numpy() for variable in seeded_model(spec).variables]
        return [*(value.numpy() for value in initial_values(spec)), *models_own]

    def after_another(layer: Any, *given: Any, **named: Any) -> None:
        random.random()
        make(layer, *given, **named)

    alone = drawn()
    monkeypatch.setattr(keras.layers.Dense, "__init__", after_another)
    for ours, theirs in zip(drawn(), alone, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_what_is_kept_between_runs_is_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    models, values = cached_model.cache, initial_values.cache  # type: ignore[attr-defined]
    wide = [RunSpec(hidden=(2000, 1500 + more), rows=64, budget=1) for more in range(4)]
    for spec in wide:  # 3 million weights, twice that of Adam: 36 MB, and 12 MB of initial weights
        for seed in (0, 1, 2):
            cached_model(spec.replace(seed=seed)).start_from(spec.replace(seed=seed))
    assert models.currsize <= models.maxsize == MAX_CACHED_BYTES
    assert values.currsize <= values.maxsize == MAX_CACHED_BYTES
    assert sum(entry.bytes for entry in models.values()) <= MAX_CACHED_BYTES
    kept = sum(tensor.numpy().nbytes for tensors in values.values() for tensor in tensors)
    assert 0 < kept == values.currsize
    models.clear()
    values.clear()
