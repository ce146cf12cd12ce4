"""`fit` is Keras' `fit`, asked of what no list of classes shows: data of every kind, models with ways of their own."""

import keras
import ml_dtypes
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import tensorflow as tf

from batchviz.errors import BatchVizError
from batchviz.training import fit
from tests.training.contract import ROWS, assert_contract

layers, losses, ops = keras.layers, keras.losses, keras.ops
RANDOM = np.random.default_rng(8)
X = RANDOM.normal(size=(ROWS, 6)).astype("float32")
Y = X[:, :1] - 0.5 * X[:, 1:2]
LABELS = np.arange(ROWS) % 3


def model(*middle, width=1, inputs=None, loss="mse", optimizer=None, metrics=("mae",), **compiled):
    """A small network with other layers in its middle."""
    made = keras.Sequential(
        [inputs if inputs is not None else keras.Input((6,)), layers.Dense(4), *middle, layers.Dense(width)]
    )
    made.compile(optimizer or "sgd", loss=loss, metrics=list(metrics), **compiled)
    return made


# Layers that keep or draw something when they are called, or look across the batch.


class CentredBatch(layers.Layer):
    def call(self, x):
        return x - ops.mean(x, axis=0, keepdims=True)


class CountsCalls(layers.Layer):
    def build(self, shape):
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x):
        self.calls.assign_add(1.0)
        return x * (1.0 + 0.01 * self.calls)


class AlwaysNoisy(layers.Layer):
    def __init__(self):
        super().__init__()
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, x):
        return x + 0.1 * keras.random.normal(ops.shape(x), seed=self.seeds)


def called_in_training(layer):
    inputs = keras.Input((6,))
    made = keras.Model(inputs, layers.Dense(1)(layer(layers.Dense(4)(inputs), training=True)))
    made.compile("sgd", loss="mse", metrics=["mae"])
    return made


def centred_between_layers():
    inputs = keras.Input((6,))
    hidden = layers.Dense(4)(inputs)
    made = keras.Model(inputs, layers.Dense(1)(hidden - ops.mean(hidden, axis=0, keepdims=True)))
    made.compile("sgd", loss="mse", metrics=["mae"])
    return made


@pytest.mark.parametrize(
    "make",
    [
        lambda: model(CentredBatch()),
        lambda: model(layers.Activation(lambda x: x - ops.mean(x, axis=0, keepdims=True))),
        lambda: model(layers.Lambda(lambda x: x / (1.0 + ops.max(ops.abs(x))))),
        centred_between_layers,
        lambda: model(CountsCalls()),
        lambda: model(AlwaysNoisy()),
        lambda: model(AlwaysNoisy(), metrics=[keras.metrics.RootMeanSquaredError(name="rmse")]),
        lambda: called_in_training(layers.BatchNormalization()),
        lambda: called_in_training(layers.Dropout(0.3, seed=1)),
        lambda: model(layers.BatchNormalization(), layers.Dropout(0.3, seed=1)),
    ],
    ids=[
        *("batch mean", "activation across rows", "lambda across rows", "operation across rows", "counter"),
        *("noise", "noise with a running metric", "batch norm in training", "dropout in training", "both plain"),
    ],
)  # fmt: skip
def test_evaluations_of_ours_move_nothing_and_those_of_keras_what_they_move_there(make):
    assert assert_contract(make, X, Y) == ""


def stateful(rows=4, cell=layers.LSTM):
    inputs = keras.Input(batch_shape=(rows, 3, 2))
    made = keras.Sequential([inputs, cell(3, stateful=True), layers.Dense(1)])
    made.compile("sgd", loss="mse", metrics=["mae"])
    return made


@pytest.mark.parametrize("cell", [layers.LSTM, layers.SimpleRNN])
def test_a_stateful_layer_goes_on_where_it_was_as_in_keras(cell):
    x = X.reshape(ROWS, 3, 2)
    assert assert_contract(lambda: stateful(3, cell), x, Y, batch_size=3) == ""


def test_batches_that_a_stateful_layer_cannot_take_are_refused():
    x = X.reshape(ROWS, 3, 2)
    refusal = assert_contract(stateful, x, Y, batch_size=5)
    assert "made for batches of 4 rows" in refusal
    assert "batch_size=4" in refusal


def test_a_fixed_batch_without_state_trains_as_in_keras():
    for batch_size in (4, 5):
        assert (
            assert_contract(
                lambda: model(inputs=keras.Input(batch_shape=(4, 6))), X, Y, batch_size=batch_size
            )
            == ""
        )


# Metrics and losses of the user's.


class Doubled(keras.metrics.MeanAbsoluteError):
    def result(self):
        return 2 * super().result()


class Shifted(keras.metrics.MeanSquaredError):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(y_true, y_pred + 1.0, sample_weight)


