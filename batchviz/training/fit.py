"""`fit`: train any compiled Keras model and record what Keras does not: every update, and the true training loss.

The loop owns the sampler: epoch e (from 0) visits the training rows in the order
`numpy.random.default_rng([seed, e]).permutation(rows)`. Given that order, `history` equals that of Keras' own `fit`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import BatchVizError, DataError
from batchviz.plan import split_at
from batchviz.records import Progress, Status
from batchviz.training.loop import Loop, check_trainable
from batchviz.training.measures import Measures
from batchviz.training.recording import Recording
from batchviz.training.sampler import Batches, order

CALL_SECONDS = 0.15  # one call into TensorFlow: how soon a stop is heard and a report can go out
REPORT_SECONDS = 0.2
CAPACITY = 4096  # batches a call; epochs of more are cut, so that XLA meets one shape
XLA_BATCHES = 4000  # below, compiling (60-200 ms) costs more than it saves (about 30 us a batch)
XLA_WORK = 500_000  # weights x batch size above which arithmetic, not overhead, sets the pace
SAMPLE_ROWS = 2048
SAMPLE_WORK = 1_000_000_000  # weights x rows above which the true training loss is taken from a sample
DIVERGED_AT = 1.5

BatchSize = int | Literal["full"]
Report = Callable[[Recording], None]


@dataclass(frozen=True)
class Budget:
    """Where training ends: at the first of these that is reached."""

    epochs: float = math.inf
    updates: float = math.inf
    examples: float = math.inf
    seconds: float = math.inf

    def spent(self, progress: Progress, epoch: int) -> bool:
        """Whether nothing may follow after `epoch` whole epochs and this progress."""
        return (
            epoch >= self.epochs
            or progress.updates >= self.updates
            or progress.examples >= self.examples
            or progress.seconds >= self.seconds
        )


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
    report: Report | None = None,
    should_stop: Callable[[], bool] | None = None,
    loop: Loop | None = None,
) -> Recording:
    """Train `model` in place and return a Recording.

    x, y: arrays with the examples along the first axis (or nests of them). `validation_split` takes the LAST rows,
    as Keras does; `validation_data` is the alternative. `batch_size` is examples a batch, or "full".
    `batch_schedule`: (from epoch, size) pairs, epochs counted from 1. `learning_rate`: from the epoch (counted from
    0) to the rate to set; None leaves the optimiser's own. `accumulation`: micro-batches averaged, by examples, into
    one update; what is left over at an epoch's end makes an update of its own. `epochs`, `updates`, `examples` and
    `seconds` (of training, without set-up and evaluation) are budgets; the first one reached ends the run.
    `compiled`: XLA on or off; "auto" uses it for thousands of small updates. `report` is called with the growing
    Recording a few times a second, `should_stop` between updates. `loop` is reused from an earlier run of this model.

    Raises BatchVizError for a model, DataError for data that cannot be trained on.
    """
    check_trainable(model)
    x, y = _tensors(x), _tensors(y)
    rows = _check_data(x, y)
    training = split_at(rows, validation_split) if validation_data is None else rows
    if training < 1 or (validation_split and training == rows and validation_data is None):
        raise DataError(
            f"validation_split={validation_split:g} of {rows:,} rows leaves {training:,} for training and "
            f"{rows - training:,} for validation. Expected at least 1 of each, or a split of 0."
        )
    if validation_data is not None:
        held_out = (_tensors(validation_data[0]), _tensors(validation_data[1]))
        _check_data(*held_out)
    else:
        held_out = (_rows(x, training, rows), _rows(y, training, rows))
        x, y = _rows(x, 0, training), _rows(y, 0, training)
    limits = Budget(
        *(math.inf if limit is None else _positive(name, limit) for name, limit in
          (("epochs", epochs), ("updates", updates), ("examples", examples), ("seconds", seconds)))
    )  # fmt: skip
    if math.isinf(min(limits.epochs, limits.updates, limits.examples, limits.seconds)):
        raise BatchVizError("fit would never end. Expected epochs, updates, examples or seconds.")
    sizes = _Sizes(batch_size, tuple(batch_schedule), training, int(_positive("accumulation", accumulation)))
    if loop is None:
        loop = Loop(model, Measures(model, x, y), x, y, accumulates=accumulation > 1)
    run = _Training(loop, x, y, held_out, sizes, limits, seed, shuffle, learning_rate, compiled)
    return run.run(report or (lambda recording: None), should_stop or (lambda: False))


@dataclass(frozen=True)
class _Sizes:
    """Batch sizes over the epochs."""

    first: BatchSize
    schedule: tuple[tuple[int, BatchSize], ...]
    rows: int
    accumulation: int

    def at(self, epoch: int) -> int:
        """Examples a batch in an epoch counted from 0, at most all rows."""
        size = self.first
        for from_epoch, later in self.schedule:
            size = later if epoch + 1 >= from_epoch else size
        return self.rows if size == "full" else min(int(_positive("batch_size", size)), self.rows)


class _Training:
    """One run of `fit` under way."""

    def __init__(
        self,
        loop: Loop,
        x: Any,
        y: Any,
        held_out: tuple[Any, Any],
        sizes: _Sizes,
        budget: Budget,
        seed: int,
        shuffle: bool,
        learning_rate: Callable[[int], float] | None,
        compiled: bool | Literal["auto"],
    ) -> None:
        self.loop, self.x, self.y, self.held_out = loop, x, y, held_out
        self.sizes, self.budget, self.seed, self.shuffle = sizes, budget, seed, shuffle
        self.learning_rate, self.compiled = learning_rate, compiled
        self.weights = loop.model.count_params()
        self.sample = self._sample()
        self.seconds_a_batch: dict[int, float] = {}
        self.prepared: set[tuple[int, ...]] = set()
        self.reported = -math.inf
        names = loop.measures.names
        validated = ["val_" + name for name in names] if self._held_out_rows() else []
        columns = ["updates", "examples", "seconds", *names, *("train_" + name for name in names), *validated]
        self.recording = Recording(
            names=names,
            epochs={column: [] for column in columns},
            initial={},
            training_rows=sizes.rows,
            validation_rows=self._held_out_rows(),
            training_rows_evaluated=len(tf.nest.flatten(self.sample[0])[0]),
        )

    def run(self, report: Report, should_stop: Callable[[], bool]) -> Recording:
        """Train until the budget, a stop or a loss that is not finite ends it."""
        recording = self.recording
        self.loop.start_over()
        recording.initial = self._evaluate(self.sizes.at(0))
        self._report(report, now=True)
        epoch = 0
        while recording.status is Status.RUNNING and not self.budget.spent(recording.progress, epoch):
            self._epoch(epoch, report, should_stop)
            epoch += 1
        if recording.status is Status.RUNNING:
            recording.status = Status.DONE
            self._judge()
        self._report(report, now=True)
        return recording

    def _epoch(self, epoch: int, report: Report, should_stop: Callable[[], bool]) -> None:
        recording = self.recording
        size = self.sizes.at(epoch)
        if self.learning_rate is not None:
            self.loop.model.optimizer.learning_rate = self.learning_rate(epoch)
        if self.loop.measures.running:
            self.loop.model.reset_metrics()
        visit = order(self.sizes.rows, seed=self.seed, epoch=epoch, shuffle=self.shuffle)
        batches = Batches.cut(visit, size)
        groups = _Groups(batches.sizes, self.sizes.accumulation)
        first_piece = len(recording.pieces)
        for table, offset, count in _tables(batches):
            start = 0
            while start < count and recording.status is Status.RUNNING:
                stop = self._call_end(groups, offset + start, offset + count, size) - offset
                if stop <= start:
                    break
                self._call(table, start, stop, offset, groups, epoch)
                start = stop
                self._report(report)
                if recording.status is Status.RUNNING and should_stop():
                    recording.status, recording.reason = Status.STOPPED, "Stopped on request."
            if self.budget.spent(recording.progress, epoch):
                break
        if recording.status in (Status.RUNNING, Status.DIVERGED):
            self._end_epoch(size, first_piece)

    def _call_end(self, groups: _Groups, first: int, last: int, size: int) -> int:
        """The batch (counted in the epoch) at which the next call returns, on the boundary of an update."""
        progress = self.recording.progress
        seconds = self.seconds_a_batch.get(size, 1e-5 + 1e-10 * 6 * self.weights * size)
        allowed = min(CALL_SECONDS, max(self.budget.seconds - progress.seconds, 0.0))
        end = first + max(1, int(allowed / seconds))
        end = min(groups.boundary(end), last)
        if math.isfinite(self.budget.updates):
            end = min(end, groups.end_of_updates(first, int(self.budget.updates - progress.updates)))
        if math.isfinite(self.budget.examples):
            end = min(end, groups.end_of_examples(first, int(self.budget.examples - progress.examples)))
        return end

    def _call(
        self, table: NDArray[np.int32], start: int, stop: int, offset: int, groups: _Groups, epoch: int
    ) -> None:
        recording, progress = self.recording, self.recording.progress
        compiled = self._compiles(table.shape[1])
        columns = groups.columns(offset, len(table))
        if not self.loop.accumulates:
            columns = {}
        self._prepare(table, columns, compiled)
        begun = time.perf_counter()
        measured = self.loop.train(self.x, self.y, table, start, stop, compiled=compiled, **columns)
        elapsed = time.perf_counter() - begun
        self.seconds_a_batch[table.shape[1]] = elapsed / max(1, measured.done)
        first = offset + start
        sizes = groups.sizes[first : first + measured.done]
        recording.pieces.append(self._piece(measured.values, measured.learning_rate, groups, first))
        recording.progress = Progress(
            updates=progress.updates + len(recording.pieces[-1]["loss"]),
            examples=progress.examples + int(sizes.sum()),
            epochs=epoch + float(groups.sizes[: first + measured.done].sum() / self.sizes.rows),
            seconds=progress.seconds + elapsed,
        )
        if measured.done and not np.isfinite(measured.values[-1, 0]):
            recording.status = Status.DIVERGED
            recording.reason = (
                f"The loss was no longer a finite number at update {recording.progress.updates:,}. "
                "A smaller learning rate usually helps."
            )

    def _piece(
        self, values: NDArray[np.float32], rates: NDArray[np.float32], groups: _Groups, first: int
    ) -> dict[str, NDArray[np.float32]]:
        """Values of batches made values of updates: the examples' mean over each update's micro-batches."""
        done = len(values)
        sizes = groups.sizes[first : first + done]
        if self.loop.accumulates:
            starts = np.flatnonzero(np.arange(first, first + done) % groups.accumulation == 0)
            examples = np.add.reduceat(sizes, starts) if done else sizes
            weighted = values * sizes[:, None]
            values = (np.add.reduceat(weighted, starts) / examples[:, None]) if done else values
            sizes, rates = examples, rates[starts]
        columns = {name: values[:, i].astype(np.float32) for i, name in enumerate(self.recording.names)}
        return columns | {"batch_size": sizes.astype(np.float32), "learning_rate": rates.astype(np.float32)}

    def _prepare(self, table: NDArray[np.int32], columns: Any, compiled: bool) -> None:
        """Trace and compile with a call that trains nothing, so that seconds hold training alone."""
        shape = (int(compiled), *(table.shape if compiled else ()))
        if shape not in self.prepared:
            begun = time.perf_counter()
            self.loop.train(self.x, self.y, table, 0, 0, compiled=compiled, **columns)
            self.recording.setup_seconds += time.perf_counter() - begun
            self.prepared.add(shape)

    def _compiles(self, size: int) -> bool:
        """XLA or not; decided by the run's arithmetic alone, so that a run's last digits do not hang on luck."""
        if self.compiled != "auto":
            return self.compiled
        if self.weights * size > XLA_WORK or _convolves(self.loop.model) or self.loop.measures.running:
            return False
        batches_an_epoch = math.ceil(self.sizes.rows / size)
        epochs = min(
            self.budget.epochs,
            self.budget.updates * self.sizes.accumulation / batches_an_epoch,
            self.budget.examples / self.sizes.rows,
            math.inf if self.budget.seconds >= 1 else 0,
        )
        return batches_an_epoch * epochs >= XLA_BATCHES

    def _end_epoch(self, size: int, first_piece: int) -> None:
        recording, progress = self.recording, self.recording.progress
        pieces = recording.pieces[first_piece:]
        if not pieces or not sum(len(piece["loss"]) for piece in pieces):
            return
        if self.loop.measures.running:
            results = self.loop.model.get_metrics_result()
            running = {name: float(results[name]) for name in recording.names}
        else:
            values = np.stack([np.concatenate([p[name] for p in pieces]) for name in recording.names], axis=1)
            sizes = np.concatenate([piece["batch_size"] for piece in pieces]).astype(np.int64)
            with np.errstate(all="ignore"):  # a diverged epoch averages to inf or nan, and says so
                means = self.loop.measures.average(values, sizes)
            running = dict(zip(recording.names, map(float, means), strict=True))
        row = running | self._evaluate(size)
        row |= {"updates": progress.updates, "examples": progress.examples, "seconds": progress.seconds}
        for column, values_so_far in recording.epochs.items():
            values_so_far.append(row[column])

    def _evaluate(self, size: int) -> dict[str, float]:
        begun = time.perf_counter()
        names, measures = self.recording.names, self.loop.measures
        parts = [("train_", *self.sample)] + ([("val_", *self.held_out)] if self._held_out_rows() else [])
        row: dict[str, float] = {}
        saved = [v.numpy().copy() for v in self.loop.model.metrics_variables] if measures.running else []
        for prefix, x, y in parts:
            values = measures.evaluate(x, y, batch_size=size)
            row |= {prefix + name: float(value) for name, value in zip(names, values, strict=True)}
        for variable, value in zip(self.loop.model.metrics_variables if saved else (), saved, strict=True):
            variable.assign(value)
        self.recording.evaluation_seconds += time.perf_counter() - begun
        return row

    def _judge(self) -> None:
        """A run whose training loss ended well above its start has diverged, though every number is finite."""
        recording = self.recording
        start, losses = recording.initial["train_loss"], recording.epochs["train_loss"]
        if losses and not losses[-1] <= DIVERGED_AT * abs(start):
            recording.status = Status.DIVERGED
            recording.reason = (
                f"The training loss ended at {losses[-1]:.3g}, more than {DIVERGED_AT:g} times its start of "
                f"{start:.3g}. A smaller learning rate usually helps."
            )

    def _report(self, report: Report, *, now: bool = False) -> None:
        if now or time.perf_counter() - self.reported >= REPORT_SECONDS:
            report(self.recording)
            self.reported = time.perf_counter()

    def _sample(self) -> tuple[Any, Any]:
        """The rows on which the true training loss is taken: all, or a fixed random sample on a large model."""
        if self.weights * self.sizes.rows <= SAMPLE_WORK or self.sizes.rows <= SAMPLE_ROWS:
            return self.x, self.y
        chosen = np.sort(np.random.default_rng(self.seed).permutation(self.sizes.rows)[:SAMPLE_ROWS])
        return tf.nest.map_structure(lambda values: tf.gather(values, chosen), (self.x, self.y))

    def _held_out_rows(self) -> int:
        return len(tf.nest.flatten(self.held_out[0])[0])


@dataclass(frozen=True)
class _Groups:
    """One epoch's batches grouped into updates of `accumulation` micro-batches; the last group may be smaller."""

    sizes: NDArray[np.int64]
    accumulation: int

    def boundary(self, batch: int) -> int:
        """The first end of an update at or after `batch`."""
        return min(math.ceil(batch / self.accumulation) * self.accumulation, len(self.sizes))

    def end_of_updates(self, first: int, updates: int) -> int:
        """The batch that follows `updates` more updates from batch `first`."""
        return min(first + updates * self.accumulation, len(self.sizes))

    def end_of_examples(self, first: int, examples: int) -> int:
        """The end of the update in which `examples` more examples are reached."""
        seen = np.cumsum(self.sizes[first:])
        return self.boundary(first + int(np.searchsorted(seen, examples)) + 1) if examples > 0 else first

    def columns(self, offset: int, length: int) -> dict[str, Any]:
        """Each micro-batch's share of its update's examples, and whether the update is taken after it."""
        index = np.arange(len(self.sizes))
        totals = np.bincount(index // self.accumulation, weights=self.sizes)
        shares = np.zeros(length, np.float32)
        applies = np.zeros(length, np.bool_)
        part = slice(offset, min(offset + length, len(self.sizes)))
        count = part.stop - part.start
        shares[:count] = (self.sizes / totals[index // self.accumulation])[part]
        applies[:count] = (((index + 1) % self.accumulation == 0) | (index == len(self.sizes) - 1))[part]
        return {"shares": shares, "applies": applies}


def _tables(batches: Batches) -> list[tuple[NDArray[np.int32], int, int]]:
    """(row numbers, first batch, batches in use) for each call shape; long epochs in padded pieces of CAPACITY."""
    full, tables = batches.full, []
    for offset in range(0, len(full), CAPACITY):
        piece = full[offset : offset + CAPACITY]
        count = len(piece)
        if len(full) > CAPACITY and count < CAPACITY:
            piece = np.concatenate([piece, np.zeros((CAPACITY - count, full.shape[1]), np.int32)])
        tables.append((piece, offset, count))
    if batches.last.size:
        tables.append((batches.last, len(full), 1))
    return tables


def _tensors(values: Any) -> Any:
    """Arrays as tensors, floats in float32 as Keras casts them."""

    def tensor(value: Any) -> Any:
        array = np.asarray(value)
        if array.dtype.kind == "f":
            array = array.astype(np.float32, copy=False)
        if array.dtype.kind not in "fiub":
            raise DataError(f"The data holds {array.dtype} values; expected numbers.")
        return tf.convert_to_tensor(array if array.dtype != np.int64 else array.astype(np.int32))

    return tf.nest.map_structure(tensor, values)


def _check_data(x: Any, y: Any) -> int:
    lengths = {len(values) for values in tf.nest.flatten((x, y))}
    if len(lengths) != 1 or 0 in lengths:
        raise DataError(f"x and y have {sorted(lengths)} rows; expected the same number, at least 1.")
    for name, nest in (("x", x), ("y", y)):
        for values in tf.nest.flatten(nest):
            array = values.numpy()
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                bad = np.argwhere(~np.isfinite(array))
                raise DataError(
                    f"{name} holds {len(bad):,} values that are not finite numbers, the first in row {bad[0][0]:,}. "
                    "Remove those rows or fill them in before training."
                )
    return int(lengths.pop())


def _positive(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not value > 0:
        raise BatchVizError(f"{name}={value!r}; expected a number above 0" + (
            ' or "full".' if name == "batch_size" else "."))  # fmt: skip
    if name != "seconds" and value != int(value):
        raise BatchVizError(f"{name}={value!r}; expected a whole number.")
    return value


def _convolves(model: Any) -> bool:
    return any("Conv" in type(layer).__name__ for layer in model._flatten_layers())


def _rows(values: Any, start: int, stop: int) -> Any:
    return tf.nest.map_structure(lambda value: value[start:stop], values)
