"""Models that compute losses or metrics in their own way: as in Keras' `fit`, or refused in words."""

import keras
import numpy as np
import pytest

from batchviz.errors import BatchVizError
from batchviz.training import fit
from tests.training.keras_fit import assert_same, keras_history, problem


def build(kind=keras.Model, layer=lambda: keras.layers.Activation("tanh"), **arguments):
    keras.utils.set_random_seed(7)  # before the layer is made, which draws the seed of its weights
    first = keras.Input((6,))
    model = kind(first, keras.layers.Dense(1)(layer()(first)))
    model.compile(**{"optimizer": "sgd", "loss": "mse", "metrics": ["mae"], **arguments})
    return model


class OwnLoss(keras.Model):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.sqrt(keras.ops.mean(keras.ops.square(y - y_pred)))


class AddsToTheLoss(keras.layers.Layer):
    def call(self, x):
        self.add_loss(keras.ops.max(keras.ops.abs(x)))
        return x


@pytest.mark.parametrize(
    "make",
    [
        lambda: build(OwnLoss),
        lambda: build(OwnLoss, loss=None),
        lambda: build(layer=AddsToTheLoss),
        lambda: build(layer=lambda: keras.layers.Dense(3, activity_regularizer=keras.regularizers.L2(0.1))),
        lambda: build(loss=keras.losses.Dice()),
    ],
    ids=["compute_loss", "compute_loss alone", "add_loss", "activity", "one number a batch"],
)
def test_a_loss_that_is_no_mean_over_examples_is_evaluated_batch_by_batch(make):
    x, y = problem(rows=40)
    ours = fit(make(), x, y, batch_size=7, epochs=2, validation_split=0.3)
    assert_same(ours.history, keras_history(make(), x, y, batch_size=7, split=0.3, epochs=2))


def test_classes_left_out_of_the_loss_do_not_count():
    x, y = problem(rows=40)
    y = np.where(y[:, 0] > 1, -1, y[:, 0] > 0).astype(int)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)

    def model():
        keras.utils.set_random_seed(7)
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2)])
        model.compile("sgd", loss=loss)
        return model

    ours = fit(model(), x, y, batch_size=7, epochs=2, validation_split=0.3)
    assert_same(ours.history, keras_history(model(), x, y, batch_size=7, split=0.3, epochs=2))


class OwnMetric(keras.Model):
    def __init__(self, *arguments, **others):
        super().__init__(*arguments, **others)
        self.largest = keras.metrics.Mean(name="largest")

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        self.largest.update_state(keras.ops.max(y_pred))
        return {**super().compute_metrics(x, y, y_pred, sample_weight), "largest": self.largest.result()}


class OwnTest(keras.Model):
    def test_step(self, data):
        x, y = data
        return super().test_step((x, 2 * y))


@pytest.mark.parametrize("kind", [OwnMetric, OwnTest])
def test_what_a_model_measures_in_its_own_way_reads_as_in_keras(kind):
    x, y = problem(rows=40)
    ours = fit(build(kind), x, y, batch_size=7, epochs=2, validation_split=0.3)
    assert_same(ours.history, keras_history(build(kind), x, y, batch_size=7, split=0.3, epochs=2))


class NamelessMetric(keras.Model):
    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return {**super().compute_metrics(x, y, y_pred, sample_weight), "largest": keras.ops.max(y_pred)}


class OtherTest(keras.Model):
    def test_step(self, data):
        return {"loss": super().test_step(data)["loss"], "largest": 0.0}


class OwnTraining(keras.Model):
    def train_step(self, data):
        return {}


@pytest.mark.parametrize(
    ("kind", "match"),
    [
        (NamelessMetric, "measures loss, mae, largest, but its metrics are loss, mae"),
        (OtherTest, "test_step of OtherTest returns .*; expected loss, mae, as in training"),
        (OwnTraining, "OwnTraining has a train_step of its own"),
    ],
)
def test_what_cannot_be_followed_is_refused_in_words(kind, match):
    with pytest.raises(BatchVizError, match=match):
        fit(build(kind), *problem(), validation_split=0.3)
