"""When compiling pays: XLA for thousands of small updates, TensorFlow's graph optimiser for large models."""

from __future__ import annotations

import contextlib
import gc
import math
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from batchviz.training.budget import Budget

XLA_BATCHES = 6000  # below, compiling (100-200 ms) costs more than it saves (about 25 us a batch)
XLA_WORK = 500_000  # weights x batch size above which arithmetic, not overhead, sets the pace
SMALL = (
    100_000  # weights up to which the graph optimiser costs (50 ms) more than it gains, and threads do too
)


def pays(model: Any, budget: Budget, *, rows: int, batch_size: int, accumulation: int = 1) -> bool:
    """Whether XLA is for this run; decided by its arithmetic alone, so that its last digits do not hang on luck."""
    if model.count_params() * batch_size > XLA_WORK or _reuses_weights(model):
        return False
    batches = math.ceil(rows / batch_size)
    return batches * budget.epochs_at_most(rows, math.ceil(batches / accumulation)) >= XLA_BATCHES


@contextlib.contextmanager
def quick_start(model: Any) -> Iterator[None]:
    """Trace without Python's collector, and small models without TensorFlow's graph optimiser."""
    before = tf.config.optimizer.get_experimental_options().get("disable_meta_optimizer", False)
    switch = model.count_params() <= SMALL and not before
    collecting = gc.isenabled()
    if switch:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        if switch:
            tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False})


def is_light(model: Any) -> bool:
    """Whether overhead takes a good part of a step: the leanest executor is for it, and weights tell its pace."""
    return bool(model.count_params() <= SMALL) and not _reuses_weights(model)


def _reuses_weights(model: Any) -> bool:
    """Whether a layer may apply its weights at many places of an example, as convolutions and recurrent layers do."""
    layers = [
        layer for layer in model._flatten_layers() if not isinstance(layer, keras.Model) and layer.weights
    ]
    return any(not shapes or max(map(len, shapes.values())) > 2 for shapes in map(_built_for, layers))


def _built_for(layer: Any) -> dict[str, Any]:
    return layer._build_shapes_dict or {}
