"""`fit` is Keras' `fit`: asked of every loss, metric, optimiser and layer that Keras exports, found by walking it."""

import inspect

import keras
import numpy as np
import pytest

from batchviz.training.optimizer_step import SINGLE_OPS
from tests.training.contract import ROWS, CannotBuild, assert_contract, built, exported

RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=(ROWS, 6)).astype("float32")
LABELS = np.arange(ROWS) % 3
TARGETS = {
    "yes or no": ((LABELS > 1).astype("float32")[:, None], ("sigmoid", 1)),
    "classes": (np.eye(3, dtype="float32")[LABELS], ("softmax", 3)),
    "labels": (LABELS, ("softmax", 3)),
    "numbers": (np.abs(RANDOM.normal(size=(ROWS, 3))).astype("float32"), ("softplus", 3)),
}
"""Kind of target -> y, and the output layer that predicts it."""


OF_LABELS = {"Circle", "CategoricalGeneralizedCrossEntropy"}
"""Losses of class numbers, which their names do not tell."""


def kinds_for(name):
    """The kinds of target to try, the likeliest by the class's name first."""
    sparse, classes = (
        name.startswith("Sparse") or name in OF_LABELS,
        "Categorical" in name or "OneHot" in name,
    )
    first = "labels" if sparse else "classes" if classes or "F1" in name or "FBeta" in name else "yes or no"
    return sorted(TARGETS, key=lambda kind: kind != first)


def target_of(kind, name, make):
    """The first kind of target that a loss or metric gives a finite number for."""
    for target in kinds_for(name):
        y, (activation, width) = TARGETS[target]
        prediction = keras.activations.get(activation)(keras.ops.convert_to_tensor(X[:, :width]))
        try:
            value = np.asarray(make()(y, prediction))
        except Exception:
            continue
        if value.shape == () and np.isfinite(value):
            return target
    raise CannotBuild(kind, name)


def network(target, *, optimizer="sgd", **compiled):
    activation, width = TARGETS[target][1]
    layers = [
        keras.Input((6,)),
        keras.layers.Dense(4, activation="tanh"),
        keras.layers.Dense(width, activation=activation),
    ]
    model = keras.Sequential(layers)
    model.compile(optimizer, **compiled)
    return model


# Losses and optimisers: each loss with the next optimiser, so that both are walked through once.

OPTIMIZERS = exported(keras.optimizers, keras.optimizers.Optimizer)
OPTIMIZER_ARGUMENTS = {
    "inner_optimizer": lambda: keras.optimizers.SGD(0.01),
    "optimizer_map": lambda: keras.optimizers.OptimizerMap(
        keras.optimizers.SGD(0.01), {".*bias": keras.optimizers.Adam()}
    ),
}
LOSSES = exported(keras.losses, keras.losses.Loss)
OPTIONS = {
    "use_ema": True,
    "ema_momentum": 0.6,
    "ema_overwrite_frequency": 4,
    "clipnorm": 0.1,
    "weight_decay": 0.01,
}


def optimizer(name, **options):
    cls, given = OPTIMIZERS[name], {k: make() for k, make in OPTIMIZER_ARGUMENTS.items()}
    needed = {k: v for k, v in given.items() if k in inspect.signature(cls.__init__).parameters}
    try:
        return cls(**needed, **options)
    except (TypeError, ValueError):
        raise CannotBuild("optimizers", name) from None


PAIRS = [
    (sorted(LOSSES)[n % len(LOSSES)], sorted(OPTIMIZERS)[n % len(OPTIMIZERS)], n < len(OPTIMIZERS))
    for n in range(max(len(LOSSES), len(OPTIMIZERS)))
]


def options_of(name):
    """Averages, clipping and decay, for an optimiser that takes them itself."""
    taken = inspect.signature(OPTIMIZERS[name].__init__).parameters
    return {} if {"inner_optimizer", "optimizer_map"} & set(taken) else OPTIONS


