"""A Keras callback that keeps all of a `fit`: every update, every epoch, the time that training took."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from typing import Any

import keras
import numpy as np

from batchviz.training import keras_private
from batchviz.training.step_observer import CAPACITY, COLUMNS, Rows, StepObserver


class FitObserver(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """What one or several calls of `fit` did, in the order of training. `metric_names`: of which the first is kept."""

    def __init__(self, metric_names: Collection[str] = ()) -> None:
        super().__init__()
        self.epochs: list[dict[str, float]] = []
        """A row an epoch that ended, in columns of SERIES["epochs"]; NaN for what was not measured."""
        self.finished = False
        """Whether `fit` came to its end."""
        self.seconds = 0.0
        """Of the epochs that ended, without evaluation and without tracing the first step."""
        self.metric: str | None = None
        """The metric that is kept, as Keras logs it; None without one."""
        self._metric_names = metric_names
        self._pieces: list[Rows] = []
        self._made, self._examples = 0, 0.0
        self._observer: StepObserver | None = None
        self._unread = 0

    @property
    def updates(self) -> Rows:
        """Every update so far: the batch's own loss and metric, its examples, the learning rate of its update."""
        self._drain()
        return {
            name: np.concatenate([np.empty(0, np.float32), *(piece[name] for piece in self._pieces)])
            for name in COLUMNS
        }

    @property
    def lost(self) -> int:
        """Updates that were made too many at once to be noted."""
        return 0 if self._observer is None else self._observer.lost

    @property
    def several_devices(self) -> bool:
        """Whether batches are cut up between devices: then epochs are kept and updates are not."""
        strategy = getattr(self.model, "distribute_strategy", None)
        return strategy is not None and strategy.num_replicas_in_sync > 1

    @property
    def loss_name(self) -> str:
        """What `compile` was given as loss."""
        loss = getattr(self.model, "loss", None)
        named = (
            loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", None)
        )
        return str(named or "its own loss")

    @property
    def description(self) -> str:
        """What is known of the training beside its numbers."""
        optimizer = type(getattr(self.model, "optimizer", None)).__name__
        built = f", {self.model.count_params():,} parameters" if self.model.built else ""
        return f"Keras {keras.__version__}: loss {self.loss_name}, optimiser {optimizer}{built}."

    @property
    def global_seed(self) -> int | None:
        """That of `keras.utils.set_random_seed`; None where it was not called."""
        return keras_private.global_seed()

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        self.finished = False
        self._compiling = True
        if self._observer is None:
            self._observer = StepObserver(self._metric_names)
        if not self.several_devices:
            self._observer.start(self.model)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._began = time.perf_counter()
        self._evaluating = 0.0
        self._executions = 0
        self._first_ended = 0.0

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        # Not at a batch's end: Keras then fetches the logs of every batch, and no longer runs callbacks beside it.
        self._executions += 1
        if self._executions == 2:
            self._first_ended = time.perf_counter()
        if batch - self._unread >= CAPACITY // 2:
            self._drain()
            self._unread = batch

    def on_test_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        self._evaluation_began = time.perf_counter()

    def on_test_end(self, logs: Mapping[str, Any] | None = None) -> None:
        self._evaluating = getattr(self, "_evaluating", 0.0) + time.perf_counter() - self._evaluation_began

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        self.seconds += self._epoch_seconds(time.perf_counter())
        self._drain()
        self._unread = 0
        keras_logs = dict(logs or {})
        self.metric = next((name for name in self._metric_names if name in keras_logs), None)
        values = {
            "updates": float(self._made) or math.nan,
            "examples": self._examples or math.nan,
            "seconds": self.seconds,
            "loss": keras_logs.get("loss"),
            "metric": keras_logs.get(self.metric or ""),
            "val_loss": keras_logs.get("val_loss"),
            "val_metric": keras_logs.get(f"val_{self.metric}"),
        }
        self.epochs.append(
            {name: math.nan if value is None else float(value) for name, value in values.items()}
        )

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        self._drain()
        if self._observer is not None:
            self._observer.stop(self.model)
        self.finished = True

    def _epoch_seconds(self, now: float) -> float:
        """Training of this epoch; a first step that had to be traced counts as the mean of the others."""
        whole = now - self._began - self._evaluating
        compiling, self._compiling = self._compiling, False
        if not compiling or self._executions < 2:
            return whole
        others = whole - (self._first_ended - self._began)
        return others * self._executions / (self._executions - 1)

    def _drain(self) -> None:
        if self._observer is not None and len((rows := self._observer.read())["loss"]):
            self._pieces.append(rows)
            self._made += len(rows["loss"])
            self._examples += float(rows["batch_size"].sum(dtype=float))
