"""The arguments of Keras' `fit`: by the same names, at the same places, with the same numbers, or refused in words."""

import inspect
import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import batchviz
from batchviz.errors import BatchVizError, DataError
from batchviz.training import fit
from batchviz.training.loop import Loop
from tests.training.keras_fit import Twins, assert_equal_histories, problem

X, Y = problem(rows=40)
W = np.linspace(0.2, 3, 40).astype("float32")
HELD = (X[:11] + 1, Y[:11])
DICE = keras.losses.Dice()
"""One number a batch: it shows how rows are cut."""


def network(optimizer="sgd", loss="mse", metrics=("mae",), **compiled):
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1)]
    )
    model.compile(optimizer, loss=loss, metrics=list(metrics), **compiled)
    return model


@pytest.fixture(scope="module")
def twins():
    return Twins(network, X, Y)


@pytest.fixture(scope="module")
def weighted_twins():
    return Twins(network, X, Y, W)


@pytest.fixture(scope="module")
def twins_of_batches():
    return Twins(lambda: network(loss=DICE), X, Y)


@pytest.fixture(scope="module")
def untrained():
    """For calls that are refused."""
    return network()


def test_names_places_and_defaults_are_those_of_keras():
    theirs = list(inspect.signature(keras.Model.fit).parameters.values())[1:]
    ours = list(inspect.signature(fit).parameters.values())[1 : len(theirs) + 1]
    assert [p.name for p in ours] == [p.name for p in theirs]
    assert {p.kind for p in ours} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    differ = [(o.name, o.default) for o, t in zip(ours, theirs, strict=True) if o.default != t.default]
    assert differ == [("epochs", None)], "none is one epoch, unless another budget is given"
    assert batchviz.fit is fit


def test_the_document_tells_of_every_argument():
    text = (Path(__file__).parents[2] / "docs" / "fit.md").read_text()
    missing = [name for name in list(inspect.signature(fit).parameters)[1:] if f"`{name}`" not in text]
    assert missing == []


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"batch_size": None, "epochs": 2},
        {"batch_size": 7, "epochs": 3, "initial_epoch": 1},
        {"epochs": 2, "initial_epoch": 2},
        {"validation_data": HELD},
        {"validation_data": list(HELD)},
        {"validation_data": (*HELD, None)},
        {"validation_data": HELD, "validation_split": 0.5},
        {"batch_size": 8, "steps_per_epoch": 5},
        {"steps_per_epoch": 3, "validation_split": 0.2},
        {"steps_per_epoch": 11},
        {"validation_split": 0.5, "batch_size": 6, "validation_steps": 2},
        {"validation_data": HELD, "validation_steps": 3, "validation_batch_size": 2},
        {"validation_data": HELD, "validation_steps": 4},
        {"epochs": 5, "validation_split": 0.3, "validation_freq": 2},
        {"epochs": 4, "validation_split": 0.3, "validation_freq": [1, 3]},
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # which Keras says of steps_per_epoch=11
def test_the_same_call_gives_the_same_history(arguments, twins):
    assert_equal_histories(*twins.fit(X, Y, **arguments))


def test_validation_data_has_weights_of_its_own(weighted_twins):
    assert_equal_histories(*weighted_twins.fit(X, Y, validation_data=(*HELD, np.arange(11.0))))


@pytest.mark.parametrize(
    "arguments",
    [
        {"validation_data": HELD, "batch_size": 9},
        {"validation_data": HELD, "batch_size": 9, "validation_batch_size": 4},
        {"validation_data": HELD, "validation_steps": 3},
        {"validation_data": HELD, "validation_steps": 2, "validation_batch_size": 4},
        {"validation_split": 0.2, "steps_per_epoch": 3},
    ],
    ids=str,
)
def test_validation_is_cut_into_the_batches_of_keras(arguments, twins_of_batches):
    assert_equal_histories(*twins_of_batches.fit(X, Y, **arguments))


def test_training_goes_on_from_an_epoch_as_if_it_had_not_stopped():
    all_of_it = fit(network(), X, Y, 8, 4, 0)
    model = network()
    loop = Loop(model, X, Y)
    fit(model, X, Y, 8, 2, 0, loop=loop)
    then = fit(model, X, Y, 8, 4, 0, initial_epoch=2, loop=loop)
    assert then.epoch == [2, 3]
    assert then.history["loss"] == pytest.approx(all_of_it.history["loss"][2:], rel=1e-6)
    assert (then.progress.epochs, then.progress.examples, then.progress.updates) == (2.0, 80, 10)


def test_an_epoch_without_validation_has_none_recorded():
    run = fit(network(), X, Y, 8, 3, 0, validation_split=0.25, validation_freq=2)
    assert np.isnan(run.epochs["val_loss"]).tolist() == [True, False, True]
    assert np.isfinite(run.epochs["train_loss"]).all()
    assert len(run.history["loss"]) == 3
    assert len(run.history["val_loss"]) == 1


def test_without_a_budget_there_is_one_epoch_and_another_budget_takes_its_place():
    assert fit(network(), X, Y, 8, verbose=0).progress.epochs == 1
    assert fit(network(), X, Y, 8, verbose=0, updates=12).progress.updates == 12


def written(text):
    """What stands on the screen, without colours and times."""
    text = re.sub(r"\x1b\[\d+m|[\b\r]", "", text)
    return re.sub(r"\d+(\.\d+)?(us|ms|s)\b", "TIME", text)