def hits(y, prediction):
    return ops.cast(ops.abs(y - prediction) < 0.5, "int32")


@pytest.mark.parametrize(
    "metric",
    [Doubled, Shifted, lambda: hits, lambda: keras.metrics.MeanSquaredError(dtype="float64")],
    ids=["result", "update_state", "whole numbers", "float64"],
)
def test_a_metric_counts_as_it_is_written(metric):
    assert assert_contract(lambda: model(metrics=[metric()]), X, Y) == ""


@pytest.mark.parametrize("reduction", ["sum", "mean", "mean_with_sample_weight", "none", None])
def test_every_reduction_of_a_loss(reduction):
    assert assert_contract(lambda: model(loss=losses.MeanSquaredError(reduction=reduction)), X, Y) == ""


def test_a_loss_for_each_value_of_a_sequence():
    x, y = X.reshape(ROWS, 3, 2), X.reshape(ROWS, 3, 2)[:, :, :1]
    for reduction in ("sum_over_batch_size", "none"):
        loss = losses.Huber(reduction=reduction)
        assert assert_contract(lambda loss=loss: model(inputs=keras.Input((3, 2)), loss=loss), x, y) == ""


@pytest.mark.parametrize("average", [None, "macro", "micro", "weighted"])
def test_f1_needs_an_average_to_be_one_number(average):
    make = lambda: model(width=3, metrics=[keras.metrics.F1Score(average=average)])  # noqa: E731
    refusal = assert_contract(make, X, np.eye(3, dtype="float32")[LABELS])
    assert ("f1_score gives an array of the shape (3,)" in refusal) is (average is None)


# Numbers of every type, as data and inside the model.

NUMBERS = [
    "bool",
    *(f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)),
    "float16",
    "float32",
    "float64",
]


@pytest.mark.parametrize("dtype", [*NUMBERS, ml_dtypes.bfloat16])
def test_labels_and_inputs_of_every_type(dtype):
    def make():
        return model(
            width=3, loss=losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
        )

    assert assert_contract(make, (X > 0).astype(dtype), (LABELS % 2).astype(dtype)) == ""


def test_whole_numbers_beyond_32_bits_stay_what_they_are():
    big = np.arange(ROWS, dtype=np.int64) + 2**40

    def make():
        inputs = keras.Input((1,), dtype="int64")
        embedded = layers.Flatten()(layers.Embedding(5, 2)(layers.Lambda(lambda ids: ids % 5)(inputs)))
        made = keras.Model(inputs, layers.Dense(1)(embedded))
        made.compile("sgd", loss="mse")
        return made

    assert assert_contract(make, big[:, None], Y) == ""


@pytest.mark.parametrize("policy", ["float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"])
def test_every_type_of_computing(policy):
    def make():
        keras.config.set_dtype_policy(policy)
        try:
            return model(layers.Activation("tanh"), optimizer=keras.optimizers.Adam(0.01, epsilon=1e-4))
        finally:
            keras.config.set_dtype_policy("float32")

    rounds = policy != "float64"  # two programs round sixteen bits in another order
    assert_contract(
        make, X, Y, rtol=2e-2 if rounds else 1e-5, weights_rtol=5e-2 if rounds else 1e-4, weights_atol=2e-2
    )


# Ways to compile, and models with several parts.


@pytest.mark.parametrize(
    "compiled",
    [
        {"jit_compile": True},
        {"steps_per_execution": 3},
        {"auto_scale_loss": False},
        {"loss_weights": [0.5]},
        {"weighted_metrics": ["mse"]},
        {"optimizer": lambda: keras.optimizers.SGD(0.05, gradient_accumulation_steps=2)},
        {"optimizer": lambda: keras.optimizers.Adam(0.05, loss_scale_factor=8.0, global_clipnorm=0.1)},
        {"optimizer": lambda: keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5))},
        {"optimizer": lambda: keras.optimizers.SGD(0.05, use_ema=True)},
        {
            "optimizer": lambda: keras.optimizers.LossScaleOptimizer(
                keras.optimizers.Adam(), dynamic_growth_steps=3
            )
        },
    ],
    ids=[
        "jit",
        "steps",
        "unscaled",
        "loss weights",
        "weighted metrics",
        "accumulates",
        "clips",
        "schedule",
        "ema",
        "loss scale",
    ],
)
def test_every_option_of_compile(compiled):
    def make():
        options = dict(compiled)
        return model(optimizer=options.pop("optimizer", lambda: "sgd")(), **options)

    assert assert_contract(make, X, Y) == ""


def several(inputs=dict, loss=None, **compiled):
    left, right = keras.Input((4,), name="left"), keras.Input((2,), name="right")
    joined = layers.Dense(4, kernel_regularizer="l2")(layers.Concatenate()([left, right]))
    outputs = {"a": layers.Dense(1, name="a")(joined), "b": layers.Dense(1, name="b")(joined)}
    made = keras.Model({"left": left, "right": right} if inputs is dict else [left, right], outputs)
    made.compile("sgd", loss=loss or {"a": "mse", "b": "mae"}, **compiled)
    return made


