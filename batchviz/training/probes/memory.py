"""What an update takes of a process's memory, as the operating system counts it."""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf
from cachetools import LRUCache, cached

from batchviz.experiment.plan import plan_for
from batchviz.experiment.probes import Numbers, Probe
from batchviz.experiment.spec import RunSpec
from batchviz.training.reports import peak_memory as process_peak
from batchviz.training.run import cached_model, objective
from batchviz.training.stopwatch import drawn

STEP = 512
"""Examples by which a batch grows."""
STEPS = 8
"""Over which the peak is compared: what else the process takes meanwhile counts little beside them."""
RISEN = 2e6
"""Bytes by which the peak must have risen before it is believed to follow the batch."""
MAX_EXAMPLES = 40_000


def peak_memory(probe: Probe) -> Numbers:
    """`bytes an example`: what the peak of one update's memory grows by for each example of the batch.

    Batches grow until the process's peak rises: TensorFlow keeps the memory that it had, and below that nothing shows.
    From there STEPS are measured. Beside it `inputs` and `outputs of layers`, numbers an example of the network.
    NaN where the system does not tell peaks, or where they do not rise.
    """
    spec = probe.spec
    cached_model(spec).start_from(spec)
    return {
        "bytes an example": _updates(spec).growth(),
        "inputs": float(spec.network.inputs),
        "outputs of layers": float(plan_for(spec).size.activations),
    }


@cached(LRUCache(2), key=RunSpec.graph_key)
def _updates(spec: RunSpec) -> _Updates:
    return _Updates(spec)


class _Updates:
    """Updates of one network with ever larger batches."""

    def __init__(self, spec: RunSpec) -> None:
        model, loss = cached_model(spec).model, keras.losses.get(objective(spec)["loss"])
        variables = [variable.value for variable in model.trainable_variables]

        @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
        def gradients(x: Any, y: Any) -> list[Any]:
            with tf.GradientTape() as tape:
                value = tf.reduce_mean(loss(y, model(x, training=True)))
            return list(tape.gradient(value, variables))

        self._gradients = gradients
        self._x, self._y = (tf.convert_to_tensor(values) for values in drawn(spec, MAX_EXAMPLES))
        self._reached = 0

    def growth(self) -> float:
        """Bytes an example of the first steps that the process has no memory for yet."""
        before = self._peak_after(self._reached + STEP)
        while self._reached < MAX_EXAMPLES - (STEPS + 1) * STEP:
            here = self._peak_after(self._reached + STEP)
            if here - before > RISEN:
                return (self._peak_after(self._reached + STEPS * STEP) - here) / (STEPS * STEP)
        return math.nan

    def _peak_after(self, size: int) -> float:
        self._gradients(self._x[:size], self._y[:size])
        self._reached = size
        return process_peak()
