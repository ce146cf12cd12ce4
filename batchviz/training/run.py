"""`run_spec`: from a spec to an outcome, as a worker does it; models and their compiled loops are kept between runs.

A second run of the same architecture needs no tracing: the kept model gets the fresh initial weights of the
new run's seed, which are the very weights that a new model would have.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Collection
from typing import Any

import keras
import tensorflow as tf
from cachetools import LRUCache, cached

from batchviz.experiment import datasets, models, optimizers
from batchviz.experiment.datasets import FetchOwn
from batchviz.experiment.moments import moments
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Outcome, Report
from batchviz.experiment.spec import RunSpec
from batchviz.training import keras_private
from batchviz.training.fit import fit
from batchviz.training.loop import Loop
from batchviz.training.recording import Recording
from batchviz.training.reports import Reporter, outcome

MAX_CACHED_BYTES = 128_000_000
"""Of models with their optimisers' slots, and as much of initial weights: a worker's memory stays that of its run."""
MAX_CACHED_MODELS = 8
"""Of small ones: their graphs take some MB each, whatever their weights."""


def run_spec(
    spec: RunSpec,
    report: Callable[[Report], None] = lambda report: None,
    should_stop: Callable[[], bool] = lambda: False,
    fetch_own: FetchOwn | None = None,
    measure_at: Collection[int] | None = (),
) -> Outcome:
    """Train one spec. `report` is handed what is new a few times a second; `should_stop` is asked between updates.

    `fetch_own` gives visitors' own data, where it is to be had. `measure_at`: updates after which to evaluate, beside
    those that `moments` finds worth it; None for the ends of epochs alone.
    """
    recording = record(
        spec, report=Reporter(report), should_stop=should_stop, fetch_own=fetch_own, measure_at=measure_at
    )
    return outcome(recording, spec)


def record(
    spec: RunSpec,
    report: Callable[[Recording], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    fetch_own: FetchOwn | None = None,
    measure_at: Collection[int] | None = (),
) -> Recording:
    """Train one spec and return everything it recorded."""
    training_rows = plan_for(spec).training_rows
    x, y = arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, fetch_own, training_rows)
    entry = cached_model(spec)
    entry.start_from(spec)
    if entry.loop is None:
        entry.loop = Loop(entry.model, x, y, accumulates=spec.accumulation > 1)
    schedule = spec.schedule
    budget: dict[str, Any] = {"epochs": None, spec.budget_unit: spec.budget}
    return fit(
        entry.model,
        x,
        y,
        batch_size=spec.batch_size,
        validation_split=spec.validation_split,
        seed=spec.seed,
        batch_schedule=spec.batch_schedule,
        learning_rate=lambda epoch: schedule.epoch(epoch).learning_rate,
        accumulation=spec.accumulation,
        **budget,
        measure_at=() if measure_at is None else moments(plan_for(spec), measure_at),
        report=report,
        should_stop=should_stop,
        loop=entry.loop,
        verbose=0,
    )


@functools.lru_cache(maxsize=4)
def arrays(
    dataset: str, rows: int, noise: float, seed: int, fetch_own: FetchOwn | None, training_rows: int
) -> tuple[Any, Any]:
    """Of a data set, as tensors."""
    x, y = datasets.load(dataset, rows, noise, seed, fetch_own, training_rows)
    return tf.convert_to_tensor(x), tf.convert_to_tensor(y)


class CachedModel:
    """A compiled model and its loop."""

    def __init__(self, spec: RunSpec) -> None:
        self.model = seeded_model(spec)
        self.model.compile(optimizer=_optimizer(spec), **objective(spec))
        self.model.optimizer.build(self.model.trainable_variables)
        self.zeros = [tf.zeros(variable.shape, variable.dtype) for variable in self.model.optimizer.variables]
        self.loop: Loop | None = None

    def start_from(self, spec: RunSpec) -> None:
        """Give the model and its optimiser the state that a model made for this seed starts with."""
        variables = [*self.model.variables, *self.model.optimizer.variables]
        for variable, value in zip(variables, [*initial_values(spec), *self.zeros], strict=True):
            variable.value.assign(value, read_value=False)  # Keras' own checks take three times as long

    @property
    def bytes(self) -> int:
        """Of its variables and its optimiser's."""
        return _bytes([variable.value for variable in self.model.variables]) + 2 * _bytes(self.zeros)


def _bytes(tensors: list[Any]) -> int:
    return sum(int(tensor.shape.num_elements()) * tensor.dtype.size for tensor in tensors)


def _size(entry: CachedModel) -> int:
    return max(entry.bytes, MAX_CACHED_BYTES // MAX_CACHED_MODELS)


@cached(LRUCache(MAX_CACHED_BYTES, getsizeof=_bytes), key=lambda spec: (spec.network, spec.seed))
def initial_values(spec: RunSpec) -> list[Any]:
    """The values of a new model's variables for this seed, in their order.

    Its layers draw them as in `seeded_model`, but no model is put together, and TensorFlow is not given a seed, which
    none of them asks for and at which it forgets every operation that it has prepared: somebody waits for the first
    point meanwhile.
    """
    with keras_private.drawing_seeds_from(random.Random(spec.seed)):
        layers, shape = models.layers(spec.network), (None, spec.network.inputs)
    for layer in layers:
        layer.build(shape)
        shape = layer.compute_output_shape(shape)
    return [value for layer in layers for value in _values(layer)]


@cached(LRUCache(MAX_CACHED_BYTES, getsizeof=_size), key=RunSpec.graph_key)
def cached_model(spec: RunSpec) -> CachedModel:
    """The model of an earlier run of the same graph, or a new one."""
    return CachedModel(spec)


def _values(model: Any) -> list[Any]:
    """The values of its variables as they are now."""
    return [tf.convert_to_tensor(variable.numpy().copy()) for variable in model.variables]


def seeded_model(spec: RunSpec) -> Any:
    """The model as plain Keras makes it after `set_random_seed`: the same start for every batch size."""
    keras.utils.set_random_seed(spec.seed)
    with keras_private.drawing_seeds_from(random.Random(spec.seed)):
        return models.build(spec.network)


def _optimizer(spec: RunSpec) -> Any:
    return optimizers.build(spec.optimizer, learning_rate=spec.learning_rate, momentum=spec.momentum)


def objective(spec: RunSpec) -> dict[str, Any]:
    """The loss and metrics of a data set's task, as `compile` takes them."""
    if datasets.find(spec.dataset).task == "classification":
        return {"loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True), "metrics": ["accuracy"]}
    return {"loss": "mse", "metrics": ["mae"]}


def row_losses(spec: RunSpec) -> Callable[[Any, Any], Any]:
    """The loss of a data set's task: targets, answers -> the loss of each row."""
    loss = keras.losses.get(objective(spec)["loss"])
    return loss.call if isinstance(loss, keras.losses.Loss) else loss  # type: ignore[no-any-return]