@pytest.mark.parametrize(
    "compiled",
    [
        {},
        {"loss_weights": {"a": 0.3, "b": 2.0}},
        {"metrics": {"a": ["mae"], "b": [keras.metrics.RootMeanSquaredError]}},
    ],
    ids=["plain", "weighted", "metrics"],
)
@pytest.mark.parametrize("kind", [dict, list])
def test_several_inputs_and_outputs(kind, compiled):
    def make():
        metrics = {
            name: [m() if callable(m) else m for m in ms] for name, ms in compiled.get("metrics", {}).items()
        }
        return several(kind, **{**compiled, **({"metrics": metrics} if metrics else {})})

    x = {"left": X[:, :4], "right": X[:, 4:]} if kind is dict else [X[:, :4], X[:, 4:]]
    # Eager Keras counts the losses of the single outputs otherwise.
    assert assert_contract(make, x, {"a": Y, "b": -Y}, eagerly=False) == ""


def test_masks_leave_out_what_they_leave_out_in_keras():
    x = (np.arange(ROWS * 3).reshape(ROWS, 3) % 4).astype("int32")
    y = x[:, :, None].astype("float32")

    def make(last):
        made = keras.Sequential(
            [keras.Input((3,)), layers.Embedding(4, 3, mask_zero=True), *last, layers.Dense(1)]
        )
        made.compile("sgd", loss="mse", metrics=["mae"])
        return made

    assert assert_contract(lambda: make([]), x, y) == ""
    assert assert_contract(lambda: make([layers.LSTM(3)]), x, y[:, 0]) == ""


class Unbuilt(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.last = layers.Dense(4), layers.Dense(1)
        self.drop = layers.Dropout(0.3, seed=2)

    def call(self, x, training=False):
        return self.last(self.drop(self.first(x), training=training))


def test_a_model_that_builds_itself():
    def make():
        made = Unbuilt()
        made.compile("adam", loss="mse", metrics=["mae", keras.metrics.R2Score()])
        return made

    assert assert_contract(make, X, Y) == ""


# What is refused, by its name.


@pytest.mark.parametrize(
    ("x", "match"),
    [
        (X.tolist(), r"x holds a float where an array is expected.*Pass np\.array\(x\)"),
        (scipy.sparse.csr_matrix(X), r"x is a scipy\.sparse csr_matrix;.*x\.toarray\(\)"),
        (tf.sparse.from_dense(X), r"x is a tf\.SparseTensor;.*tf\.sparse\.to_dense\(x\)"),
        (tf.RaggedTensor.from_tensor(X), r"x is a tf\.RaggedTensor.*x\.to_tensor\(\)"),
        (X.astype(str), r"x holds text \(<U\d+\); expected numbers"),
        (X.astype(object), r"x holds Python objects \(object\); expected numbers"),
        (X.astype("complex64"), r"x holds complex64.*expected numbers"),
        (np.float32(1), r"x holds a float32|x is a single number; expected an array"),
        (object(), r"x holds an object of builtins; expected a NumPy array"),
        (X[:, :5], r"cannot be trained on x of shape \(12, 5\) float32 and y of shape \(12, 1\)"),
    ],
    ids=["lists", "scipy", "sparse", "ragged", "text", "objects", "complex", "number", "object", "width"],
)
def test_data_that_is_refused_is_named_with_what_to_pass(x, match):
    with pytest.raises(BatchVizError, match=match):
        fit(model(), x, Y)


def test_labels_that_no_class_has_are_refused():
    make = model(width=3, loss=losses.SparseCategoricalCrossentropy(from_logits=True), metrics=[])
    with pytest.raises(BatchVizError, match=r"cannot be trained .*label"):
        fit(make, X, LABELS + 5)


def test_pandas_is_read_as_keras_reads_it():
    table = pd.DataFrame({"a": X[:, 0], "b": np.arange(ROWS)})
    assert assert_contract(lambda: model(inputs=keras.Input((2,))), table, pd.Series(Y[:, 0])) == ""
    assert assert_contract(lambda: model(inputs=keras.Input((1,))), table["a"], table["b"]) == ""


def test_a_step_put_into_the_model_is_seen():
    patched = model()
    patched.train_step = lambda data: {}
    with pytest.raises(BatchVizError, match="train_step of its own"):
        fit(patched, X, Y)


def test_an_optimiser_made_for_other_weights_is_refused_as_in_keras():
    first = model()
    fit(first, X, Y, verbose=0)
    other = model(optimizer=first.optimizer)
    with pytest.raises(BatchVizError, match="Unknown variable"):
        fit(other, X, Y)