@pytest.mark.parametrize("verbose", [0, 2])
def test_training_that_ends_early_since_it_diverged_says_so(verbose, capsys):
    run = fit(network(keras.optimizers.SGD(1e30)), X, Y, 10, 50, verbose)
    assert "no longer a finite number" in run.reason
    assert capsys.readouterr().out.splitlines()[-1:] == ([run.reason] if verbose else [])


@pytest.mark.parametrize("verbose", ["auto", 0, 1, 2, True, False])
def test_what_is_printed_is_what_keras_prints(verbose, capsys, twins):
    twins.fit(X, Y, epochs=2, batch_size=20, validation_split=0.5, verbose=verbose)
    lines = [line.split("━")[-1] for line in written(capsys.readouterr().out).splitlines()]
    ours, theirs = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    assert ours == theirs
    assert len(ours) == (4 if verbose else 0)


def test_a_long_epoch_shows_how_far_it_is(capsys, monkeypatch):
    monkeypatch.setattr("batchviz.training.trainer.CALL_SECONDS", 0.0)
    monkeypatch.setattr(
        "keras.utils.Progbar.update", lambda bar, current, values, finalize: print(current, values)
    )
    fit(network(), X, Y, 10, shuffle=False)
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines] == [1, 2, 3, 4, 4]
    assert "loss" in lines[0]
    assert lines[3] == lines[4], "the running means of the last batch are those of the epoch"


def generator():
    yield X, Y


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return X, Y


class TorchLoader:
    """Stands in for torch's, which is not installed."""


TorchLoader.__name__, TorchLoader.__module__ = "DataLoader", "torch.utils.data.dataloader"
DATASET = tf.data.Dataset.from_tensor_slices((X, Y)).batch(8)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"x": DATASET, "y": None}, r"x is a tf\.data\.Dataset, .*as_numpy_iterator.*batchviz\.Callback"),
        ({"x": Batches(), "y": None}, r"x is a keras\.utils\.PyDataset, .*range\(len\(data\)\)"),
        ({"x": generator(), "y": None}, "x is a generator"),
        ({"x": iter([X]), "y": None}, r"x is an iterator \(list_iterator\)"),
        ({"x": TorchLoader(), "y": None}, "x is a torch DataLoader.*torch.cat"),
        ({"validation_data": DATASET}, r"validation_data is a tf\.data\.Dataset"),
        ({"validation_data": (DATASET, Y)}, r"part 1 of validation_data is a tf\.data\.Dataset"),
        ({"y": None}, r"y is None; .*fit\(model, x, x\)"),
        ({"x": None}, "x is None"),
        ({"validation_data": (X, None)}, "validation_data holds None"),
        ({"validation_data": (X,)}, r"not a pair; expected \(x, y\) or \(x, y, sample_weight\)"),
        ({"verbose": 3}, 'verbose=3; expected "auto", 0'),
        ({"verbose": "yes"}, "verbose='yes'"),
        ({"shuffle": "batch"}, "shuffle='batch'; expected True"),
        (
            {"batch_size": 8, "steps_per_epoch": 2},
            "steps_per_epoch=2 with batch_size=8, .* make 5 batches.*updates=2",
        ),
        ({"steps_per_epoch": 0}, "steps_per_epoch=0"),
        ({"validation_steps": 0}, "validation_steps=0"),
        ({"validation_batch_size": 0}, "validation_batch_size=0"),
        ({"validation_freq": 0}, "validation_freq=0; expected a whole number .*, or a list of epochs"),
        ({"validation_freq": "always"}, "validation_freq='always'"),
        ({"initial_epoch": -1}, "initial_epoch=-1"),
        ({"class_weight": {0: 2.0}, "sample_weight": W}, "class_weight and sample_weight are both given"),
        ({"class_weight": [1.0, 2.0]}, r"class_weight=\[1\.0, 2\.0\]; expected a dict"),
        ({"class_weight": {0: "heavy"}}, "class_weight=.*expected a dict"),
        (
            {"sample_weight": W[:7]},
            r"sample_weight has the shape \(7,\); expected a number for each of the 40 rows",
        ),
        ({"sample_weight": np.where(W > 1, np.nan, W)}, "sample_weight holds values that are not finite"),
        ({"validation_data": (*HELD, W)}, "the third part of validation_data has the shape"),
        ({"sample_weight": np.ones((40, 3), "float32")}, r"sample_weight has the shape \(40, 3\)"),
    ],
    ids=lambda value: re.sub(" at 0x[0-9a-f]+", "", str(value))[:40],
)
def test_what_keras_takes_and_this_does_not_is_refused_with_what_to_pass_instead(given, match, untrained):
    with pytest.raises(BatchVizError, match=match):
        fit(untrained, **{"x": X, "y": Y, **given})


def test_a_rate_of_its_own_and_one_that_is_given_do_not_go_together():
    for optimizer in (
        keras.optimizers.SGD,
        lambda rate: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(rate)),
    ):
        model = network(optimizer(keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.9)))
        with pytest.raises(BatchVizError, match=r"learning_rate= is given, .* follows a schedule of its own"):
            fit(model, X, Y, learning_rate=lambda epoch: 0.1)


def test_data_errors_are_told_from_errors_of_arguments(untrained):
    with pytest.raises(DataError):
        fit(untrained, DATASET)
