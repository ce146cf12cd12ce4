"""Weights of examples and of classes: loss, metrics and weighted metrics are those of Keras' own `fit`."""

import keras
import numpy as np
import pytest

from batchviz.errors import DataError
from batchviz.training import fit
from tests.training.keras_fit import Twins, assert_equal_histories, assert_same, keras_history, problem

X, Y = problem(rows=60)
RANDOM = np.random.default_rng(1)
WEIGHTS = RANDOM.uniform(0.1, 4, 60).astype("float32")
CLASSES = RANDOM.choice(3, 60, p=[0.7, 0.2, 0.1])
ONE_HOT = keras.utils.to_categorical(CLASSES)
HEAVY = {0: 0.5, 2: 7.0}
SPARSE = {"loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True), "metrics": ["accuracy"]}


def network(outputs=1, loss="mse", metrics=("mae",), **compiled):
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(outputs)]
    )
    model.compile("adam", loss=loss, metrics=list(metrics), **compiled)
    return model


CASES = {
    "examples": ({}, Y, {"sample_weight": WEIGHTS}),
    "examples, a column": ({}, Y, {"sample_weight": WEIGHTS[:, None].astype("float64")}),
    "whole numbers": ({}, Y, {"sample_weight": np.arange(60)}),
    "classes": ({"outputs": 3, **SPARSE}, CLASSES, {"class_weight": HEAVY}),
    "classes in a column": ({"outputs": 3, **SPARSE}, CLASSES[:, None], {"class_weight": HEAVY}),
    "classes one-hot": (
        {
            "outputs": 3,
            "loss": keras.losses.CategoricalCrossentropy(from_logits=True),
            "metrics": ["accuracy"],
        },
        ONE_HOT,
        {"class_weight": HEAVY},
    ),
    "classes of floats": ({}, np.round(np.abs(Y)), {"class_weight": {0: 3.0, 1: 0.1}}),
    "weighted metrics": ({"weighted_metrics": ["mae", "mse"]}, Y, {"sample_weight": WEIGHTS}),
    "weighted metrics, classes": (
        {"outputs": 3, **SPARSE, "weighted_metrics": ["accuracy"]},
        CLASSES,
        {"class_weight": HEAVY},
    ),
    "a mean of the weights": (
        {"loss": keras.losses.MeanSquaredError(reduction="mean_with_sample_weight")},
        Y,
        {"sample_weight": WEIGHTS},
    ),
    "a sum": (
        {"loss": keras.losses.MeanSquaredError(reduction="sum"), "metrics": []},
        Y,
        {"sample_weight": WEIGHTS},
    ),
    "no weights, weighted metrics": ({"weighted_metrics": ["mse"]}, Y, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_weighted_training_reads_as_in_keras(name):
    compiled, y, weights = CASES[name]
    arguments = {"batch_size": 16, "epochs": 2}
    ours = fit(network(**compiled), X, y, validation_split=0.3, verbose=0, **arguments, **weights)
    theirs = keras_history(network(**compiled), X, y, split=0.3, **arguments, **weights)
    assert_same(ours.history, theirs)


@pytest.fixture(scope="module")
def twins():
    return Twins(network, X, Y, WEIGHTS)


@pytest.mark.parametrize(
    ("trained", "held_out"),
    [(None, WEIGHTS[:20]), (WEIGHTS, None), (WEIGHTS, WEIGHTS[:20])],
    ids=["validation alone", "training alone", "both"],
)
def test_validation_has_weights_of_its_own(trained, held_out, twins):
    held = (X[:20] + 1, Y[:20], held_out)
    assert_equal_histories(*twins.fit(X, Y, batch_size=16, sample_weight=trained, validation_data=held))


def test_weights_go_along_under_xla_and_in_accumulation():
    plain, compiled = (
        fit(network(), X, Y, 15, 2, 0, sample_weight=WEIGHTS, compiled=way) for way in (False, True)
    )
    assert_same(plain.history, compiled.history)
    one = fit(network(metrics=[]), X, Y, 30, 2, 0, sample_weight=WEIGHTS)
    parts = fit(network(metrics=[]), X, Y, 10, 2, 0, sample_weight=WEIGHTS, accumulation=3)
    np.testing.assert_allclose(one.updates["loss"], parts.updates["loss"], rtol=1e-5)


def test_the_true_training_loss_is_weighted_as_the_running_mean_is(twins):
    run, _ = twins.fit(X, Y, batch_size=16, sample_weight=WEIGHTS)
    loss, mae = twins.models[1].evaluate(X, Y, sample_weight=WEIGHTS, verbose=0)
    assert (run.epochs["train_loss"][-1], run.epochs["train_mae"][-1]) == pytest.approx((loss, mae), rel=1e-5)


def test_a_large_model_weighs_the_rows_of_its_sample(monkeypatch, twins):
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_WORK", 1)
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_ROWS", 10)
    run, _ = twins.fit(X, Y, batch_size=16, sample_weight=WEIGHTS)
    rows = np.random.default_rng(0).permutation(60)[:10]
    loss, _ = twins.models[1].evaluate(X[rows], Y[rows], sample_weight=WEIGHTS[rows], verbose=0)
    assert run.train_loss[-1] == pytest.approx(loss, rel=1e-5)


def two_headed():
    keras.utils.set_random_seed(1)
    first = keras.Input((6,))
    outputs = {name: keras.layers.Dense(1, name=name)(first) for name in ("a", "b")}
    model = keras.Model(first, outputs)
    model.compile("sgd", loss={"a": "mse", "b": "mae"}, weighted_metrics={"a": ["mae"], "b": ["mse"]})
    return model


def test_every_target_of_several_has_its_weights():
    y = {"a": Y, "b": -Y}
    twins = Twins(two_headed, X, y, {"a": WEIGHTS, "b": WEIGHTS})
    for weights in (WEIGHTS, {"a": WEIGHTS, "b": WEIGHTS[::-1].copy()}):
        # Batches alike: run eagerly, Keras averages a_loss over examples, in its graph over batches, as we do.
        assert_equal_histories(*twins.fit(X, y, sample_weight=weights, batch_size=15, epochs=2))


@pytest.mark.parametrize("shape", [(60, 5), (60, 1), (60,)], ids=str)
def test_steps_of_a_sequence_have_weights_where_keras_takes_them(shape):
    random = np.random.default_rng(0)
    x, y = random.normal(size=(60, 5, 2)).astype("float32"), random.normal(size=(60, 5, 1)).astype("float32")

    def model():
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((5, 2)), keras.layers.Dense(1)])
        model.compile("sgd", loss="mse", metrics=["mae"])
        return model

    weights = random.uniform(0, 2, shape)
    if shape == (60,):
        with pytest.raises(DataError, match=r"shape \(60,\), which does not fit the loss"):
            fit(model(), x, y, sample_weight=weights)
    else:
        twins = Twins(model, x, y, weights.astype("float32"))
        assert_equal_histories(*twins.fit(x, y, sample_weight=weights, batch_size=16))


@pytest.mark.parametrize(
    ("y", "given", "match"),
    [
        ({"a": Y, "b": Y}, {"class_weight": HEAVY}, "class_weight is for a single target"),
        ({"a": Y, "b": Y}, {"sample_weight": {"a": WEIGHTS}}, "built otherwise than y"),
        (
            {"a": Y, "b": Y},
            {"sample_weight": np.ones((60, 2))},
            "y has several targets; expected one number a row",
        ),
        (Y, {"sample_weight": {"a": WEIGHTS, "b": WEIGHTS}}, "holds 2 arrays, and y is one"),
    ],
)
def test_weights_that_fit_no_target_are_refused(y, given, match):
    with pytest.raises(DataError, match=match):
        fit(two_headed() if isinstance(y, dict) else network(), X, y, **given)
