"""`fit`: train any compiled Keras model and record what Keras does not: every update, and the true training loss.

The loop owns the sampler: epoch e (from 0) visits the training rows in the order
`numpy.random.default_rng([seed, e]).permutation(rows)`. Given that order, `history` equals that of Keras'
own `fit`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal

from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.schedule import BatchSchedule
from batchviz.training.budget import Budget, whole
from batchviz.training.data import Data
from batchviz.training.loop import Loop, check_trainable
from batchviz.training.recording import Recording
from batchviz.training.trainer import Trainer


def fit(
    model: Any,
    x: Any,
    y: Any,
    *,
    batch_size: BatchSize = 32,
    epochs: int | None = 10,
    validation_split: float = 0.0,
    validation_data: tuple[Any, Any] | None = None,
    seed: int = 0,
    shuffle: bool = True,
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
    """Train `model` in place and return a Recording.

    x, y: arrays with the examples along the first axis (or nests of them). `validation_split` takes the LAST
    rows, as Keras does; `validation_data`, (x, y), is the alternative. `batch_size` is examples a batch, or
    "full". `batch_schedule`: (from epoch, size) pairs, epochs counted from 1. `learning_rate`: from the epoch
    (counted from 0) to the rate to set; None leaves the optimiser's own. `accumulation`: micro-batches
    averaged, by examples, into one update; what is left over at an epoch's end makes an update of its own.
    `epochs`, `updates`, `examples` and `seconds` (of training, without set-up and evaluation) are budgets;
    the first one reached ends the run. `compiled`: XLA on or off; "auto" uses it for thousands of small
    updates. `measure_at`: updates after which to evaluate inside an epoch; nothing that is trained changes by
    it. `report` is called with the growing Recording a few times a second, `should_stop` between
    updates. `loop` is reused from an earlier run of this model.

    Raises BatchVizError for a model, DataError for data that cannot be trained on.
    """
    check_trainable(model)
    data = Data.from_arrays(x, y, validation_split, validation_data)
    budget = Budget.from_limits(epochs=epochs, updates=updates, examples=examples, seconds=seconds)
    schedule = BatchSchedule(
        rows=data.training,
        first=_batch_size(batch_size),
        changes=tuple(
            (whole("epoch of batch_schedule", epoch), _batch_size(size)) for epoch, size in batch_schedule
        ),
        accumulation=whole("accumulation", accumulation),
    )
    seed = whole("seed", seed, least=0)
    if loop is None:
        loop = Loop(model, data.x, data.y, accumulates=schedule.accumulation > 1)
    return Trainer(
        loop,
        data,
        schedule,
        budget,
        seed=seed,
        shuffle=shuffle,
        learning_rate=learning_rate,
        compiled=None if compiled == "auto" else compiled,
        measure_at=[whole("measure_at", update) for update in measure_at],
        report=report or (lambda recording: None),
        should_stop=should_stop or (lambda: False),
    ).run()


def _batch_size(size: BatchSize) -> BatchSize:
    return size if size == "full" else whole("batch_size", size, otherwise=', or "full"')
