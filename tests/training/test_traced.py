"""The shortcuts into TensorFlow: one trace for graph mode and XLA, one thread for light loops, calls without checks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from batchviz.training import fit
from batchviz.training.data import tensors
from batchviz.training.loop import Loop
from batchviz.training.xla import TracedFunction


def network(*layers, width=1):
    model = keras.Sequential([keras.Input((3,)), *layers, keras.layers.Dense(width)])
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    return model


def data(width=1):
    random = np.random.default_rng(0)
    return tensors([random.normal(size=(20, columns)).astype("float32") for columns in (3, width)])


def executors(loop):
    """What runs the loop's body, None for TensorFlow's default executor."""
    loops = [op for op in loop._function(False)._concrete.graph.get_operations() if op.type == "While"]
    assert len(loops) == 1
    bodies = [op.get_attr("body").attr for op in loops]
    return [body["_executor"].s.decode() if "_executor" in body else None for body in bodies]


@pytest.mark.parametrize(
    ("layers", "accumulates", "runs_on"),
    [
        ([keras.layers.Dense(4, activation="relu"), keras.layers.Dropout(0.5)], False, "SINGLE_THREADED_EXECUTOR"),
        ([keras.layers.Dense(4)], True, None),  # a branch, which would wait for itself
        ([keras.layers.Dense(70_000)], False, None),  # not light
        ([keras.layers.Reshape((3, 1)), keras.layers.LSTM(2)], False, None),  # a loop of its own
        ([keras.layers.Reshape((3, 1)), keras.layers.Conv1D(2, 2), keras.layers.Flatten()], False, None),
    ],
    ids=["dense", "accumulating", "large", "recurrent", "convolving"],
)  # fmt: skip
def test_only_light_loops_without_branches_run_on_one_thread(layers, accumulates, runs_on):
    assert executors(Loop(network(*layers), *data(), accumulates=accumulates)) == [runs_on]


def test_a_layer_that_calls_python_is_trained():
    class Doubled(keras.layers.Layer):
        def call(self, x):
            doubled = tf.numpy_function(lambda values: 2 * values, [x], tf.float32)
            return x + tf.reshape(tf.stop_gradient(doubled), tf.shape(x))

    model = network(Doubled())
    assert executors(Loop(model, *data())) == [None]
    assert len(fit(model, *data(), batch_size=8, epochs=2).updates["loss"]) == 6


def test_xla_compiles_what_graph_mode_traced():
    traces = []

    class Counted(keras.layers.Layer):
        def call(self, x, training=None):
            traces.append(training)
            return x

    model, (x, y) = network(Counted()), data()
    loop = Loop(model, x, y)
    traces.clear()
    for compiled in (True, False):
        fit(model, x, y, batch_size=4, epochs=2, compiled=compiled, loop=loop)
    assert traces.count(True) == 1


def test_arguments_may_be_nests_in_any_order():
    spec = tf.TensorSpec([None], tf.float32)
    first = TracedFunction(lambda nest, scale: nest["b"] - nest["a"] * scale, ({"b": spec, "a": spec}, spec))
    for traced in (first, first.compiled()):
        a, b, scale = tf.constant([1.0]), tf.constant([10.0]), tf.constant([3.0])
        for nest in ({"a": a, "b": b}, {"b": b, "a": a}):
            (result,) = traced(nest, scale)
            assert result.numpy().tolist() == [7.0]


@pytest.mark.parametrize("width", [1, 3])
def test_the_mean_absolute_error_is_that_of_keras(width):
    model, (x, y) = network(width=width), data(width)
    recorded = fit(model, x, y, batch_size=20, epochs=1, shuffle=False)
    expected = model.evaluate(x, y, verbose=0, return_dict=True)["mae"]
    assert recorded.epochs["train_mae"][0] == pytest.approx(expected, rel=1e-6)


def test_one_number_an_example_is_measured_as_in_keras():
    x, y = (values.numpy() for values in data())

    def model():
        keras.utils.set_random_seed(1)
        flat = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1), keras.layers.Reshape(())])
        flat.compile(optimizer="sgd", loss="mse", metrics=["mae"])
        return flat

    ours = fit(model(), x, y[:, 0], batch_size=8, epochs=2, shuffle=False).history
    theirs = model().fit(x, y[:, 0], batch_size=8, epochs=2, shuffle=False, verbose=0).history
    for name, values in theirs.items():
        np.testing.assert_allclose(ours[name], values, rtol=5e-5)
