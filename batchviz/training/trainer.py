"""One run of `fit` under way: epochs of calls into the compiled loop, each followed by what it recorded."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.records import Progress, Status
from batchviz.training import xla
from batchviz.training.accumulation import Groups
from batchviz.training.budget import Budget
from batchviz.training.data import Data
from batchviz.training.evaluation import Sample
from batchviz.training.loop import Loop, StepValues
from batchviz.training.recording import Recording
from batchviz.training.sampler import Table, order, tables
from batchviz.training.sizes import Sizes

CALL_SECONDS = 0.15  # one call into TensorFlow: how soon a stop is heard and a report can go out
REPORT_SECONDS = 0.2
DIVERGED_AT = 1.5


class Trainer:
    """Trains a loop's model on data until a budget, a stop or a loss that is not finite ends it."""

    def __init__(
        self,
        loop: Loop,
        data: Data,
        sizes: Sizes,
        budget: Budget,
        *,
        accumulation: int,
        seed: int,
        shuffle: bool,
        learning_rate: Callable[[int], float] | None,
        compiled: bool | None,
        report: Callable[[Recording], None],
        should_stop: Callable[[], bool],
    ) -> None:
        """`compiled` None leaves XLA to `compilation.worth_compiling`; the other arguments are those of `fit`."""
        self.loop, self.data, self.sizes, self.budget = loop, data, sizes, budget
        self.accumulation, self.seed, self.shuffle = accumulation, seed, shuffle
        self.learning_rate, self.compiled = learning_rate, compiled
        self.report, self.should_stop = report, should_stop
        self.weights = loop.model.count_params()
        self.sample = Sample(data, weights=self.weights, seed=seed)
        self.light = xla.is_light(loop.model)
        self.seconds_a_batch: dict[int, float] = {}
        self.compiles: dict[int, bool] = {}
        self.rate: float | None = None
        self.reported = -math.inf
        self.waiting: NDArray[np.float32] = np.empty((0, len(loop.measures.names) + 1), np.float32)
        names = loop.measures.names
        self.evaluated = ["train_" + name for name in names]
        self.evaluated += ["val_" + name for name in names] if data.validation else []
        columns = ["updates", "examples", "seconds", *names, *self.evaluated]
        self.recording = Recording(
            names=names,
            epochs={column: [] for column in columns},
            initial={},
            training_rows=data.training,
            validation_rows=data.validation,
            training_rows_evaluated=self.sample.rows,
        )

    def run(self) -> Recording:
        """Train to the end."""
        recording = self.recording
        with xla.fast_compile(self.loop.model):
            self.loop.start_over()
            recording.initial = self._evaluate(self.sizes.at(0))
            self._report(now=True)
            epoch = 0
            while recording.status is Status.RUNNING and not self.budget.spent(recording.progress, epoch):
                self._epoch(epoch)
                epoch += 1
        if recording.status is Status.RUNNING:
            recording.status = Status.DONE
            self._judge()
        self._report(now=True)
        return recording

    def _epoch(self, epoch: int) -> None:
        recording, size = self.recording, self.sizes.at(epoch)
        self._set_rate(epoch)
        if self.loop.measures.running:
            self.loop.model.reset_metrics()
        groups = Groups.of(self.data.training, size, self.accumulation)
        if size not in self.compiles:
            self.compiles[size] = self._compiles(size)
        compiled = self.compiles[size]
        first_piece = len(recording.pieces)
        visit = order(self.data.training, seed=self.seed, epoch=epoch, shuffle=self.shuffle)
        for table in tables(visit, size):
            start = 0
            while start < table.count and recording.status is Status.RUNNING:
                first, last = table.offset + start, table.offset + table.count
                stop = self._call_end(groups, first, last, size) - table.offset
                if stop <= start:
                    break
                self._call(table, start, stop, groups, epoch, compiled)
                start = stop
                self._report()
                if recording.status is Status.RUNNING and not len(self.waiting) and self.should_stop():
                    recording.status, recording.reason = Status.STOPPED, "Stopped on request."
            if self.budget.spent(recording.progress, epoch):
                break
        if recording.status in (Status.RUNNING, Status.DIVERGED) and len(recording.pieces) > first_piece:
            self._end_epoch(size, first_piece)

    def _set_rate(self, epoch: int) -> None:
        """Where it changes: setting it costs as much as a dozen updates."""
        rate = self.rate if self.learning_rate is None else self.learning_rate(epoch)
        if rate != self.rate:
            self.loop.model.optimizer.learning_rate = self.rate = rate

    def _call_end(self, groups: Groups, first: int, last: int, size: int) -> int:
        """The batch (counted in the epoch) at which the next call returns, on the boundary of an update."""
        progress = self.recording.progress
        allowed = min(CALL_SECONDS, max(self.budget.seconds - progress.seconds, 0.0))
        end = groups.boundary(first + max(1, int(allowed / self._seconds_a_batch(size))))
        if math.isfinite(self.budget.updates):
            end = min(end, groups.end_of_updates(first, int(self.budget.updates - progress.updates)))
        if math.isfinite(self.budget.examples):
            end = min(end, groups.end_of_examples(first, int(self.budget.examples - progress.examples)))
        return min(end, last)

    def _seconds_a_batch(self, size: int) -> float:
        """As measured, and before that guessed from the weights; of what these do not tell, one update is taken."""
        guess = 1e-5 + 1e-10 * 6 * self.weights * size if self.light else math.inf
        return self.seconds_a_batch.get(size, guess)

    def _call(self, table: Table, start: int, stop: int, groups: Groups, epoch: int, compiled: bool) -> None:
        recording, progress = self.recording, self.recording.progress
        columns = groups.columns(table.offset, len(table.rows)) if self.loop.accumulates else ()
        call = (self.data.x, self.data.y, table.rows, *columns)
        recording.setup_seconds += self.loop.prepare(*call, compiled=compiled)
        measured = self.loop.train(*call, start=start, stop=stop, compiled=compiled)
        self.seconds_a_batch[table.rows.shape[1]] = measured.seconds / max(1, len(measured.rows))
        finite = not len(measured.rows) or math.isfinite(measured.rows[-1, 0])
        end = table.offset + start + len(measured.rows)
        piece = self._piece(measured, groups, end, whatever=not finite)
        recording.pieces.append(piece)
        seen = int(groups.sizes[: end - len(self.waiting)].sum())
        recording.progress = Progress(
            updates=progress.updates + len(piece["loss"]),
            examples=epoch * self.data.training + seen,
            epochs=epoch + seen / self.data.training,
            seconds=progress.seconds + measured.seconds,
        )
        if not finite:
            recording.status = Status.DIVERGED
            recording.reason = (
                f"The loss was no longer a finite number at update {recording.progress.updates:,}. "
                "A smaller learning rate usually helps."
            )

    def _piece(
        self, measured: StepValues, groups: Groups, end: int, *, whatever: bool
    ) -> dict[str, NDArray[np.float32]]:
        """The updates completed up to batch `end`; micro-batches of one that is not wait for the next call."""
        rows = np.concatenate([self.waiting, measured.rows])
        first = end - len(rows)
        complete = len(rows) if whatever else groups.completed(end) - first
        self.waiting = rows[complete:]
        values, examples, starts = groups.merge(first, rows[:complete, :-1])
        columns = {name: values[:, i] for i, name in enumerate(self.recording.names)}
        rates = rows[starts, -1]
        return columns | {"batch_size": examples.astype(np.float32), "learning_rate": rates}

    def _compiles(self, size: int) -> bool:
        if self.compiled is not None:
            return self.compiled
        if self.loop.measures.running:
            return False
        arithmetic = {"rows": self.data.training, "batch_size": size, "accumulation": self.accumulation}
        return xla.worth_compiling(self.loop.model, self.budget, **arithmetic)

    def _end_epoch(self, size: int, first_piece: int) -> None:
        recording, progress = self.recording, self.recording.progress
        pieces = recording.pieces[first_piece:]
        if self.loop.measures.running:
            results = self.loop.model.get_metrics_result()
            running = {name: float(results[name]) for name in recording.names}
        else:
            values = np.stack([np.concatenate([p[name] for p in pieces]) for name in recording.names], axis=1)
            examples = np.concatenate([piece["batch_size"] for piece in pieces]).astype(np.int64)
            with np.errstate(all="ignore"):  # a diverged epoch averages to inf or nan, and says so
                means = self.loop.measures.average(values, examples)
            running = dict(zip(recording.names, means.tolist(), strict=True))
        row = running | self._evaluate(size)
        row |= {"updates": progress.updates, "examples": progress.examples, "seconds": progress.seconds}
        for column, values_so_far in recording.epochs.items():
            values_so_far.append(row[column])

    def _evaluate(self, size: int) -> dict[str, float]:
        begun = time.perf_counter()
        parts = self.loop.evaluator.measure(self.data, self.sample, batch_size=size)
        self.recording.evaluation_seconds += time.perf_counter() - begun
        return dict(zip(self.evaluated, np.concatenate(parts).tolist(), strict=True))

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

    def _report(self, *, now: bool = False) -> None:
        if now or time.perf_counter() - self.reported >= REPORT_SECONDS:
            self.report(self.recording)
            self.reported = time.perf_counter()
