"""The peer: plain Keras. A model freshly built and compiled from a spec, and its `fit`; and ours on the same."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from typing import Any

from batchviz.experiment import models, optimizers
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec

CLOCK = time.process_time if os.environ.get("BENCHMARK_CLOCK") == "cpu" else time.perf_counter
"""Wall clock. Processor seconds (`--cpu`) are steadier on a machine that others use as well."""


def compiled_model(spec: RunSpec) -> Any:
    """As a notebook would write it."""
    import keras

    keras.utils.set_random_seed(spec.seed)
    model = models.build(spec.network)
    optimizer = optimizers.build(spec.optimizer, learning_rate=spec.learning_rate, momentum=spec.momentum)
    if DATASETS[spec.dataset].task == "classification":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    else:
        model.compile(optimizer=optimizer, loss="mse", metrics=["mae"])
    return model


def arrays(spec: RunSpec) -> Any:
    """X and y of a spec."""
    return DATASETS[spec.dataset].load(spec.rows, spec.noise, spec.data_seed)


def keras_fit(spec: RunSpec) -> float:
    """Seconds of Keras' own `fit` on a fresh compiled model."""
    model, (x, y) = compiled_model(spec), arrays(spec)
    size = plan_for(spec).first.batch_size
    return seconds(
        lambda: model.fit(
            x, y, batch_size=size, epochs=int(spec.budget), validation_split=spec.validation_split, verbose=0
        )
    )


def our_fit(spec: RunSpec) -> float:
    """Seconds of our `fit` on a fresh compiled model: tracing and compiling included."""
    from batchviz.training import fit

    model, (x, y) = compiled_model(spec), arrays(spec)
    return seconds(
        lambda: fit(
            model,
            x,
            y,
            batch_size=spec.batch_size,
            epochs=int(spec.budget),
            validation_split=spec.validation_split,
            verbose=0,
        )
    )


def worker_run(spec: RunSpec) -> float:
    """Seconds of a worker's whole run: model, data, training, outcome."""
    from batchviz.training import run_spec

    return seconds(lambda: run_spec(spec))


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes, garbage of earlier work swept before."""
    gc.collect()
    begun = CLOCK()
    work()
    return CLOCK() - begun
