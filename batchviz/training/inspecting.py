"""A run trained once more, and what is drawn of its weights on the way (`experiment.inspection`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import SpecError
from batchviz.experiment import datasets
from batchviz.experiment.datasets import FetchOwn
from batchviz.experiment.inspection import Boundary, Surface, frame_updates
from batchviz.experiment.order import order
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.training.recording import Recording
from batchviz.training.run import arrays, cached_model, record, row_losses

SIDE = 56
"""Places along an edge of a boundary or a surface."""
MARGIN = 0.12
PATH_MARGIN = 0.35
MAX_POINTS = 300
MAX_BATCHES = 120
MAX_ARROW_FRAMES = 10
MAX_GRADIENT_NUMBERS = 4_000_000
"""Batches x parameters, at one frame."""
MIN_BATCHES = 2

Weights = list[NDArray[Any]]


class Frames(NamedTuple):
    """A run at the moments of its frames, whose weights are finite: a diverged one stops being drawn there."""

    updates: list[int]
    loss: list[float]
    weights: list[Weights]


class BatchGradients(NamedTuple):
    """Of an epoch at one place: float64."""

    full: NDArray[np.float64]
    """(parameters,)"""
    each: NDArray[np.float64]
    """(batches, parameters): the first batches of the epoch."""
    examples: int
    batches: int
    """Of the epoch."""


def frames_of(
    spec: RunSpec,
    updates: int,
    fetch_own: FetchOwn | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Frames:
    """Train a spec for so many updates and keep its weights on the way. Raises SpecError where none was finite."""
    spec = spec.replace(budget_unit="updates", budget=updates, batch_schedule=_reached(spec, updates))
    moments, kept = set(frame_updates(plan_for(spec), updates)), dict[int, Weights]()
    growing: list[Recording] = []

    def look() -> bool:
        made = growing[0].progress.updates if growing else -1  # it may wait for the machine
        if made in moments and made not in kept:
            kept[made] = [variable.numpy().copy() for variable in cached_model(spec).model.variables]
        return should_stop()

    def begin(recording: Recording) -> None:
        if not growing:
            growing.append(recording)
            look()

    recording = record(spec, begin, look, fetch_own, measure_at=sorted(moments - {0}))
    losses = {0: recording.initial["train_loss"]}
    for rows in (recording.measured, recording.epochs):
        losses |= dict(zip(map(int, rows["updates"]), rows["train_loss"], strict=True))
    frames = [
        made
        for made in sorted(kept)
        if math.isfinite(losses.get(made, math.nan)) and all(np.isfinite(part).all() for part in kept[made])
    ]
    if not frames:
        raise SpecError("Its weights are not finite numbers from the start: there is nothing to draw.")
    return Frames(frames, [losses[made] for made in frames], [kept[made] for made in frames])


def _reached(spec: RunSpec, updates: int) -> tuple[Any, ...]:
    """The changes of the batch size that a run which ended early came to."""
    epochs = spec.schedule.reached("updates", updates).epochs
    return tuple(change for change in spec.batch_schedule if change[0] - 1 < epochs)


def boundary(spec: RunSpec, frames: Frames, fetch_own: FetchOwn | None = None) -> Boundary | None:
    """Which class is named where; None for a network that has other than two inputs, or names no class."""
    data = datasets.find(spec.dataset)
    if data.inputs != 2 or data.task != "classification":
        return None
    x, y = _training_rows(spec, fetch_own)
    x, y = x.numpy(), y.numpy()
    low, high = x.min(axis=0), x.max(axis=0)
    low, high = low - MARGIN * (high - low), high + MARGIN * (high - low)
    places = tf.convert_to_tensor(_grid(low, high))
    model = cached_model(spec).model
    named = tf.function(lambda inputs: tf.argmax(model(inputs, training=False), axis=-1))
    classes = []
    for weights in frames.weights:
        _set(model, weights)
        classes.append(named(places).numpy().astype(np.uint8).reshape(SIDE, SIDE))
    # Whoever has the link of a run sees this, and rows that somebody uploaded are theirs.
    shown = slice(0, 0 if data.origin == "own" else MAX_POINTS)
    return Boundary(x[shown], y[shown].astype(np.int32), low, high, np.stack(classes))


def surface(spec: RunSpec, frames: Frames, fetch_own: FetchOwn | None = None) -> Surface | None:
    """The loss around the path of two weights; None for a network of more."""
    if plan_for(spec).size.parameters != 2:
        return None
    path = np.array([np.concatenate([part.ravel() for part in weights]) for weights in frames.weights])
    low, high = path.min(axis=0), path.max(axis=0)
    extent = np.maximum(high - low, 0.25 * max(float((high - low).max()), 0.1))
    middle = (low + high) / 2
    low, high = middle - (0.5 + PATH_MARGIN) * extent, middle + (0.5 + PATH_MARGIN) * extent
    x, y = _training_rows(spec, fetch_own)
    model, loss = cached_model(spec).model, row_losses(spec)

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def measured(places: Any) -> Any:
        def at(place: Any) -> Any:
            values = [tf.reshape(place[:1], (1, 1)), place[1:]]
            answers, _ = model.stateless_call(values, [], x, training=False)
            return tf.reduce_mean(loss(y, answers))

        return tf.map_fn(at, places)

    losses = measured(tf.convert_to_tensor(_grid(low, high))).numpy().reshape(SIDE, SIDE)
    return Surface(path.astype(np.float32), low.astype(np.float32), high.astype(np.float32), losses)


def arrow_frames(frames: Frames) -> list[int]:
    """The frames at which gradients are taken: the first, the last, and some between, denser at the start."""
    last = len(frames.updates) - 1
    spaced = np.geomspace(1, last + 1, MAX_ARROW_FRAMES).round().astype(int) - 1
    return sorted({0, last, *spaced.tolist()})


def batch_gradients(
    spec: RunSpec, frames: Frames, frame: int, fetch_own: FetchOwn | None = None
) -> BatchGradients | None:
    """Of the batches that the run deals next, at the weights of a frame; None where the network is too large.

    A batch is what makes an update: micro-batches that are averaged are one. Layers behave as in training.
    """
    plan = plan_for(spec)
    reached = plan.schedule.reached("updates", frames.updates[frame])
    epoch = plan.epoch(int(reached.epochs))
    size = min(epoch.batch_size * spec.accumulation, plan.training_rows)
    batches = math.ceil(plan.training_rows / size)
    most = min(MAX_BATCHES, MAX_GRADIENT_NUMBERS // plan.size.parameters)
    if most < MIN_BATCHES:
        return None
    visit = order(plan.training_rows, seed=spec.seed, epoch=epoch.number)
    x, y = _training_rows(spec, fetch_own)
    gradient = _gradient(spec, x, y)
    _set(cached_model(spec).model, frames.weights[frame])
    each = [gradient(visit[start * size : (start + 1) * size]) for start in range(min(batches, most))]
    full = _over_all(plan, gradient)
    _set(cached_model(spec).model, frames.weights[frame])  # normalisation moved its averages
    return BatchGradients(full, np.stack(each), size, batches)


def _over_all(plan: Plan, gradient: Callable[[Any], NDArray[np.float64]]) -> NDArray[np.float64]:
    pieces = np.array_split(
        np.arange(plan.training_rows, dtype=np.int32), math.ceil(plan.training_rows / 4096)
    )
    total = np.zeros(plan.size.parameters)
    for rows in pieces:
        total += len(rows) * gradient(rows)
    return total / plan.training_rows


def _gradient(spec: RunSpec, x: Any, y: Any) -> Callable[[Any], NDArray[np.float64]]:
    """Rows -> the gradient of their mean loss at the model's weights, as one vector."""
    model, loss = cached_model(spec).model, row_losses(spec)

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int32)])  # type: ignore[untyped-decorator]
    def gradient(rows: Any) -> Any:
        weights = [variable.value for variable in model.trainable_variables]
        with tf.GradientTape() as tape:
            value = tf.reduce_mean(loss(tf.gather(y, rows), model(tf.gather(x, rows), training=True)))
        return tf.concat([tf.reshape(part, (-1,)) for part in tape.gradient(value, weights)], axis=0)

    return lambda rows: gradient(tf.convert_to_tensor(rows)).numpy().astype(np.float64)


def _training_rows(spec: RunSpec, fetch_own: FetchOwn | None) -> tuple[Any, Any]:
    rows = plan_for(spec).training_rows
    x, y = arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, fetch_own, rows)
    return x[:rows], y[:rows]


def _set(model: Any, weights: Weights) -> None:
    for variable, value in zip(model.variables, weights, strict=True):
        variable.assign(value)


def _grid(low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.float32]:
    """(SIDE x SIDE, 2): evenly spaced places, the first number running fastest."""
    first, second = (np.linspace(low[axis], high[axis], SIDE) for axis in range(2))
    across, up = np.meshgrid(first, second)
    return np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)
