"""Keras' private names that we reach for are there, and what is gone is named in a sentence."""

from __future__ import annotations

import ast
import random
import re
from pathlib import Path

import keras
import numpy as np
import pytest

from batchviz.errors import BatchVizError
from batchviz.training import keras_private, tensorflow_private
from batchviz.training.loop import Loop

TRAINING = Path(keras_private.__file__).parent


@pytest.fixture(scope="module")
def owners():
    """What has each name: parts of a model that has been compiled and built."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    Loop(model, np.ones((4, 3), "float32"), np.ones((4, 1), "float32"))
    loss, metrics = keras_private.compiled_loss(model), keras_private.compiled_metrics(model)
    return {
        "_compile_loss": model,
        "_compile_metrics": model,
        "_loss_tracker": model,
        "_compute_loss": model,
        "_call_has_training_arg": model,
        "_flatten_layers": model,
        "_symbolic_build": model,
        "_check_variables_are_known": model.optimizer,
        "_user_weighted_metrics": metrics,
        "_learning_rate": model.optimizer,
        "_initial_epoch": model,
        "_should_trace": keras.callbacks.TensorBoard(write_graph=False),
        "_user_loss_weights": loss,
        "_flat_losses": loss,
        "_fn": metrics.metrics[0],
        "_fn_kwargs": metrics.metrics[0],
        "_get_own_losses": model.layers[0],
        "_build_shapes_dict": model.layers[0],
        "_apply_weight_decay": model.optimizer,
        "_get_variable_index": model.optimizer,
        "_momentums": model.optimizer,
        "_velocities": model.optimizer,
    }


def test_a_source_of_seeds_that_is_gone_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(keras_private, "SEED_SOURCE", "gone")
    with (
        pytest.raises(BatchVizError, match=r"has no keras.src.random.seed_generator.gone"),
        keras_private.drawing_seeds_from(random.Random(1)),
    ):
        pass


@pytest.mark.parametrize("name", keras_private.NAMES)
def test_keras_has_the_name(owners, name):
    owner = owners[name]
    assert hasattr(owner, name), (
        f"Keras {keras.__version__} has no {type(owner).__name__}.{name} any more ({keras_private.NAMES[name]}). "
        f"It was there in {keras_private.SEEN_IN}: look for what took its place and mend training/keras_private.py."
    )


def test_they_hold_what_we_take_them_for():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="inner"), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse", metrics=["mae"], loss_weights=[2.0])
    Loop(model, np.ones((4, 3), "float32"), np.ones((4, 1), "float32"))
    assert keras_private.has_loss_weights(model)
    assert [loss.fn for loss in keras_private.losses_of(model)] == [keras.losses.mean_squared_error]
    (metric,) = keras_private.compiled_metrics(model).metrics
    assert keras_private.metric_function(metric) == (keras.losses.mean_absolute_error, {})
    assert "inner" in [layer.name for layer in keras_private.layers_of(model)]
    assert keras_private.built_for(model.layers[0]) == {"input_shape": (None, 3)}
    first, second = keras_private.adam_moments(model.optimizer, model.trainable_variables[2])
    assert first.shape == second.shape == (2, 1)
    assert not keras_private.has_weighted_metrics(model)
    assert not keras_private.follows_schedule(model.optimizer)
    assert not keras_private.initial_epoch(model)
    axis = keras_private.loss_arguments(keras.losses.SparseCategoricalCrossentropy(axis=1))["axis"]
    assert axis == 1


@pytest.mark.parametrize("private", [keras_private, tensorflow_private], ids=["keras", "tensorflow"])
def test_a_name_that_is_gone_is_named_with_what_to_do(private):
    name = next(iter(private.NAMES))
    library = "Keras" if private is keras_private else "TensorFlow"
    with pytest.raises(BatchVizError) as error:
        private.read(object(), name)
    assert re.fullmatch(
        rf"{library} \S+ has no object\.{name}, .+ in {library} {private.SEEN_IN}\. Install {library.lower()}=="
        rf"{private.SEEN_IN}\.\*, or mend batchviz/training/{library.lower()}_private\.py\.",
        str(error.value),
    )


def test_nobody_else_in_training_reaches_for_private_names():
    ours = {"self", "cls"}
    reached = [
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for path in TRAINING.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr)
        if not (isinstance(node.value, ast.Name) and node.value.id in ours)
    ]
    assert reached == [], "put it into keras_private or tensorflow_private"
