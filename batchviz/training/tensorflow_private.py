"""What we reach into TensorFlow for: every private name, in one place, as seen in TensorFlow 2.21.

TensorFlow publishes neither which executor a loop inside a graph runs on, nor a call of a traced function that trusts
its arguments. `tests/training/test_private_tensorflow.py` has a case for each name and says which is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from batchviz.errors import BatchVizError

SEEN_IN = "2.21"
NAMES: Mapping[str, str] = {
    "_get_function": "a function inside a graph, by name",
    "_set_attr": "an operation's attribute, to be set",
    "inference_fn": "what a traced function calls without gradients",
    "call_flat": "a call of it with flat, trusted arguments",
    "captured_inputs": "the variables that a traced function reads",
}
"""Name -> what it is. Not all begin with an underscore; none is documented."""

SINGLE_THREADED = b"SINGLE_THREADED_EXECUTOR"


def flat_call(function: Any) -> Callable[..., Any]:
    """A call of a ConcreteFunction with flat tensors, which are trusted to be what it was traced for.

    A `tf.function` compares its arguments with what it was traced for, and a ConcreteFunction casts them, at every
    call: as long as TensorFlow then takes to start.
    """
    call = read(read(function, "inference_fn"), "call_flat")
    captures = read(function, "captured_inputs")
    return lambda *tensors: call(*tensors, *captures)


def operations_of(graph: Any, function: str) -> list[Any]:
    """The operations of a function that a graph calls by this name."""
    return list(read(graph, "_get_function")(function).graph.get_operations())


def called_by(graph: Any, operation: Any) -> list[Any]:
    """The graphs of the functions that an operation calls."""
    values = [
        operation.get_attr(attribute.name) for attribute in operation.op_def.attr if "func" in attribute.type
    ]
    named = [
        function.name for value in values for function in (value if isinstance(value, list) else [value])
    ]
    return [read(graph, "_get_function")(name).graph for name in named if name]


def run_on_one_thread(loop: Any, functions: Mapping[str, Any]) -> None:
    """Put a While operation on the single-threaded executor; `functions` are its attributes cond and body."""
    from tensorflow.core.framework.attr_value_pb2 import AttrValue

    set_attribute = read(loop, "_set_attr")
    for name, function in functions.items():
        function.attr["_executor"].s = SINGLE_THREADED
        set_attribute(name, AttrValue(func=function))
    # As a loop of its own, not as jumps in the graph around it, which is the default executor's.
    set_attribute("_lower_using_switch_merge", AttrValue(b=False))


def read(owner: Any, name: str) -> Any:
    """A private attribute. Raises BatchVizError, which names it and says what to install, where it is gone."""
    try:
        return getattr(owner, name)
    except AttributeError:
        raise BatchVizError(
            f"TensorFlow {tf.__version__} has no {type(owner).__name__}.{name}, {NAMES[name]}, which BatchViz uses in "
            f"TensorFlow {SEEN_IN}. Install tensorflow=={SEEN_IN}.*, or mend batchviz/training/tensorflow_private.py."
        ) from None
