"""`run_spec`: from a spec to an outcome, as a worker does it; models and their compiled loops are kept between runs.

A second run of the same architecture needs no tracing: the kept model gets the fresh initial weights of the
new run's seed, which are the very weights that a new model would have.
"""

from __future__ import annotations

import functools
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from batchviz.experiment import datasets, models, optimizers
from batchviz.experiment.records import EPOCH_COLUMNS, UPDATE_COLUMNS, Outcome, Report, Series
from batchviz.experiment.spec import RunSpec
from batchviz.training.fit import fit
from batchviz.training.loop import Loop
from batchviz.training.recording import Recording

KEPT_MODELS = 8
KEPT_SEEDS = 32


def run_spec(
    spec: RunSpec,
    report: Callable[[Report], None] = lambda report: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Train one spec. `report` is handed what is new a few times a second; `should_stop` is asked between updates."""
    recording = record(spec, report=_Reporter(report), should_stop=should_stop)
    return Outcome(recording.status, recording.reason, _final(recording, spec), recording.progress)


def record(
    spec: RunSpec,
    report: Callable[[Recording], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Recording:
    """Train one spec and return everything it recorded."""
    x, y = _arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed)
    kept = _kept_model(spec)
    kept.start_from(spec)
    if kept.loop is None:
        kept.loop = Loop(kept.model, x, y, accumulates=spec.accumulation > 1)
    plan = spec.plan
    budget: dict[str, Any] = {"epochs": None, spec.budget_unit: spec.budget}
    return fit(
        kept.model,
        x,
        y,
        batch_size=spec.batch_size,
        validation_split=spec.validation_split,
        seed=spec.seed,
        batch_schedule=spec.batch_schedule,
        learning_rate=lambda epoch: plan.epoch(epoch).learning_rate,
        accumulation=spec.accumulation,
        **budget,
        report=report,
        should_stop=should_stop,
        loop=kept.loop,
    )


@functools.lru_cache(maxsize=4)
def _arrays(dataset: str, rows: int, noise: float, seed: int) -> tuple[Any, Any]:
    x, y = datasets.find(dataset).load(rows, noise, seed)
    return tf.convert_to_tensor(x), tf.convert_to_tensor(y)


@dataclass
class CachedModel:
    """A compiled model, its loop, and the initial values of its variables for the seeds seen."""

    model: Any
    loop: Loop | None = None
    initial: OrderedDict[int, list[Any]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.zeros = [tf.zeros(variable.shape, variable.dtype) for variable in self.model.optimizer.variables]

    def start_from(self, spec: RunSpec) -> None:
        """Give the model and its optimiser the state that a model made for this seed starts with."""
        if spec.seed not in self.initial:
            fresh = _seeded(spec) if self.initial else self.model
            self.initial[spec.seed] = _values(fresh)
            if len(self.initial) > KEPT_SEEDS:
                self.initial.popitem(last=False)
        variables = [*self.model.variables, *self.model.optimizer.variables]
        for variable, value in zip(variables, [*self.initial[spec.seed], *self.zeros], strict=True):
            variable.value.assign(value, read_value=False)  # Keras' own checks take three times as long


_models: OrderedDict[tuple[Any, ...], CachedModel] = OrderedDict()


def _kept_model(spec: RunSpec) -> CachedModel:
    # Everything that shapes the graph; sizes, rates, rows and seeds flow through it.
    key: tuple[Any, ...] = (
        spec.dataset,
        spec.model,
        spec.hidden,
        spec.activation,
        spec.dropout,
        spec.batch_norm,
    )
    key += (spec.optimizer, spec.momentum, spec.accumulation > 1)
    if key not in _models:
        model = _seeded(spec)
        model.compile(optimizer=optimizers.build(spec), **_objective(spec))
        model.optimizer.build(model.trainable_variables)
        kept = CachedModel(model)
        kept.initial[spec.seed] = _values(model)
        _models[key] = kept
        while len(_models) > KEPT_MODELS:
            _models.popitem(last=False)
    _models.move_to_end(key)
    return _models[key]


def _values(model: Any) -> list[Any]:
    """The values of its variables as they are now."""
    return [tf.convert_to_tensor(variable.numpy().copy()) for variable in model.variables]


def _seeded(spec: RunSpec) -> Any:
    """The model as plain Keras makes it after `set_random_seed`: the same start for every batch size."""
    keras.utils.set_random_seed(spec.seed)
    return models.build(spec)


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
    progress, plan = recording.progress, spec.plan
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