@pytest.mark.parametrize(("loss", "by", "full"), PAIRS, ids=[f"{loss} by {by}" for loss, by, _ in PAIRS])
def test_every_loss_and_every_optimiser_with_averages_clipping_and_decay(loss, by, full):
    target = "labels" if loss == "CTC" else target_of("losses", loss, LOSSES[loss])
    options = options_of(by) if full else {}

    metrics = [] if target == "labels" else ["mae"]

    def make():
        if loss == "CTC":
            return sequences(optimizer(by, **options))
        return network(target, optimizer=optimizer(by, **options), loss=LOSSES[loss](), metrics=metrics)

    y = np.stack([LABELS % 2 + 1, LABELS % 3], axis=1) if loss == "CTC" else TARGETS[target][0]
    assert assert_contract(make, X, y) == ""


def sequences(by):
    """A model that gives scores of 4 signs at 6 times, as CTC compares them with a text."""
    made = keras.Sequential([keras.Input((6,)), keras.layers.Reshape((6, 1)), keras.layers.Dense(4)])
    made.compile(by, loss=keras.losses.CTC())
    return made


@pytest.mark.parametrize("name", [cls.__name__ for cls in SINGLE_OPS])
def test_every_optimiser_that_we_write_out(name):
    make = lambda: network("numbers", optimizer=optimizer(name), loss="mse")  # noqa: E731
    assert assert_contract(make, X, TARGETS["numbers"][0]) == ""


# Metrics: those of one kind of target together, means over examples apart from the others, which take another path.

METRICS = exported(keras.metrics, keras.metrics.Metric)
OF_VALUES = {"Mean", "Sum"}
"""Metrics of values, not of targets and predictions: Keras' compile cannot use them either."""
METRIC_ARGUMENTS = {
    "num_classes": 3,
    "target_class_ids": [0, 1],
    "fn": keras.losses.mean_squared_error,
    **dict.fromkeys(("recall", "precision", "specificity", "sensitivity"), 0.5),
}
ONE_NUMBER = {"F1Score": {"average": "macro"}, "FBetaScore": {"average": "micro"}}


def metric(name):
    if name in ONE_NUMBER:
        return METRICS[name](**ONE_NUMBER[name])
    found = built("metrics", METRICS[name], METRIC_ARGUMENTS)
    found.name = name.lower()  # Keras counts the names it gives itself
    return found


def metric_groups():
    groups = {}
    for name, cls in METRICS.items():
        if name in OF_VALUES:
            continue
        target = target_of("metrics", name, lambda name=name: metric(name))
        means = issubclass(cls, keras.metrics.MeanMetricWrapper)
        groups.setdefault((target, "means" if means else "others"), []).append(name)
    return groups


@pytest.fixture(scope="module")
def groups_of_metrics():
    return metric_groups()


@pytest.mark.parametrize("kind", ["means", "others"])
@pytest.mark.parametrize("target", TARGETS)
def test_every_metric(groups_of_metrics, target, kind):
    names = groups_of_metrics.get((target, kind), [])
    loss = {"labels": "sparse_categorical_crossentropy"}.get(target, "mse")
    make = lambda: network(target, loss=loss, metrics=[metric(name) for name in names])  # noqa: E731
    assert names or (target, kind) not in groups_of_metrics
    if names:
        assert assert_contract(make, X, TARGETS[target][0]) == ""


@pytest.mark.parametrize("name", sorted(OF_VALUES))
def test_a_metric_of_values_is_refused_as_in_keras(name):
    make = lambda: network("numbers", loss="mse", metrics=[metric(name)])  # noqa: E731
    y = TARGETS["numbers"][0]
    assert "sample_weight" in assert_contract(make, X, y) or "argument" in assert_contract(make, X, y)
    with pytest.raises((TypeError, ValueError)):
        make().fit(X, y, verbose=0)
