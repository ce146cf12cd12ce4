"""`run_spec`: from a spec to an outcome, as a worker does it; models and their compiled loops are kept between runs.

A second run of the same architecture needs no tracing: the kept model gets the fresh initial weights of the
new run's seed, which are the very weights that a new model would have.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from cachetools import LRUCache, cached

from batchviz.experiment import datasets, models, optimizers
from batchviz.experiment.datasets import FetchOwn
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import EPOCH_COLUMNS, UPDATE_COLUMNS, Outcome, Report, Series
from batchviz.experiment.spec import RunSpec
from batchviz.training.fit import fit
from batchviz.training.loop import Loop
from batchviz.training.recording import Recording

MAX_CACHED_MODELS = 8
MAX_CACHED_SEEDS = 32


def run_spec(
    spec: RunSpec,
    report: Callable[[Report], None] = lambda report: None,
    should_stop: Callable[[], bool] = lambda: False,
    fetch_own: FetchOwn | None = None,
) -> Outcome:
    """Train one spec. `report` is handed what is new a few times a second; `should_stop` is asked between updates.

    `fetch_own` gives visitors' own data, where it is to be had.
    """
    recording = record(spec, report=_Reporter(report), should_stop=should_stop, fetch_own=fetch_own)
    return Outcome(recording.status, recording.reason, _final(recording, spec), recording.progress)


def record(
    spec: RunSpec,
    report: Callable[[Recording], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    fetch_own: FetchOwn | None = None,
) -> Recording:
    """Train one spec and return everything it recorded."""
    x, y = _arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, fetch_own)
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
        report=report,
        should_stop=should_stop,
        loop=entry.loop,
    )


@functools.lru_cache(maxsize=4)
def _arrays(dataset: str, rows: int, noise: float, seed: int, fetch_own: FetchOwn | None) -> tuple[Any, Any]:
    x, y = datasets.load(dataset, rows, noise, seed, fetch_own)
    return tf.convert_to_tensor(x), tf.convert_to_tensor(y)


class CachedModel:
    """A compiled model, its loop, and the initial values of its variables for the seeds seen."""

    def __init__(self, spec: RunSpec) -> None:
        self.model = _seeded(spec)
        self.initial: LRUCache[int, list[Any]] = LRUCache(MAX_CACHED_SEEDS)
        self.initial[spec.seed] = _values(self.model)
        self.model.compile(optimizer=_optimizer(spec), **_objective(spec))
        self.model.optimizer.build(self.model.trainable_variables)
        self.zeros = [tf.zeros(variable.shape, variable.dtype) for variable in self.model.optimizer.variables]
        self.loop: Loop | None = None

    def start_from(self, spec: RunSpec) -> None:
        """Give the model and its optimiser the state that a model made for this seed starts with."""
        if spec.seed not in self.initial:
            self.initial[spec.seed] = _values(_seeded(spec))
        variables = [*self.model.variables, *self.model.optimizer.variables]
        for variable, value in zip(variables, [*self.initial[spec.seed], *self.zeros], strict=True):
            variable.value.assign(value, read_value=False)  # Keras' own checks take three times as long


@cached(LRUCache(MAX_CACHED_MODELS), key=RunSpec.graph_key)
def cached_model(spec: RunSpec) -> CachedModel:
    """The model of an earlier run of the same graph, or a new one."""
    return CachedModel(spec)


def _values(model: Any) -> list[Any]:
    """The values of its variables as they are now."""
    return [tf.convert_to_tensor(variable.numpy().copy()) for variable in model.variables]


def _seeded(spec: RunSpec) -> Any:
    """The model as plain Keras makes it after `set_random_seed`: the same start for every batch size."""
    keras.utils.set_random_seed(spec.seed)
    return models.build(spec.network)


def _optimizer(spec: RunSpec) -> Any:
    return optimizers.build(spec.optimizer, learning_rate=spec.learning_rate, momentum=spec.momentum)


def _objective(spec: RunSpec) -> dict[str, Any]:
    if datasets.find(spec.dataset).task == "classification":
        return {"loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True), "metrics": ["accuracy"]}
    return {"loss": "mse", "metrics": ["mae"]}


class _Reporter:
    """Turns a growing Recording into Reports of what is new, in the store's columns."""

    def __init__(self, report: Callable[[Report], None]) -> None:
        self.report = report
        self.pieces = 0
        self.epochs = -1  # row -1 is the state before the first update

    def __call__(self, recording: Recording) -> None:
        pieces = recording.pieces[self.pieces :]
        self.pieces += len(pieces)
        names = {"loss": "loss", "metric": recording.names[1]}
        updates: Series = {
            column: np.concatenate([np.empty(0, np.float32), *(p[names.get(column, column)] for p in pieces)])
            for column in UPDATE_COLUMNS
        }
        done = len(recording.epochs["updates"])
        rows = [epoch_row(recording, number) for number in range(self.epochs, done)]
        self.epochs = done
        epochs: Series = {c: np.array([row[c] for row in rows], np.float32) for c in EPOCH_COLUMNS}
        self.report(Report(updates, epochs, recording.progress))


def epoch_row(recording: Recording, number: int) -> dict[str, float]:
    """One row in EPOCH_COLUMNS; number -1 is the state before the first update."""
    metric = recording.names[1]
    values = recording.initial if number < 0 else {c: v[number] for c, v in recording.epochs.items()}
    start = {"updates": 0.0, "examples": 0.0, "seconds": 0.0}
    missing = float("nan")
    return {c: values.get(c.replace("metric", metric), start.get(c, missing)) for c in EPOCH_COLUMNS}


def _final(recording: Recording, spec: RunSpec) -> dict[str, float]:
    """The values that lists and cards show; None is never among them, what was not measured is left out."""
    progress, plan = recording.progress, plan_for(spec)
    final: dict[str, float] = {
        "updates": progress.updates,
        "examples": progress.examples,
        "seconds": progress.seconds,
        "setup_seconds": recording.setup_seconds,
        "evaluation_seconds": recording.evaluation_seconds,
        "parameters": plan.size.parameters,
        "multiplications": plan.size.multiplications,
        "batch_size": plan.first.batch_size,
        "peak_memory_bytes": _peak_memory(),
        "training_rows_evaluated": recording.training_rows_evaluated,
        "finished": time.time(),
    }
    if progress.updates and not spec.batch_schedule:
        final["seconds_per_update"] = progress.seconds / progress.updates
    rows = [epoch_row(recording, number) for number in range(len(recording.epochs["updates"]))]
    if rows:
        last = rows[-1]
        final |= {name: last[name] for name in ("loss", "metric", "train_loss", "train_metric")}
        if recording.validation_rows:
            final |= {name: last[name] for name in ("val_loss", "val_metric")}
            final["gap"] = last["val_loss"] - last["train_loss"]
            losses = np.array([row["val_loss"] for row in rows])
            if np.isfinite(losses).any():
                best = int(np.nanargmin(np.where(np.isfinite(losses), losses, np.nan)))
                final |= {"best_val_loss": float(losses[best]), "best_epoch": best + 1}
    return {name: float(value) for name, value in final.items() if np.isfinite(value)}


def _peak_memory() -> float:
    """Bytes of the worker's peak resident memory; NaN where the system does not say."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else peak * 1024)


__all__ = ["epoch_row", "record", "run_spec"]
