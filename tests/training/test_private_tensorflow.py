"""TensorFlow's private names that we reach for are there, and do what we take them for."""

from __future__ import annotations

import pytest
import tensorflow as tf

from batchviz.training import tensorflow_private


@pytest.fixture(scope="module")
def traced():
    """A traced function with a loop inside that reads a variable."""
    weight = tf.Variable(2.0)

    @tf.function(autograph=False)
    def doubled(x):
        return tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * weight), (0, x))[1]

    function = doubled.get_concrete_function(tf.TensorSpec([], tf.float32))
    loops = [operation for operation in function.graph.get_operations() if operation.type == "While"]
    return {
        "_get_function": function.graph,
        "_set_attr": loops[0],
        "inference_fn": function,
        "call_flat": getattr(function, "inference_fn", None),
        "captured_inputs": function,
    }


@pytest.mark.parametrize("name", tensorflow_private.NAMES)
def test_tensorflow_has_the_name(traced, name):
    owner = traced[name]
    assert hasattr(owner, name), (
        f"TensorFlow {tf.__version__} has no {type(owner).__name__}.{name} any more "
        f"({tensorflow_private.NAMES[name]}). It was there in {tensorflow_private.SEEN_IN}: look for what took its "
        "place and mend training/tensorflow_private.py."
    )


def test_a_flat_call_gives_what_a_call_gives(traced):
    function = traced["captured_inputs"]
    (result,) = tensorflow_private.flat_call(function)(tf.constant(5.0))
    assert float(result) == float(function(tf.constant(5.0))) == 5 * 2**3


def test_a_loop_is_put_on_one_thread(traced):
    loop, graph = traced["_set_attr"], traced["_get_function"]
    functions = {name: loop.get_attr(name) for name in ("cond", "body")}
    assert "Mul" in [
        operation.type for operation in tensorflow_private.operations_of(graph, functions["body"].name)
    ]
    tensorflow_private.run_on_one_thread(loop, functions)
    assert loop.get_attr("body").attr["_executor"].s == tensorflow_private.SINGLE_THREADED
    assert loop.get_attr("_lower_using_switch_merge") is False
