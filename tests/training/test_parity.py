"""`fit` against Keras' own `fit`, fed the same order epoch by epoch: the independent oracle."""

import keras
import numpy as np
import pytest

from batchviz.errors import BatchVizError, DataError
from batchviz.experiment.order import order
from batchviz.training import fit
from tests.training.keras_fit import Twins, assert_same, keras_history, problem

OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05),
    "momentum": lambda: keras.optimizers.SGD(0.02, momentum=0.9),
    "nesterov": lambda: keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.001),
    "adam": lambda: keras.optimizers.Adam(0.001),
    "adamw": lambda: keras.optimizers.AdamW(0.001, weight_decay=0.01),
    "clipped": lambda: keras.optimizers.Adam(0.001, clipnorm=0.1),
    "scheduled": lambda: keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.05, 5, 0.9)),
}
EPOCHS = 2


def network(
    optimizer, *, batch_norm=False, loss="mse", metrics=("mae",), features=6, outputs=1, regularize=None
):
    keras.utils.set_random_seed(7)
    layers = [
        keras.Input((features,)),
        keras.layers.Dense(12, activation="tanh", kernel_regularizer=regularize),
    ]
    if batch_norm:
        layers.append(keras.layers.BatchNormalization())
    model = keras.Sequential([*layers, keras.layers.Dense(outputs)])
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    return model


@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch norm"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_history_equals_that_of_keras_for_every_optimizer(name, batch_norm):
    x, y = problem()
    twins = Twins(lambda: network(OPTIMIZERS[name](), batch_norm=batch_norm), x, y)
    model, theirs = twins.models
    # Batches of 15 divide the 75 training rows, so that XLA compiles once; ragged ends are further down.
    theirs = keras_history(theirs, x, y, batch_size=15, split=0.25, epochs=EPOCHS)
    for compiled in (False, True):
        twins.start_over()
        arguments = {"batch_size": 15, "epochs": EPOCHS, "validation_split": 0.25, "compiled": compiled}
        ours = fit(model, x, y, **arguments, loop=twins.loop)
        assert_same(ours.history, theirs, rtol=2e-4 if batch_norm else 5e-5)


@pytest.fixture(scope="module")
def twins():
    return Twins(lambda: network("sgd"), *problem(rows=41))


@pytest.mark.parametrize("batch_size", [1, 7, 16, 1000])
@pytest.mark.parametrize("split", [0.0, 0.1, 0.37])
def test_partial_batches_and_splits_are_those_of_keras(batch_size, split, twins):
    x, y = problem(rows=41)
    twins.start_over()
    model, theirs = twins.models
    arguments = {"batch_size": batch_size, "epochs": EPOCHS, "seed": 5}
    ours = fit(model, x, y, **arguments, validation_split=split, loop=twins.loop)
    theirs = keras_history(theirs, x, y, **arguments, split=split)
    assert_same(ours.history, theirs)
    training = {0.0: 41, 0.1: 36, 0.37: 25}[split]
    assert len(ours.updates["loss"]) == EPOCHS * -(-training // batch_size)


def test_full_is_one_batch_of_every_training_row():
    x, y = problem()
    ours = fit(network("adam"), x, y, batch_size="full", epochs=EPOCHS, validation_split=0.2)
    assert_same(ours.history, keras_history(network("adam"), x, y, batch_size=80, split=0.2, epochs=EPOCHS))
    assert ours.updates["batch_size"].tolist() == [80] * EPOCHS


def test_batch_norm_moves_its_averages_as_in_keras():
    x, y = problem()
    ours, theirs = network("adam", batch_norm=True), network("adam", batch_norm=True)
    fit(ours, x, y, batch_size=16, epochs=EPOCHS, validation_split=0.25)
    keras_history(theirs, x, y, batch_size=16, split=0.25, epochs=EPOCHS)
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=2e-3, atol=2e-5)


def test_the_trained_weights_are_those_of_keras():
    x, y = problem()
    ours, theirs = network("sgd"), network("sgd")
    fit(ours, x, y, batch_size=16, epochs=EPOCHS)
    keras_history(theirs, x, y, batch_size=16, split=0, epochs=EPOCHS)
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-6)


def root_mean_squared(y, prediction):
    return keras.ops.sqrt(keras.ops.mean(keras.ops.square(y - prediction)))


@pytest.mark.parametrize(
    ("loss", "metrics"),
    [
        (root_mean_squared, ["mae"]),
        (keras.losses.Huber(delta=0.5), ["mse", "mae"]),
        (keras.losses.MeanSquaredError(reduction="sum"), []),
        ("mae", [root_mean_squared]),
        ("mse", [keras.metrics.RootMeanSquaredError()]),
    ],
    ids=["custom loss", "huber", "sum", "a metric a batch", "a metric that is no mean"],
)
def test_any_loss_and_metric_reads_as_in_keras(loss, metrics):
    x, y = problem()
    arguments = {"loss": loss, "metrics": metrics}
    ours = fit(network("adam", **arguments), x, y, batch_size=16, epochs=EPOCHS, validation_split=0.3)
    model = network("adam", **arguments)
    # Keras 3.15 counts the first epoch of a metric that is not yet built wrongly (its RMSE is not the root of its
    # MSE); evaluating once builds it.
    model.evaluate(x[:4], y[:4], verbose=0)
    assert_same(ours.history, keras_history(model, x, y, batch_size=16, split=0.3, epochs=EPOCHS))


