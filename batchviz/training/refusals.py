"""What Keras or TensorFlow stops at, said in one sentence with what was given; their own error stays attached to it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from batchviz.errors import BatchVizError

MAX_REASON = 300  # characters of somebody else's error

_MARKS = re.compile(r"\x1b\[\d*m|\{\{.*?\}\}|\[\[.*?\]\]|\[Op:[^\]]*\]")
"""Colours of a terminal, and names of nodes in a graph."""


@contextlib.contextmanager
def in_words(model: Any, x: Any, y: Any) -> Iterator[None]:
    """Raise BatchVizError in place of whatever is raised inside; `x` and `y` are what the model is trained on."""
    try:
        yield
    except BatchVizError:
        raise
    except Exception as error:
        raise BatchVizError(
            f"{model.name} cannot be trained on x of {_shapes(x)} and y of {_shapes(y)}: {_reason(error)} "
            "Pass x as the model's Input declares it and y as its loss takes it."
        ) from error


def _shapes(nest: Any) -> str:
    shapes = [
        f"shape {tuple(values.shape)} {tf.as_dtype(values.dtype).name}" for values in keras.tree.flatten(nest)
    ]
    return " and ".join(shapes)


def _reason(error: Exception) -> str:
    """The first sentence or so of an error, on one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("Traceback", "File ", "Detected at node"))]
    text = _MARKS.sub("", " ".join(lines)).strip()[:MAX_REASON] or type(error).__name__
    return text if text.endswith(".") else f"{text.rstrip(' :,')}."
