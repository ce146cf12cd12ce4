"""`fit`: Keras' `model.fit` that records what Keras does not: every update, and the true training loss.

It takes the arguments of Keras' `fit`, by the same names and at the same positions, and after them its own. What Keras
takes and this does not is refused in a sentence that says what to pass instead.

The loop owns the sampler: epoch e (from 0) visits the training rows in the order
`numpy.random.default_rng([seed, e]).permutation(rows)`. Given that order, `history` equals that of Keras'
own `fit`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal

from batchviz.errors import BatchVizError
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.schedule import BatchSchedule
from batchviz.training import keras_private
from batchviz.training.budget import Budget, whole
from batchviz.training.callbacks import Callbacks
from batchviz.training.data import Data
from batchviz.training.loop import Loop, check_batches, check_trainable
from batchviz.training.recording import Recording
from batchviz.training.trainer import Trainer
from batchviz.training.validation import KERAS_BATCH_SIZE, Validation


def fit(
    model: Any,
    x: Any = None,
    y: Any = None,
    batch_size: BatchSize | None = None,
    epochs: int | None = None,
    verbose: Any = "auto",
    callbacks: Any = None,
    validation_split: float = 0.0,
    validation_data: Any = None,
    shuffle: bool = True,
    class_weight: Any = None,
    sample_weight: Any = None,
    initial_epoch: int = 0,
    steps_per_epoch: int | None = None,
    validation_steps: int | None = None,
    validation_batch_size: int | None = None,
    validation_freq: int | Collection[int] = 1,
    *,
    seed: int = 0,
    batch_schedule: Sequence[tuple[int, BatchSize]] = (),
    learning_rate: Callable[[int], float] | None = None,
    accumulation: int = 1,
    updates: int | None = None,
    examples: int | None = None,
    seconds: float | None = None,
    compiled: bool | Literal["auto"] = "auto",
    measure_at: Collection[int] = (),
    report: Callable[[Recording], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    loop: Loop | None = None,
) -> Recording:
    """Train `model` in place and return a Recording, whose `history` and `epoch` are those of Keras' History.

    The arguments down to `validation_freq` are those of Keras' `model.fit`; x and y are arrays with the examples along
    the first axis (or nests of them), and `batch_size` may also be "full". `callbacks` are called at the ends of
    training, epochs and validation; those that act between batches are refused.

    `batch_schedule`: (from epoch, size) pairs, epochs counted from 1. `learning_rate`: from the epoch
    (counted from 0) to the rate to set; None leaves the optimiser's own. `accumulation`: micro-batches
    averaged, by examples, into one update; what is left over at an epoch's end makes an update of its own.
    `epochs`, `updates`, `examples` and `seconds` (of training, without set-up and evaluation) are budgets;
    the first one reached ends the run, and without any it ends after one epoch. `compiled`: XLA on or off; "auto" uses
    it for thousands of small updates. `measure_at`: updates after which to evaluate inside an epoch; nothing that is
    trained changes by it. `report` is called with the growing Recording a few times a second, `should_stop` between
    updates. `loop` is reused from an earlier run of this model.

    Raises BatchVizError for a model or an argument, DataError for data that cannot be trained on.
    """
    check_trainable(model)
    called = Callbacks(callbacks, model, verbose=verbose)
    data = Data.from_arrays(x, y, validation_split, validation_data, sample_weight, class_weight)
    validation = Validation.from_arguments(validation_batch_size, validation_freq, validation_steps)
    validation = validation.for_training(batch_size, data.validation)
    size = _batch_size_of(batch_size, steps_per_epoch, data.training)
    if not isinstance(shuffle, bool | int):
        raise BatchVizError(
            f"shuffle={shuffle!r}; expected True, a new order each epoch, or False, that of the rows."
        )
    if learning_rate is not None and keras_private.follows_schedule(model.optimizer):
        raise BatchVizError(
            f"learning_rate= is given, and the {type(model.optimizer).__name__} of the model follows a schedule of its "
            "own. Leave learning_rate out, or compile the model with a number as its learning rate."
        )
    budget = Budget.from_limits(epochs=epochs, updates=updates, examples=examples, seconds=seconds)
    schedule = BatchSchedule(
        rows=data.training,
        first=size,
        changes=tuple(
            (whole("epoch of batch_schedule", epoch), _batch_size(size)) for epoch, size in batch_schedule
        ),
        accumulation=whole("accumulation", accumulation),
    )
    data = data.with_validation_rows(validation.rows(data.validation, schedule.epoch(0).batch_size))
    seed = whole("seed", seed, least=0)
    check_batches(model, _sizes(schedule, data.validation, validation))
    if loop is None:
        loop = Loop(model, data.x, data.y, weights=data.weights, accumulates=schedule.accumulation > 1)
    return Trainer(
        loop,
        data,
        schedule,
        budget,
        seed=seed,
        shuffle=bool(shuffle),
        learning_rate=learning_rate,
        compiled=None if compiled == "auto" else compiled,
        callbacks=called,
        validation=validation,
        first_epoch=whole("initial_epoch", initial_epoch, least=0),
        measure_at=[whole("measure_at", update) for update in measure_at],
        report=report or (lambda recording: None),
        should_stop=should_stop or (lambda: False),
    ).run()


def _sizes(schedule: BatchSchedule, held_out: int, validation: Validation) -> set[int]:
    """Of all batches, partial ones included."""
    sizes: set[int] = set()
    for number in {0, *(epoch - 1 for epoch, _ in schedule.changes)}:
        epoch = schedule.epoch(number)
        size = validation.batch_size or epoch.batch_size
        sizes |= {min(epoch.batch_size, epoch.rows), epoch.last_batch, min(size, held_out), held_out % size}
    return sizes


def _batch_size(size: BatchSize) -> BatchSize:
    return size if size == "full" else whole("batch_size", size, otherwise=', or "full"')


def _batch_size_of(batch_size: BatchSize | None, steps_per_epoch: Any, rows: int) -> BatchSize:
    """As Keras finds it from its two arguments. An epoch of fewer steps than it has batches is refused."""
    if steps_per_epoch is None:
        return KERAS_BATCH_SIZE if batch_size is None else _batch_size(batch_size)
    steps = whole("steps_per_epoch", steps_per_epoch)
    if batch_size is None:
        return math.ceil(rows / steps)
    size = _batch_size(batch_size)
    batches = 1 if size == "full" else math.ceil(rows / size)
    if steps < batches:
        raise BatchVizError(
            f"steps_per_epoch={steps} with batch_size={size}, and {rows:,} training rows make {batches:,} batches. "
            "Keras would spread one pass over several epochs; here an epoch is one pass. Leave steps_per_epoch out, "
            f"or pass updates={steps} times the epochs as the budget."
        )
    return size
