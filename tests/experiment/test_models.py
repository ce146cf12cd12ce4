"""The announced sizes of models and optimisers, against Keras' own count."""

from __future__ import annotations

import math

import numpy as np
import pytest

from batchviz.experiment import models, optimizers
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec

DIGITS = {"dataset": "digits"}
CONVNET = DIGITS | {"model": "convnet"}
SETTINGS = [
    {},
    {"hidden": "none"},
    {"hidden": "64, 32, 16", "activation": "tanh", "dropout": 0.5},
    {"hidden": "20, 10", "batch_norm": True, "dropout": 0.1},
    DIGITS | {"hidden": "64, 128", "activation": "gelu"},
    CONVNET,
    CONVNET | {"hidden": "4", "dropout": 0.3},
    CONVNET | {"hidden": "4, 6, 8", "batch_norm": True, "activation": "elu"},
]
KEPT = ("Dense", "BatchNormalization", "Conv2D", "MaxPooling2D")


def named(layer):
    return type(layer).__name__


def outputs_of(model):
    """Numbers that layers compute for one example; reshaping, dropping and activating do not count again."""
    counted = [layer for layer in model.layers if named(layer) in KEPT]
    return sum(math.prod(layer.output.shape[1:]) for layer in counted)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_sizes_are_what_keras_counts(settings):
    spec = RunSpec.parse(settings)
    model, size = models.build(spec.network), models.size(spec.network)
    count = lambda variables: sum(math.prod(variable.shape) for variable in variables)  # noqa: E731
    assert size.parameters == count(model.trainable_variables)
    assert size.state == count(v for v in model.non_trainable_variables if "seed" not in v.path)
    assert size.activations == outputs_of(model)


def test_multiplications_are_those_of_the_matrices():
    size = lambda **settings: models.size(RunSpec.parse(settings).network)  # noqa: E731
    assert size().multiplications == 10 * 16 + 16 * 1
    convolved = 8 * 8 * 9 * 1 * 8 + 4 * 4 * 9 * 8 * 16 + 2 * 2 * 16 * 10
    assert size(**CONVNET).multiplications == convolved


def test_the_articles_network_has_193_parameters():
    assert plan_for(RunSpec()).size.parameters == 193


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_model_turns_examples_into_outputs(settings):
    spec = RunSpec.parse(settings)
    x, _ = DATASETS[spec.dataset].load(spec.rows, spec.noise, spec.data_seed)
    answer = np.asarray(models.build(spec.network)(x[:7]))
    assert answer.shape == (7, 10 if spec.dataset == "digits" else 1)


def test_dropout_and_normalisation_stand_where_keras_users_expect_them():
    spec = RunSpec.parse({"hidden": "4, 5", "batch_norm": True, "dropout": 0.5})
    once = ["Dense", "BatchNormalization", "Activation", "Dropout"]
    assert [named(layer) for layer in models.build(spec.network).layers] == [*once, *once, "Dense"]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_keeps_as_many_numbers_as_announced(name):
    spec = RunSpec()
    optimizer, model = optimizers.build(name, learning_rate=0.05, momentum=0.9), models.build(spec.network)
    optimizer.build(model.trainable_variables)
    kept = sum(math.prod(variable.shape) for variable in optimizer.variables)
    assert kept == 193 * OPTIMIZERS[name].slots + 2, "and two more: the count of steps and the learning rate"
    assert float(optimizer.learning_rate) == pytest.approx(0.05)


def test_adam_keeps_388_numbers_for_the_articles_network():
    optimizer = optimizers.build("adam", learning_rate=0.001, momentum=0.9)
    optimizer.build(models.build(RunSpec().network).trainable_variables)
    assert sum(math.prod(variable.shape) for variable in optimizer.variables) == 388


@pytest.mark.parametrize(
    ("name", "momentum", "nesterov"), [("momentum", 0.7, False), ("nesterov", 0.7, True)]
)
def test_momentum_reaches_the_optimizer(name, momentum, nesterov):
    optimizer = optimizers.build(name, learning_rate=0.1, momentum=momentum)
    assert (optimizer.momentum, optimizer.nesterov) == (momentum, nesterov)
    assert optimizers.build("sgd", learning_rate=0.1, momentum=momentum).momentum == 0
