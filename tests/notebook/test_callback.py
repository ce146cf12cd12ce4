"""batchviz.Callback in somebody's own fit: each batch's loss against an oracle, Keras' numbers unmoved, an archive that
the app takes in."""

import functools
import math
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

import batchviz
from batchviz.analysis.caveats import Imported
from batchviz.analysis.replicates import group_runs
from batchviz.analysis.units import positions, update_positions
from batchviz.errors import DataError
from batchviz.experiment.records import Run, Source, Status
from batchviz.frontend.payload import about
from batchviz.importers import archive
from batchviz.importers.imported_run import ImportedRun
from batchviz.notebook import callback as module
from batchviz.text.caveats import imported
from batchviz.training import step_observer

ROWS, B = 100, 8
X = np.random.default_rng(0).random((ROWS, 3)).astype(np.float32)
Y = np.random.default_rng(1).random((ROWS, 1)).astype(np.float32)


def model(**compiled: object) -> keras.Model:
    keras.utils.set_random_seed(3)
    made = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(1)])
    made.compile(**{"optimizer": "adam", "loss": "mse", "metrics": ["mae"], **compiled})
    return made


def oracle(epochs: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """MSE and MAE of every batch before its update, in float64, along Keras' own updates."""
    losses, errors = oracle_of_three_epochs()
    return losses[: 10 * epochs], errors[: 10 * epochs]


@functools.cache
def oracle_of_three_epochs() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    made, losses, errors = model(), [], []
    for _ in range(3):
        for start in range(0, 80, B):
            rows = slice(start, start + B)
            error = np.asarray(made(X[rows]), np.float64) - Y[rows]
            losses.append((error**2).mean())
            errors.append(np.abs(error).mean())
            made.train_on_batch(X[rows], Y[rows])
    return np.array(losses), np.array(errors)


def fitted(
    made: keras.Model, *callbacks: keras.callbacks.Callback, epochs: int = 3
) -> dict[str, list[float]]:
    history = made.fit(
        X,
        Y,
        batch_size=B,
        epochs=epochs,
        validation_split=0.2,
        shuffle=False,
        verbose=0,
        callbacks=list(callbacks),
    )
    return dict(history.history)


def read(path: Path) -> ImportedRun:
    with path.open("rb") as file:
        (run,) = archive.read(file)
    return run


@pytest.mark.parametrize(
    "compiled", [{}, {"jit_compile": True}, {"steps_per_execution": 7}, {"run_eagerly": True}], ids=str
)
def test_every_update_has_its_own_loss_and_keras_numbers_stay_bit_equal(compiled: dict[str, object]) -> None:
    plain = model(**compiled)
    expected = fitted(plain, epochs=2)
    watched, callback = model(**compiled), batchviz.Callback()
    assert fitted(watched, callback, epochs=2) == expected
    assert all((a == b).all() for a, b in zip(plain.get_weights(), watched.get_weights(), strict=True))
    losses, errors = oracle(2)
    updates = callback.updates
    np.testing.assert_allclose(updates["loss"], losses, rtol=2e-6)
    np.testing.assert_allclose(updates["metric"], errors, rtol=2e-6)
    assert set(updates["batch_size"].tolist()) == {B}
    np.testing.assert_array_equal(updates["learning_rate"], np.float32(1e-3))


def test_a_loss_is_exact_where_a_difference_of_running_means_is_not() -> None:
    """Late in a long epoch float32 sums have lost the batch: 1e4 + 1e-4 is 1e4."""
    x = np.concatenate([np.full((50, 1), 100), np.full((10, 1), 1e-2)]).astype(np.float32)
    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="ones")])
    made.compile(keras.optimizers.SGD(0.0), "mse", metrics=["mae"])
    callback = batchviz.Callback()
    made.fit(x, np.zeros_like(x), batch_size=1, shuffle=False, verbose=0, callbacks=[callback])
    np.testing.assert_allclose(callback.updates["loss"][-10:], 1e-4, rtol=1e-6)
    np.testing.assert_allclose(callback.updates["metric"][-10:], 1e-2, rtol=1e-6)


def generator():
    while True:
        yield X[:5], Y[:5]


class Batches(keras.utils.PyDataset):
    def __len__(self) -> int:
        return 3

    def __getitem__(self, number: int):
        return X[: 5 + number], Y[: 5 + number]


@pytest.mark.parametrize(
    ("feed", "sizes"),
    [
        (lambda: {"x": X, "y": Y, "batch_size": 30, "class_weight": None, "sample_weight": np.ones(ROWS)}, [30, 10]),
        (lambda: {"x": tf.data.Dataset.from_tensor_slices((X, Y)).batch(40)}, [40, 20]),
        (lambda: {"x": tf.data.Dataset.from_tensor_slices((X, Y)).repeat().batch(40), "steps_per_epoch": 2}, [40]),
        (lambda: {"x": generator(), "steps_per_epoch": 3}, [5]),
        (lambda: {"x": Batches()}, [5, 6, 7]),
    ],
    ids=["arrays", "tf.data", "endless", "generator", "PyDataset"],
)  # fmt: skip
def test_whatever_fit_is_fed_sizes_are_those_of_the_batches(
    feed: Callable[[], dict[str, object]], sizes: list[int]
) -> None:
    callback = batchviz.Callback()
    model().fit(**feed(), epochs=2, verbose=0, callbacks=[callback])
    updates = callback.updates
    assert set(updates["batch_size"].tolist()) == set(sizes)
    assert np.isfinite(updates["loss"]).all()
    half = len(updates["loss"]) // 2
    means = [
        np.average(updates["loss"][part], weights=updates["batch_size"][part])
        for part in (slice(half), slice(half, None))
    ]
    np.testing.assert_allclose(means, [row["loss"] for row in callback.epochs], rtol=1e-5)


