"""One run of `fit` under way: epochs of calls into the compiled loop, as long as each may take."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection
from typing import Any

from batchviz.experiment import machine_lock
from batchviz.experiment.order import order
from batchviz.experiment.records import Status
from batchviz.experiment.schedule import BatchSchedule, Epoch
from batchviz.training import keras_private, xla
from batchviz.training.accumulation import MicroBatches
from batchviz.training.budget import Budget
from batchviz.training.callbacks import Callbacks
from batchviz.training.data import Data, tensors
from batchviz.training.loop import Loop
from batchviz.training.recorder import Recorder
from batchviz.training.recording import Recording
from batchviz.training.sampler import Table, tables
from batchviz.training.validation import Validation

CALL_SECONDS = 0.15  # one call into TensorFlow: how soon a stop is heard and a report can go out
REPORT_SECONDS = 0.2


class Trainer:
    """Trains a loop's model on data until a budget, a stop or a loss that is not finite ends it."""

    def __init__(
        self,
        loop: Loop,
        data: Data,
        schedule: BatchSchedule,
        budget: Budget,
        *,
        seed: int,
        shuffle: bool,
        learning_rate: Callable[[int], float] | None,
        compiled: bool | None,
        callbacks: Callbacks,
        validation: Validation,
        first_epoch: int,
        measure_at: Collection[int],
        report: Callable[[Recording], None],
        should_stop: Callable[[], bool],
    ) -> None:
        """`compiled` None leaves XLA to `xla.worth_compiling`; the other arguments are those of `fit`."""
        self.loop, self.data, self.schedule, self.budget = loop, data, schedule, budget
        self.seed, self.shuffle = seed, shuffle
        self.learning_rate, self.compiled = learning_rate, compiled
        self.callbacks, self.validation, self.first_epoch = callbacks, validation, first_epoch
        self.moments = sorted(measure_at)
        self.report, self.should_stop = report, should_stop
        self.weights = loop.model.count_params()
        self.light = xla.is_light(loop.model)
        self.seconds_a_batch: dict[int, float] = {}
        self.compiles: dict[int, bool] = {}
        self.table: Table | None = None
        self.arrays: tuple[Any, ...] = ()
        self.rate: float | None = None
        self.reported = -math.inf
        self.recorder = Recorder(loop, data, seed=seed, validation=validation)

    def run(self) -> Recording:
        """Train to the end."""
        recording = self.recorder.recording
        with machine_lock.training(self.should_stop), xla.fast_tracing(self.loop.model):
            self.loop.start_over()
            number = self._begin()
            self.recorder.start(self.schedule.epoch(number))
            self._report(now=True)
            ended = ""
            while recording.status is Status.RUNNING and not self.budget.spent(recording.progress, number):
                self._train_epoch(self.schedule.epoch(number))
                number += 1
                if self.callbacks.stop:
                    ended = f"A callback ended training after epoch {number}."
                    break
        self.recorder.finish(ended)
        # An optimiser that keeps averages of the weights puts them into the model, as at the end of Keras' fit.
        self.loop.model.optimizer.finalize_variable_values(self.loop.model.trainable_weights)
        self.callbacks.end_training(recording.reason if recording.status is Status.DIVERGED else "")
        self._report(now=True)
        return recording

    def _begin(self) -> int:
        """Let the callbacks begin; returns the first epoch, which is another one where a callback found a backup."""
        steps = self.schedule.epoch(self.first_epoch).batches
        last = self.budget.last_epoch(self.schedule, self.first_epoch)
        self.callbacks.begin_training(epochs=last, steps=steps)
        recording, history = self.recorder.recording, self.callbacks.history
        recording.history, recording.epoch = history.history, history.epoch
        return keras_private.initial_epoch(self.loop.model) or self.first_epoch

    def _train_epoch(self, epoch: Epoch) -> None:
        recording = self.recorder.recording
        self._set_rate(epoch.number)
        if self.loop.batch_metrics.running:
            self.loop.model.reset_metrics()
        self.callbacks.begin_epoch(epoch.number, steps=epoch.batches)
        micro_batches = MicroBatches.of_epoch(epoch)
        end = recording.progress.updates + epoch.updates
        compiled = self._compiles(epoch)
        self.recorder.start_epoch()
        visit = order(epoch.rows, seed=self.seed, epoch=epoch.number, shuffle=self.shuffle)
        for table in tables(visit, epoch.batch_size):
            start = 0
            while start < table.count and self._goes_on(epoch):
                first, last = table.offset + start, table.offset + table.count
                stop = self._call_end(micro_batches, first, last, epoch.batch_size) - table.offset
                if stop <= start:
                    break
                self._call(table, start, stop, micro_batches, epoch, compiled)
                start = stop
                if self.callbacks.stop:
                    break
                if self._measures(epoch, end):
                    self.recorder.measure(epoch)
                self._report()
                running = recording.status is Status.RUNNING
                if running and self.recorder.between_updates and self.should_stop():
                    self.recorder.stop()
            if self.callbacks.stop or not self._goes_on(epoch):
                break
        if recording.status in (Status.RUNNING, Status.DIVERGED) and self.recorder.epoch_has_updates:
            self._end_epoch(epoch)

    def _end_epoch(self, epoch: Epoch) -> None:
        """In Keras' order: the running means, the validation, then what the callbacks make of both."""
        running = self.recorder.running_means()
        held_out = bool(self.data.validation) and self.validation.is_due(epoch.number)
        if held_out:
            self.callbacks.begin_validation()
        evaluated = self.recorder.end_epoch(epoch, running, held_out=held_out)
        if held_out:
            self.callbacks.end_validation(evaluated)
        logs = running | {f"val_{name}": value for name, value in evaluated.items()}
        self.callbacks.end_epoch(epoch.number, logs)

    def _goes_on(self, epoch: Epoch) -> bool:
        """Whether another call of this epoch may follow: time can be up in the middle of a table of visits."""
        recording = self.recorder.recording
        return recording.status is Status.RUNNING and not self.budget.spent(recording.progress, epoch.number)

    def _measures(self, epoch: Epoch, end: int) -> bool:
        """Whether to evaluate inside this epoch: at its `end`, and at that of the run, it is done anyway."""
        updates = self.recorder.recording.progress.updates
        return (
            self.recorder.between_updates
            and updates in self.moments
            and updates < end
            and self._goes_on(epoch)
        )

    def _set_rate(self, epoch: int) -> None:
        """Where it changes: setting it costs as much as a dozen updates."""
        rate = self.rate if self.learning_rate is None else self.learning_rate(epoch)
        if rate != self.rate:
            self.loop.model.optimizer.learning_rate = self.rate = rate

    def _compiles(self, epoch: Epoch) -> bool:
        """Whether XLA is used; decided once a batch size."""
        size = epoch.batch_size
        if size not in self.compiles:
            worth = not self.loop.batch_metrics.running and xla.worth_compiling(
                self.loop.model, self.budget, epoch
            )
            self.compiles[size] = worth if self.compiled is None else self.compiled
        return self.compiles[size]

    def _call_end(self, micro_batches: MicroBatches, first: int, last: int, size: int) -> int:
        """The batch (counted in the epoch) at which the next call returns, on the boundary of an update."""
        progress = self.recorder.recording.progress
        allowed = min(CALL_SECONDS, max(self.budget.seconds - progress.seconds, 0.0))
        if self.callbacks.stop:  # asked for before the epoch's first batch, which Keras still takes
            allowed = 0.0
        end = micro_batches.boundary(first + max(1, int(allowed / self._seconds_a_batch(size))))
        return min(end, last, self.budget.next_end(micro_batches, first, self.moments, progress))

    def _seconds_a_batch(self, size: int) -> float:
        """As measured, and before that guessed from the weights; of what these do not tell, one update is taken."""
        guess = 1e-5 + 1e-10 * 6 * self.weights * size if self.light else math.inf
        return self.seconds_a_batch.get(size, guess)

    def _call(
        self, table: Table, start: int, stop: int, micro_batches: MicroBatches, epoch: Epoch, compiled: bool
    ) -> None:
        """Train on the batches start to stop of a table."""
        call = (self.data.x, self.data.y, *self._arrays(table, micro_batches))
        weights = self.data.weights
        self.recorder.recording.setup_seconds += self.loop.prepare(*call, compiled=compiled, weights=weights)
        values = self.loop.train(*call, start=start, stop=stop, compiled=compiled, weights=weights)
        self.seconds_a_batch[table.rows.shape[1]] = values.seconds / max(1, len(values.rows))
        first = table.offset + start
        self.recorder.add(values, micro_batches, first, epoch)
        if self.recorder.recording.status is Status.DIVERGED:
            self.callbacks.not_finite(first + len(values.rows) - 1, float(values.rows[-1, 0]))
        elif self.callbacks.show_progress and self.recorder.epoch_has_updates:
            self.callbacks.progress(first + len(values.rows), self.recorder.running_means())

    def _arrays(self, table: Table, micro_batches: MicroBatches) -> tuple[Any, ...]:
        """What the loop is told of the visits of a table: kept, since a measurement in between takes another call."""
        if self.table is not table:
            columns = micro_batches.columns(table.offset, len(table.rows)) if self.loop.accumulates else ()
            self.table, self.arrays = table, tensors((table.rows, *columns))
        return self.arrays

    def _report(self, *, now: bool = False) -> None:
        if now or time.perf_counter() - self.reported >= REPORT_SECONDS:
            self.report(self.recorder.recording)
            self.reported = time.perf_counter()
