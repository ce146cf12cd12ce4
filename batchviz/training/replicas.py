"""Runs trained together: those that differ in seed and learning rate alone, as one stacked computation.

Each is recorded as if it were alone: the same rows at the same moments, Keras' running means, its own end. Its numbers
are those of the single run up to rounding (1e-5 of their size, a test), not to the last bit.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from batchviz.experiment import machine_lock, optimizers
from batchviz.experiment.datasets import FetchOwn
from batchviz.experiment.moments import moments
from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Status
from batchviz.experiment.schedule import Epoch
from batchviz.experiment.spec import RunSpec
from batchviz.training import run, xla
from batchviz.training.accumulation import MicroBatches
from batchviz.training.batch_metrics import average
from batchviz.training.budget import Budget
from batchviz.training.data import Data
from batchviz.training.loop import StepValues
from batchviz.training.recorder import Recorder
from batchviz.training.recording import Recording
from batchviz.training.sampler import CAPACITY
from batchviz.training.stacked import StackedLoop
from batchviz.training.trainer import CALL_SECONDS, REPORT_SECONDS
from batchviz.training.validation import Validation

MIN_XLA_BATCHES = 2500
"""Of a group; below, compiling (0.7 s) costs more than it saves (0.3 ms a batch of 24 replicas)."""
MAX_XLA_WORK = 5_000_000
"""Weights of all replicas x batch size above which arithmetic sets the pace."""
MAX_STACKED_MODELS = 8
MAX_REPORT_SHARE = 0.1
"""Of the time, for reports of runs under way: those of a group take as long as it has runs."""


def record_replicas(
    specs: Sequence[RunSpec],
    should_stop: Callable[[RunSpec], bool] = lambda spec: False,
    fetch_own: FetchOwn | None = None,
    measure_at: Collection[int] | None = (),
    report: Callable[[RunSpec, Recording], None] = lambda spec, recording: None,
) -> list[Recording]:
    """Train one of `experiment.replica_groups.groups` and return what each recorded, in their order.

    A group of one is trained by `record`.

    `should_stop` is asked of each between updates. `report` is handed the recordings as they grow, each for the last
    time when it has ended, which one may long before the others. `trained_together` of a recording is their number R;
    its `seconds` are the group's training time divided by R, which is what the run cost, not what it takes alone:
    whoever plots over seconds reads the clock of the batch size instead.
    """
    if len(specs) == 1:
        (spec,) = specs
        reports = functools.partial(report, spec)
        return [run.record(spec, reports, lambda: should_stop(spec), fetch_own, measure_at)]
    return _Group(specs, should_stop, fetch_own, measure_at, report).train()


@cached(LRUCache(MAX_STACKED_MODELS), key=lambda spec, *_: spec.graph_key())
def _stacked(spec: RunSpec, x: Any, y: Any, shapes: Sequence[tuple[int, int]]) -> StackedLoop:
    optimizer = optimizers.build(spec.optimizer, learning_rate=spec.learning_rate, momentum=spec.momentum)
    return StackedLoop(spec, optimizer, x, y, shapes)


class _Column:
    """One replica, as a recorder sees a loop, its evaluator, its metrics and its model."""

    running = False

    def __init__(self, names: list[str], weights: int) -> None:
        self.model = self.evaluator = self.batch_metrics = self
        self.names, self._weights = names, weights
        self.evaluated: list[NDArray[np.float64]] = []

    def count_params(self) -> int:
        return self._weights

    def average(self, values: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
        return average(values, sizes)

    def measure(self, *_: object, **__: object) -> list[NDArray[np.float64]]:
        return self.evaluated

    def leave(self, *_: object) -> None:
        """There are no metric objects to leave."""


class _Group:
    """Replicas under way: all are at the same batch, except those that have ended."""

    def __init__(
        self,
        specs: Sequence[RunSpec],
        should_stop: Callable[[RunSpec], bool],
        fetch_own: FetchOwn | None,
        measure_at: Collection[int] | None,
        report: Callable[[RunSpec, Recording], None],
    ) -> None:
        self.specs, self.should_stop, self.report = specs, should_stop, report
        spec, plan = specs[0], plan_for(specs[0])
        x, y = run.arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, fetch_own, plan.training_rows)
        self.data = Data.from_arrays(x, y, spec.validation_split)
        self.budget = Budget.from_limits(**{spec.budget_unit: spec.budget})
        self.moments = () if measure_at is None else moments(plan, measure_at)
        metric = run.objective(spec)["metrics"][0]
        self.columns = [_Column(["loss", metric], plan.size.parameters) for _ in specs]
        validation = Validation().for_training(spec.batch_size, self.data.validation)
        self.recorders = [
            Recorder(column, self.data, seed=spec.seed, validation=validation)
            for column, spec in zip(self.columns, specs, strict=True)
        ]
        self.schedules = [spec.schedule for spec in specs]
        self.training_rows = tf.constant(self.data.training)
        # Those of one seed start alike, and visit the rows in one order.
        seeds = {spec.seed: run.initial_values(spec) for spec in specs}
        starts = list(seeds.values())
        rows = [tf.concat([tf.reshape(v, [-1]) for v in values], 0) for values in starts]
        self.seeds = list(seeds)
        self.seed_of_replica = [self.seeds.index(spec.seed) for spec in specs]
        weights = tf.gather(tf.stack(rows), self.seed_of_replica)
        begun = time.perf_counter()
        with xla.fast_tracing(self.columns[0]):
            # A bias as a row, so that it is added to every example.
            shapes = [tuple(v.shape) if v.shape.rank == 2 else (1, v.shape[0]) for v in starts[0]]
            self.loop = _stacked(spec, self.data.x, self.data.y, shapes)
        self.setup_seconds = time.perf_counter() - begun
        self.state: list[Any] = [weights, *(tf.zeros_like(weights) for _ in range(self.loop.slots))]
        self.alive = np.ones(len(specs), bool)
        self.seconds_a_batch: dict[int, float] = {}
        self.prepared: set[tuple[int, ...]] = set()
        self.next_report = time.perf_counter() + REPORT_SECONDS

    def train(self) -> list[Recording]:
        """To the end of each."""
        first = self._epoch(0)
        with machine_lock.training(self._all_stop), xla.fast_tracing(self.columns[0]):
            self._evaluate(range(len(self.specs)))
            for recorder in self.recorders:
                recorder.start(first)
            number = 0
            while self.alive.any() and not self.budget.spent(self._progress(), number):
                self._train_epoch(number)
                number += 1
            for index in self._under_way():
                self._finish(index)
        return [recorder.recording for recorder in self.recorders]

    def _all_stop(self) -> bool:
        return all(map(self.should_stop, self.specs))

    def _finish(self, index: int) -> None:
        """Nothing more comes of this one."""
        recorder = self.recorders[index]
        recorder.finish()
        recorder.recording.setup_seconds = self.setup_seconds / len(self.specs)
        recorder.recording.trained_together = len(self.specs)
        self.alive[index] = False
        self.report(self.specs[index], recorder.recording)

    def _report(self) -> None:
        """What has come in of all under way, as often as that takes a small share of the time."""
        begun = time.perf_counter()
        if begun < self.next_report:
            return
        for index in self._under_way():
            self.report(self.specs[index], self.recorders[index].recording)
        ended = time.perf_counter()
        self.next_report = ended + max(REPORT_SECONDS, (ended - begun) / MAX_REPORT_SHARE)

    def _under_way(self) -> list[int]:
        return [index for index, alive in enumerate(self.alive) if alive]

    def _progress(self) -> Progress:
        return self.recorders[int(np.argmax(self.alive))].recording.progress

    def _epoch(self, number: int, replica: int = 0) -> Epoch:
        return self.schedules[replica].epoch(number)

    def _train_epoch(self, number: int) -> None:
        epochs = [self._epoch(number, replica) for replica in range(len(self.specs))]
        epoch = epochs[0]
        batches = MicroBatches.of_epoch(epoch)
        end = self._progress().updates + epoch.updates
        rates = tf.constant([each.learning_rate for each in epochs], tf.float32)
        visits = self._visits(epoch)
        compiled = self._compiles(epoch)
        for index in self._under_way():
            self.recorders[index].start_epoch()
        taken = self._under_way()
        for offset in range(0, epoch.batches, CAPACITY):
            table, sizes = _padded(visits, batches.sizes, offset)
            start, count = offset, min(offset + CAPACITY, epoch.batches)
            while start < count and self.alive.any():
                stop = min(self._call_end(batches, start, epoch.batch_size), count)
                if stop <= start:
                    break
                self._call(table, sizes, rates, offset, start, stop, batches, epochs, compiled)
                start = stop
                progress = self._progress()
                inside = progress.updates < end and not self.budget.spent(progress, number)
                if self.alive.any() and progress.updates in self.moments and inside:
                    running = self._under_way()
                    self._evaluate(running)
                    for index in running:
                        self.recorders[index].measure(epochs[index])
                for index in self._under_way():
                    if self.should_stop(self.specs[index]):
                        self.recorders[index].stop()
                        self._finish(index)
                self._report()
            if not self.alive.any() or self.budget.spent(self._progress(), number):
                break
        self._end_epoch(taken, epochs)

    def _end_epoch(self, replicas: Sequence[int], epochs: Sequence[Epoch]) -> None:
        """Of those that went on to its end or diverged in it, as for a single run."""
        ended = [
            index
            for index in replicas
            if self.recorders[index].recording.status in (Status.RUNNING, Status.DIVERGED)
            and self.recorders[index].epoch_has_updates
        ]
        self._evaluate(ended)
        for index in ended:
            recorder = self.recorders[index]
            running = recorder.running_means()
            held_out = bool(self.data.validation)
            evaluated = recorder.end_epoch(epochs[index], running, held_out=held_out)
            logs = running | {f"val_{name}": value for name, value in evaluated.items()}
            for name, value in sorted(logs.items()):
                recorder.recording.history.setdefault(name, []).append(value)
            recorder.recording.epoch.append(epochs[index].number)
            if recorder.recording.status is Status.DIVERGED:
                self._finish(index)

    def _visits(self, epoch: Epoch) -> NDArray[np.int32]:
        """(batches, replicas, batch size) row numbers; a partial last batch is filled up with what does not count."""
        missing = epoch.batches * epoch.batch_size - epoch.rows
        orders = np.stack([order(epoch.rows, seed=seed, epoch=epoch.number) for seed in self.seeds])
        if missing:
            orders = np.pad(orders, ((0, 0), (0, missing)), mode="edge")
        visits = orders.reshape(len(self.seeds), epoch.batches, epoch.batch_size)
        return np.ascontiguousarray(visits.transpose(1, 0, 2)[:, self.seed_of_replica])

    def _compiles(self, epoch: Epoch) -> bool:
        """Decided by arithmetic alone, as for a single run."""
        weights = self.columns[0].count_params() * len(self.specs)
        if weights * epoch.batch_size > MAX_XLA_WORK:
            return False
        return epoch.batches * self.budget.epochs_at_most(epoch.rows, epoch.updates) >= MIN_XLA_BATCHES

    def _call_end(self, batches: MicroBatches, first: int, size: int) -> int:
        """The batch (counted in the epoch) at which the next call returns."""
        quick = max(1, int(CALL_SECONDS / self.seconds_a_batch.get(size, CALL_SECONDS / 16)))
        return min(first + quick, self.budget.next_end(batches, first, self.moments, self._progress()))

    def _call(
        self, table: Any, sizes: Any, rates: Any, offset: int, start: int, stop: int,
        batches: MicroBatches, epochs: Sequence[Epoch], compiled: bool,
    ) -> None:  # fmt: skip
        """Train on the batches start to stop of the epoch, and record them of all that are under way."""
        function = self.loop.xla if compiled else self.loop.graph
        done, replicas = self._progress().updates, len(self.specs)
        train = functools.partial(function, self.data.x, self.data.y, table, sizes, rates)
        shape = (compiled, *table.shape)
        if shape not in self.prepared:
            begun = time.perf_counter()
            train(tf.constant(self.alive), *map(tf.constant, (done, 0, 0)), self.state)
            self.setup_seconds += time.perf_counter() - begun
            self.prepared.add(shape)
        begun = time.perf_counter()
        numbers = map(tf.constant, (done, start - offset, stop - offset))
        recorded, _, *self.state = train(tf.constant(self.alive), *numbers, self.state)
        values = recorded.numpy()[start - offset : stop - offset]
        seconds = time.perf_counter() - begun
        self.seconds_a_batch[table.shape[2]] = seconds / len(values)
        for index in self._under_way():
            column, rate = values[:, :, index], np.float32(epochs[index].learning_rate)
            bad = np.flatnonzero(~np.isfinite(column[:, 0]))
            rows = column[: bad[0] + 1] if len(bad) else column
            rows = np.concatenate([rows, np.full((len(rows), 1), rate, np.float32)], axis=1)
            recorder = self.recorders[index]
            recorder.add(StepValues(rows, seconds / replicas), batches, start, epochs[index])
            self.alive[index] = recorder.recording.status is Status.RUNNING

    def _evaluate(self, replicas: Sequence[int]) -> None:
        """All rows with the weights as they are, for these replicas to record."""
        if not replicas:
            return
        begun = time.perf_counter()
        data = self.data
        (values,) = self.loop.evaluate(data.x, data.y, self.training_rows, self.state[0])
        parts = values.numpy()[: 1 + bool(data.validation)].astype(np.float64)
        for index, column in enumerate(self.columns):
            column.evaluated = [part[:, index] for part in parts]
        seconds = (time.perf_counter() - begun) / len(replicas)
        for index in replicas:
            self.recorders[index].recording.evaluation_seconds += seconds


def _padded(visits: NDArray[np.int32], sizes: NDArray[np.int64], offset: int) -> tuple[Any, Any]:
    """At most CAPACITY batches from `offset` on, padded to that many where an epoch has more: one shape for XLA."""
    table, sizes = visits[offset : offset + CAPACITY], sizes[offset : offset + CAPACITY].astype(np.int32)
    if len(visits) > CAPACITY > len(table):
        missing = CAPACITY - len(table)
        table = np.pad(table, ((0, missing), (0, 0), (0, 0)))
        sizes = np.pad(sizes, (0, missing), constant_values=1)
    return tf.constant(table), tf.constant(sizes)
