"""The loss of each batch of somebody's `fit`, its size and learning rate, noted inside the compiled step itself.

Keras hands its callbacks means over the epoch so far, whose differences lose a batch's own loss to float32 (at batch
size 1 in an epoch of 50,000, half a per cent). So the step of the model writes a row of its own into a ring of rows,
whatever it is fed and however many steps run at once; the ring is read every few thousand steps.

What is trained and what Keras logs stay what they are: the loss is noted on its way to the model's own mean, and a
metric's batch is taken from its sum and count, which start from zero for that batch and are then added to the epoch's.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

COLUMNS = ("loss", "metric", "batch_size", "learning_rate")
CAPACITY = 8192
"""Rows of the ring: 128 kB."""

Rows = dict[str, NDArray[np.float32]]


class StepObserver:
    """Notes every training step of a model between `start` and `stop`."""

    def __init__(self, metric_names: Collection[str]) -> None:
        self._metric_names = metric_names
        self._undo: list[Callable[[], None]] = []
        self._read = 0
        self._metric_found = self._loss_found = False
        self.lost = 0
        """Steps that were overwritten before they were read."""
        with tf.init_scope():
            self._ring = tf.Variable(tf.fill((CAPACITY, len(COLUMNS)), np.float32(np.nan)), trainable=False)
            self._steps = tf.Variable(0, dtype=tf.int64, trainable=False)
            self._loss = tf.Variable(np.float32(np.nan), trainable=False)
            self._metric = tf.Variable(np.float32(np.nan), trainable=False)

    def start(self, model: Any) -> None:
        """From now on the model's steps are noted. Its training function is traced anew."""
        self.stop(model)
        self._metric_found = False
        tracker = next((metric for metric in model.metrics if metric.name == "loss"), None)
        if tracker is not None:
            self._replace(tracker, "update_state", self._noting_loss(tracker.update_state))
        for metric in model.metrics:
            if hasattr(metric, "metrics"):  # those of `compile`, which may be built by the first batch only
                self._replace(metric, "update_state", self._opening(metric, metric.update_state))
            else:
                self._note_metric([metric])
        self._replace(model, "train_step", self._noting_step(model, model.train_step))
        model.make_train_function(force=True)

    def stop(self, model: Any) -> None:
        """The model's own step again; what was noted can still be read."""
        if not self._undo:
            return
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        model.make_train_function(force=True)

    def read(self) -> Rows:
        """The steps since the last reading, those that were still there."""
        steps = int(self._steps.numpy())
        new = steps - self._read
        kept = min(new, CAPACITY)
        self.lost += new - kept
        self._read = steps
        table = (
            self._ring.numpy()[np.arange(steps - kept, steps) % CAPACITY]
            if kept
            else np.empty((0, 4), np.float32)
        )
        return {name: table[:, place].copy() for place, name in enumerate(COLUMNS)}

    def _replace(self, owner: Any, name: str, value: Callable[..., Any]) -> None:
        replaced = vars(owner).get(name)
        setattr(owner, name, value)

        def undo() -> None:
            delattr(owner, name)
            if replaced is not None:
                setattr(owner, name, replaced)

        self._undo.append(undo)

    def _note_metric(self, metrics: Iterable[Any]) -> None:
        """Note the first metric that can be: a mean over examples, of a known name."""
        for metric in metrics:
            mean = isinstance(metric, keras.metrics.Mean) and metric.name in self._metric_names
            if mean and not self._metric_found:
                self._metric_found = True
                self._replace(metric, "update_state", self._noting_metric(metric, metric.update_state))

    def _opening(self, compiled: Any, update_state: Callable[..., Any]) -> Callable[..., Any]:
        def opened(y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
            if not compiled.built:
                compiled.build(y_true, y_pred)
            self._note_metric(compiled.metrics)
            return update_state(y_true, y_pred, sample_weight=sample_weight)

        return opened

    def _noting_loss(self, update_state: Callable[..., Any]) -> Callable[..., Any]:
        def noted(values: Any, sample_weight: Any = None) -> Any:
            self._loss_found = True
            self._loss.assign(tf.reduce_mean(tf.cast(values, tf.float32)))
            return update_state(values, sample_weight=sample_weight)

        return noted

    def _noting_metric(self, metric: Any, update_state: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*positional: Any, **named: Any) -> Any:
            total, count = tf.identity(metric.total.value), tf.identity(metric.count.value)
            metric.total.assign(tf.zeros_like(total))
            metric.count.assign(tf.zeros_like(count))
            result = update_state(*positional, **named)
            batch_total, batch_count = tf.identity(metric.total.value), tf.identity(metric.count.value)
            self._metric.assign(tf.cast(batch_total / batch_count, tf.float32))
            metric.total.assign(total + batch_total)
            metric.count.assign(count + batch_count)
            return result

        return noted

    def _noting_step(self, model: Any, train_step: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noted(data: Any) -> Any:
            self._loss.assign(math.nan)
            self._metric.assign(math.nan)
            rate = _learning_rate(model)
            self._loss_found = False
            logs = train_step(data)
            if not self._loss_found and isinstance(logs, Mapping) and "loss" in logs:
                # A step of the user's own that keeps no mean logs the batch's loss itself.
                self._loss.assign(tf.reduce_mean(tf.cast(logs["loss"], tf.float32)))
            row = tf.stack([self._loss.value(), self._metric.value(), _batch_size(data), rate])
            place = tf.cast(self._steps.value() % CAPACITY, tf.int32)
            self._ring.scatter_nd_update([[place]], [row])
            self._steps.assign_add(1)
            return logs

        return noted


def _learning_rate(model: Any) -> Any:
    """The rate of the update to come: of a schedule, at the step it stands at."""
    rate = getattr(model.optimizer, "learning_rate", None)
    return tf.constant(math.nan) if rate is None else tf.cast(tf.convert_to_tensor(rate), tf.float32)


def _batch_size(data: Any) -> Any:
    """Examples in the batch, as Keras counts them: along the first axis of the first input."""
    for first in _inputs(data):
        return tf.cast(tf.shape(first)[0], tf.float32)
    return tf.constant(math.nan)


def _inputs(data: Any) -> Iterator[Any]:
    x = data
    with contextlib.suppress(ValueError, TypeError):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
    for value in keras.tree.flatten(x):
        if value is not None and getattr(value, "shape", None) is not None and value.shape.rank != 0:
            yield value
