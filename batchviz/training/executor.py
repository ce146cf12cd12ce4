"""Which of TensorFlow's executors runs the steps of a loop in graph mode.

The default one may run operations side by side, and pays for that with locks and queues around each of them:
in a step of a small network they cost more than the arithmetic. The single-threaded one takes the operations
in a fixed order, and the constants for granted; a step takes two thirds of the time.
"""

from __future__ import annotations

from typing import Any

SINGLE_THREADED = b"SINGLE_THREADED_EXECUTOR"


def one_thread(graph: Any) -> None:
    """Run the while loops made in `graph` on the single-threaded executor, if their operations allow it."""
    from tensorflow.core.framework.attr_value_pb2 import AttrValue

    for loop in graph.get_operations():
        if loop.type != "While":
            continue
        functions = {name: loop.get_attr(name) for name in ("cond", "body")}
        if all(_is_simple(op) for f in functions.values() for op in _operations(graph, f.name)):
            for name, function in functions.items():
                function.attr["_executor"].s = SINGLE_THREADED
                loop._set_attr(name, AttrValue(func=function))
            # As a loop of its own, not as jumps in the graph around it, which is the default executor's.
            loop._set_attr("_lower_using_switch_merge", AttrValue(b=False))


def _operations(graph: Any, function: str) -> Any:
    return graph._get_function(function).graph.get_operations()


def _is_simple(operation: Any) -> bool:
    """Whether it only computes, or reads or writes a variable.

    What calls functions or waits for something needs a second thread to go on.
    """
    definition = operation.op_def
    calls = any(attribute.type in ("func", "list(func)") for attribute in definition.attr)
    of_variables = operation.type.startswith(("ReadVariable", "Assign", "Resource"))
    return not calls and (not definition.is_stateful or of_variables)