def test_regularisation_is_part_of_the_loss():
    x, y = problem()
    build = lambda: network("sgd", regularize=keras.regularizers.L2(0.1))  # noqa: E731
    ours = fit(build(), x, y, batch_size=16, epochs=EPOCHS, validation_split=0.25)
    assert_same(ours.history, keras_history(build(), x, y, batch_size=16, split=0.25, epochs=EPOCHS))


def test_classification_reads_as_in_keras():
    random = np.random.default_rng(0)
    x = random.normal(size=(120, 6)).astype("float32")
    y = random.integers(0, 4, 120)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    build = lambda: network("adam", loss=loss, metrics=["accuracy"], outputs=4)  # noqa: E731
    theirs = keras_history(build(), x, y, batch_size=16, split=0.25, epochs=EPOCHS)
    for compiled in (False, True):
        ours = fit(build(), x, y, batch_size=16, epochs=EPOCHS, validation_split=0.25, compiled=compiled)
        assert_same(ours.history, theirs)


def test_a_convolutional_network_trains_as_in_keras():
    def build():
        keras.utils.set_random_seed(7)
        layers = keras.layers
        model = keras.Sequential(
            [keras.Input((6,)), layers.Reshape((3, 2, 1)), layers.Conv2D(4, 2), layers.ReLU()]
        )
        model.add(layers.Flatten())
        model.add(layers.Dense(1))
        model.compile("adam", loss="mse", metrics=["mae"])
        return model

    x, y = problem()
    ours = fit(build(), x, y, batch_size=16, epochs=EPOCHS, validation_split=0.25)
    assert_same(ours.history, keras_history(build(), x, y, batch_size=16, split=0.25, epochs=EPOCHS))


def test_a_model_of_several_inputs_and_outputs_trains_as_in_keras():
    def build():
        keras.utils.set_random_seed(1)
        left, right = keras.Input((4,), name="left"), keras.Input((2,), name="right")
        joined = keras.layers.Dense(8, activation="tanh")(keras.layers.Concatenate()([left, right]))
        outputs = {"a": keras.layers.Dense(1, name="a")(joined), "b": keras.layers.Dense(1, name="b")(joined)}
        model = keras.Model({"left": left, "right": right}, outputs)
        model.compile("sgd", loss={"a": "mse", "b": "mae"}, metrics={"a": ["mae"]})
        return model

    x, y = problem(rows=64)
    inputs, targets = {"left": x[:, :4], "right": x[:, 4:]}, {"a": y, "b": -y}
    ours = fit(build(), inputs, targets, batch_size=16, epochs=2)
    model, history = build(), {}
    model.run_eagerly = True
    for epoch in range(2):
        visit = order(64, seed=0, epoch=epoch)
        part = lambda nest, visit=visit: {name: values[visit] for name, values in nest.items()}  # noqa: E731
        step = model.fit(part(inputs), part(targets), batch_size=16, shuffle=False, verbose=0)
        for name, values in step.history.items():
            history.setdefault(name, []).extend(values)
    assert_same(ours.history, history)


def test_dropout_drops_at_training_and_not_at_evaluation():
    x, y = problem()
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), loss="mse")
    run = fit(model, x, y, batch_size="full", epochs=3)
    assert len(set(run.history["loss"])) == 3, "a fresh mask at every update"
    assert run.epochs["train_loss"] == pytest.approx([run.initial["train_loss"]] * 3, rel=1e-6)


def test_before_the_first_update_is_keras_evaluate():
    x, y = problem()
    model = network("adam")
    before = model.evaluate(x, y, verbose=0, return_dict=True)
    run = fit(model, x, y, epochs=1)
    assert run.initial["train_loss"] == pytest.approx(before["loss"], rel=1e-5)
    assert run.initial["train_mae"] == pytest.approx(before["mae"], rel=1e-5)


def test_the_true_training_loss_is_keras_evaluate_after_the_epoch():
    x, y = problem()
    model = network("adam")
    run = fit(model, x, y, epochs=2, validation_split=0.2)
    assert run.train_loss[-1] == pytest.approx(model.evaluate(x[:80], y[:80], verbose=0)[0], rel=1e-5)
    assert run.train_loss[-1] != pytest.approx(run.history["loss"][-1], rel=1e-3)


def test_a_large_model_takes_its_true_training_loss_from_a_fixed_random_sample(monkeypatch):
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_WORK", 1000)
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_ROWS", 10)
    x, y = problem()
    model = network("adam")
    run = fit(model, x, y, epochs=2, validation_split=0.2, seed=3)
    chosen = np.random.default_rng(3).permutation(80)[:10]
    assert run.train_loss[-1] == pytest.approx(model.evaluate(x[chosen], y[chosen], verbose=0)[0], rel=1e-5)
    assert (run.training_rows_evaluated, run.training_rows) == (10, 80)


def test_models_that_keras_trains_in_their_own_way_are_refused():
    class Own(keras.Model):
        def train_step(self, data):
            return {}

    model = Own()
    model.compile("sgd", "mse")
    with pytest.raises(BatchVizError, match="train_step"):
        fit(model, *problem())
    with pytest.raises(BatchVizError, match=r"model\.compile"):
        fit(keras.Sequential([keras.layers.Dense(1)]), *problem())


def test_values_that_are_not_finite_are_named():
    x, y = problem()
    x[17, 2] = np.nan
    with pytest.raises(DataError, match=r"x holds 1 values .* row 17"):
        fit(network("sgd"), x, y)