def test_rates_are_those_of_each_update() -> None:
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    callback = batchviz.Callback()
    fitted(model(optimizer=keras.optimizers.SGD(schedule)), callback, epochs=2)
    np.testing.assert_allclose(
        callback.updates["learning_rate"], [float(schedule(step)) for step in range(20)], rtol=1e-6
    )


def test_a_step_of_the_users_own_is_noted() -> None:
    class Own(keras.Sequential):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((self(x, training=True) - y) ** 2)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"loss": loss}

    made = Own([keras.Input((3,)), keras.layers.Dense(1)])
    made.compile("sgd")
    callback = batchviz.Callback()
    made.fit(X, Y, batch_size=50, verbose=0, callbacks=[callback])
    assert np.isfinite(callback.updates["loss"]).all()
    assert "train_step" not in vars(made), "the model has its own step again"


def test_a_ring_that_fills_is_read_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_observer, "CAPACITY", 8)
    monkeypatch.setattr("batchviz.training.fit_observer.CAPACITY", 8)
    callback = batchviz.Callback()
    fitted(model(), callback, epochs=2)
    assert callback.lost == 0
    np.testing.assert_allclose(callback.updates["loss"], oracle(2)[0], rtol=2e-6)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("callback") / "run.batchviz.zip"
    callback = batchviz.Callback(path, name="Mine", experiment="Lesson 3", seed=5)
    fitted(model(), callback)
    return path


def test_the_archive_holds_the_run_and_claims_no_more(saved: Path) -> None:
    taken = read(saved)
    assert (taken.source, taken.status, taken.title, taken.name) == (
        Source.HISTORY,
        Status.DONE,
        "Lesson 3, B = 8",
        "Mine",
    )
    assert (taken.spec.batch_size, taken.spec.budget, taken.spec.seed) == (8, 3, 5)
    assert "loss mse, optimiser Adam, 21 parameters" in taken.note
    np.testing.assert_allclose(taken.updates["loss"], oracle(3)[0], rtol=2e-6)
    assert taken.epochs["updates"].tolist() == [0, 10, 20, 30]
    assert taken.epochs["examples"].tolist() == [0, 80, 160, 240]
    assert np.isfinite(taken.epochs["val_metric"][1:]).all()
    assert taken.final["updates"] == 30
    run = as_run(taken)
    assert not run.known_fields & {"rows", "optimizer", "learning_rate", "hidden"}
    assert positions(run, taken.epochs, "epochs").tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(
        update_positions(run, taken.updates, taken.epochs, "epochs"), np.arange(1, 31) / 10
    )
    assert about(run)["plan"]["training_rows"] == 0, "the chart counts epochs by their rows"
    assert "first weights and order of examples are not known" in imported(
        Imported(run.source, tuple(group_runs([run])))
    )


def as_run(taken: ImportedRun) -> Run:
    fields = ("spec", "status", "reason", "final", "source", "title", "progress")
    return Run(
        id="AbCdEf12345",
        attempt=1,
        owner="ada",
        created=0.0,
        **{name: getattr(taken, name) for name in fields},
    )


def test_an_interrupt_loses_nothing(tmp_path: Path) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            if self.model.optimizer.iterations.numpy() == 15:
                raise KeyboardInterrupt

    path = tmp_path / "run.batchviz.zip"
    callback = batchviz.Callback(path)
    with pytest.raises(KeyboardInterrupt):
        fitted(model(), callback, Interrupt())
    assert len(read(path).updates["loss"]) == 10, "written after the first epoch"
    module._save_at_exit(lambda: callback)  # type: ignore[arg-type]
    taken = read(path)
    assert (taken.status, len(taken.updates["loss"]), taken.progress.epochs) == (Status.STOPPED, 15, 1.5)
    assert "interrupted" in taken.reason


def test_a_loss_that_is_no_number_is_divergence(tmp_path: Path) -> None:
    callback = batchviz.Callback(tmp_path / "run.batchviz.zip")
    made = model(optimizer=keras.optimizers.SGD(1e30))
    fitted(made, callback)
    assert read(callback.save()).status is Status.DIVERGED


def test_what_cannot_be_saved_is_explained() -> None:
    with pytest.raises(DataError, match="no path to save to"):
        batchviz.Callback().save()
    with pytest.raises(DataError, match="Nothing was trained yet"):
        batchviz.Callback("x.zip").save()
    assert not math.isnan(batchviz.Callback().seconds)
