"""The compiled loop against arithmetic done by hand, in float64 NumPy."""

import itertools

import keras
import numpy as np
import pytest

from batchviz.experiment.order import order
from batchviz.training import fit
from batchviz.training.data import tensors
from batchviz.training.loop import Loop

OPTIMIZERS = {
    "sgd": lambda rate=0.05: keras.optimizers.SGD(rate),
    "momentum": lambda rate=0.05: keras.optimizers.SGD(rate, momentum=0.9),
    "nesterov": lambda rate=0.05: keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
    "adam": lambda rate=0.01: keras.optimizers.Adam(rate),
    "adamw": lambda rate=0.01: keras.optimizers.AdamW(rate),
    "rmsprop": lambda rate=0.01: keras.optimizers.RMSprop(rate),
}
BOTH = pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])


def linear(optimizer, start, *, loss="mse"):
    """A model of one linear unit without bias, whose weights are `start`."""
    model = keras.Sequential([keras.Input((len(start),)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer=optimizer, loss=loss)
    model.set_weights([np.array(start, np.float32)[:, None]])
    return model


def least_squares(rows=4, features=2, seed=1):
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, features))
    return x.astype(np.float32), (x @ [1.0, -2.0] + random.normal(size=rows))[:, None].astype(np.float32)


def weights_after_an_epoch(x, y, start, visit, batch_size, rate):
    """SGD on mean squared error, by hand."""
    x, y, w = x.astype(float), y[:, 0].astype(float), np.array(start, float)
    for first in range(0, len(visit), batch_size):
        batch = list(visit[first : first + batch_size])
        w = w - rate * 2 * x[batch].T @ (x[batch] @ w - y[batch]) / len(batch)
    return w


@BOTH
def test_the_mean_over_every_order_is_that_of_exact_enumeration(compiled):
    x, y = least_squares()
    start, rate, batch_size = [0.3, 0.5], 0.1, 3  # 4 rows by 3: a partial last batch in every order
    model = linear(keras.optimizers.SGD(rate), start)
    loop = Loop(model, *tensors([x, y]))
    ours, exact = [], []
    for visit in itertools.permutations(range(4)):
        model.set_weights([np.array(start, np.float32)[:, None]])
        fit(
            model,
            x[list(visit)],
            y[list(visit)],
            batch_size=batch_size,
            epochs=1,
            shuffle=False,
            compiled=compiled,
            loop=loop,
        )
        ours.append(model.get_weights()[0][:, 0])
        exact.append(weights_after_an_epoch(x, y, start, visit, batch_size, rate))
    assert np.std(exact, axis=0).min() > 1e-3, "the order matters here"
    np.testing.assert_allclose(np.mean(ours, axis=0), np.mean(exact, axis=0), rtol=1e-5)


def test_seeds_sample_the_orders_evenly():
    counts = {}
    for seed in range(2400):
        counts[tuple(order(4, seed=seed, epoch=0))] = counts.get(tuple(order(4, seed=seed, epoch=0)), 0) + 1
    assert len(counts) == 24
    assert (
        sum((count - 100) ** 2 / 100 for count in counts.values()) < 49.7
    )  # chi-squared, 23 degrees, p = .001


def test_the_order_is_that_of_numpys_generator():
    for seed, epoch in ((0, 0), (5, 3)):
        expected = np.random.default_rng([seed, epoch]).permutation(101)
        assert order(101, seed=seed, epoch=epoch).tolist() == expected.tolist()


@BOTH
def test_full_batch_descent_on_a_quadratic_has_its_closed_form(compiled):
    x, y = least_squares(rows=20)
    rate, epochs, start = 0.05, 12, np.array([2.0, 2.0])
    model = linear(keras.optimizers.SGD(rate), start)
    run = fit(model, x, y, batch_size="full", epochs=epochs, compiled=compiled)
    a, b = x.astype(float), y[:, 0].astype(float)
    best = np.linalg.lstsq(a, b, rcond=None)[0]
    values, vectors = np.linalg.eigh(2 * a.T @ a / len(a))
    shrunk = vectors @ np.diag((1 - rate * values) ** epochs) @ vectors.T
    expected = best + shrunk @ (start - best)
    np.testing.assert_allclose(model.get_weights()[0][:, 0], expected, rtol=1e-5)
    assert run.train_loss[-1] == pytest.approx(np.mean((a @ expected - b) ** 2), rel=1e-5)


@BOTH
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_learning_rate_of_zero_leaves_weights_and_loss(name, compiled):
    x, y = least_squares(rows=10)
    model = linear(OPTIMIZERS[name](rate=0.0), [1.0, 1.0])
    run = fit(model, x, y, batch_size=3, epochs=2, compiled=compiled)
    assert model.get_weights()[0][:, 0].tolist() == [1.0, 1.0]
    assert run.train_loss == [run.initial["train_loss"]] * 2
    assert run.history["loss"] == pytest.approx([run.initial["train_loss"]] * 2, rel=1e-6)


@pytest.mark.parametrize("rows", [48, 53], ids=["even", "ragged end"])
@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_accumulating_6_of_4_is_a_batch_of_24(name, rows):
    x, y = least_squares(rows=rows)
    small, large = linear(OPTIMIZERS[name](), [0.0, 0.0]), linear(OPTIMIZERS[name](), [0.0, 0.0])
    accumulated = fit(small, x, y, batch_size=4, accumulation=6, epochs=3)
    whole = fit(large, x, y, batch_size=24, epochs=3)
    np.testing.assert_allclose(small.get_weights()[0], large.get_weights()[0], rtol=1e-6, atol=1e-7)
    assert accumulated.updates["batch_size"].tolist() == whole.updates["batch_size"].tolist()
    np.testing.assert_allclose(accumulated.updates["loss"], whole.updates["loss"], rtol=2e-6)


@BOTH
def test_every_update_records_the_loss_before_it(compiled):
    x, y = least_squares(rows=7)
    run = fit(linear(keras.optimizers.SGD(0.1), [1.0, 0.0]), x, y, batch_size=3, epochs=1, compiled=compiled)
    visit = order(7, seed=0, epoch=0)
    for update in range(3):
        w = weights_after_an_epoch(x, y, [1.0, 0.0], visit[: 3 * update], 3, 0.1)
        batch = visit[3 * update : 3 * update + 3]
        expected = np.mean((x[batch].astype(float) @ w - y[batch, 0]) ** 2)
        assert run.updates["loss"][update] == pytest.approx(expected, rel=1e-5)
    assert run.updates["batch_size"].tolist() == [3, 3, 1]
