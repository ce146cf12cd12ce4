"""How far the gradients of random batches lie from the gradient of all rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from batchviz.experiment.plan import plan_for
from batchviz.experiment.probes import Numbers, Probe
from batchviz.experiment.spec import RunSpec
from batchviz.training.run import arrays, cached_model, objective

BATCHES = 400


def gradient_noise(probe: Probe) -> Numbers:
    """`B = size`: mean |g_B - G|^2 over BATCHES batches drawn without replacement, as a share of |G|^2.

    At the initial weights of the spec's seed, over its training rows; `rows` is their number.
    """
    spec, rows = probe.spec, plan_for(probe.spec).training_rows
    x, y = arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, None, rows)
    cached_model(spec).start_from(spec)
    gradients = _flat(_example_gradients(spec)(x[:rows], y[:rows]))
    whole = gradients.mean(axis=0)
    random = np.random.default_rng(spec.seed)
    numbers = {"rows": float(rows)}
    for size in probe.sizes:
        means = np.stack([gradients[random.permutation(rows)[:size]].mean(axis=0) for _ in range(BATCHES)])
        distances = ((means - whole) ** 2).sum(axis=1)
        numbers[f"B = {size}"] = float(distances.mean() / (whole**2).sum())
    return numbers


@cached(LRUCache(2), key=RunSpec.graph_key)
def _example_gradients(spec: RunSpec) -> Callable[[Any, Any], list[Any]]:
    """x, y -> the gradient of each row's loss, a tensor a variable with the rows first."""
    model, loss = cached_model(spec).model, keras.losses.get(objective(spec)["loss"])

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def each(x: Any, y: Any) -> list[Any]:
        def example(row: tuple[Any, Any]) -> list[Any]:
            with tf.GradientTape() as tape:
                value = loss(row[1][None], model(row[0][None]))
            return list(tape.gradient(value, [variable.value for variable in model.trainable_variables]))

        return list(tf.vectorized_map(example, (x, y)))

    return each  # type: ignore[no-any-return]


def _flat(parts: list[Any]) -> NDArray[np.float64]:
    """(rows, parameters)."""
    return np.concatenate([part.numpy().reshape(len(part), -1) for part in parts], axis=1).astype(np.float64)
