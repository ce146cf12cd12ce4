"""What the compiled loop measured, made part of the recording: updates as they come in, epochs as they end."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.records import Progress, Status
from batchviz.experiment.schedule import Epoch
from batchviz.training.accumulation import MicroBatches
from batchviz.training.data import Data
from batchviz.training.evaluation import Sample
from batchviz.training.loop import StepValues
from batchviz.training.recording import Recording
from batchviz.training.validation import Validation

DIVERGED_AT = 1.5
"""Times its start that a run's training loss may end at."""


class Recorder:
    """Fills the recording of one run."""

    def __init__(self, loop: Any, data: Data, *, seed: int, validation: Validation) -> None:
        """`loop` is a Loop, or what stands for one of several.

        `seed` draws the rows on which a large model's true training loss is taken.
        """
        self._loop, self._data, self._validation = loop, data, validation
        self._first_epoch = 0
        self._begun = time.perf_counter()
        self._left: tuple[list[float], int, int] | None = (
            None  # what was measured last, of how many rows and batches
        )
        self._sample = Sample(data, weights=loop.model.count_params(), seed=seed)
        names = loop.batch_metrics.names
        self._waiting: NDArray[np.float32] = np.empty((0, len(names) + 1), np.float32)
        self._epoch_pieces: list[dict[str, NDArray[np.float32]]] = []
        self._evaluated = ["train_" + name for name in names]
        self._evaluated += ["val_" + name for name in names] if data.validation else []
        columns = ["updates", "examples", "seconds", *names, *self._evaluated]
        self.recording = Recording(
            names=names,
            epochs={column: [] for column in columns},
            measured={column: [] for column in ("updates", "examples", "seconds", *self._evaluated)},
            initial={},
            training_rows=data.training,
            validation_rows=data.validation,
            training_rows_evaluated=self._sample.rows,
        )

    @property
    def between_updates(self) -> bool:
        """Whether no micro-batch waits for the rest of its update."""
        return not len(self._waiting)

    def start(self, epoch: Epoch) -> None:
        """Record the state before the first update; `epoch` is the first one."""
        self._first_epoch = epoch.number
        self.recording.initial = self._evaluate(epoch)
        self._begun = time.perf_counter()

    def start_epoch(self) -> None:
        """What is added from now on belongs to a new epoch."""
        self._epoch_pieces = []

    def add(self, values: StepValues, micro_batches: MicroBatches, first: int, epoch: Epoch) -> None:
        """Record what a call measured of an epoch's batches from `first` on; a loss that is not finite ends the run."""
        recording, progress = self.recording, self.recording.progress
        finite = not len(values.rows) or math.isfinite(values.rows[-1, 0])
        end = first + len(values.rows)
        piece = self._piece(values, micro_batches, end, incomplete=not finite)
        recording.pieces.append(piece)
        self._epoch_pieces.append(piece)
        seen = int(micro_batches.sizes[: end - len(self._waiting)].sum())
        whole = epoch.number - self._first_epoch
        recording.progress = Progress(
            updates=progress.updates + len(piece["loss"]),
            examples=whole * epoch.rows + seen,
            epochs=whole + seen / epoch.rows,
            seconds=progress.seconds + values.seconds,
            elapsed=time.perf_counter() - self._begun - recording.setup_seconds,
        )
        if not finite:
            recording.status = Status.DIVERGED
            recording.reason = (
                f"The loss was no longer a finite number at update {recording.progress.updates:,}. "
                "A smaller learning rate usually helps."
            )

    def _piece(
        self, values: StepValues, micro_batches: MicroBatches, end: int, *, incomplete: bool
    ) -> dict[str, NDArray[np.float32]]:
        """The updates completed up to batch `end`, or also one that is `incomplete`.

        Its micro-batches wait for the next call otherwise.
        """
        rows = np.concatenate([self._waiting, values.rows])
        first = end - len(rows)
        complete = len(rows) if incomplete else micro_batches.completed(end) - first
        self._waiting = rows[complete:]
        means, examples, starts = micro_batches.merge(first, rows[:complete, :-1])
        columns = {name: means[:, i] for i, name in enumerate(self.recording.names)}
        rates = rows[starts, -1]
        return columns | {"batch_size": examples.astype(np.float32), "learning_rate": rates}

    @property
    def epoch_has_updates(self) -> bool:
        """Whether any was recorded of the epoch under way."""
        return bool(self._epoch_pieces)

    def running_means(self) -> dict[str, float]:
        """Keras' logs of the epoch so far: the means over its batches, each taken before its update."""
        recording = self.recording
        if self._loop.batch_metrics.running:
            results = self._loop.model.get_metrics_result()
            return {name: float(results[name]) for name in recording.names}
        pieces = self._epoch_pieces
        values = np.stack([np.concatenate([p[name] for p in pieces]) for name in recording.names], axis=1)
        examples = np.concatenate([piece["batch_size"] for piece in pieces]).astype(np.int64)
        with np.errstate(all="ignore"):  # a diverged epoch averages to inf or nan, and says so
            means = self._loop.batch_metrics.average(values, examples)
        return dict(zip(recording.names, means.tolist(), strict=True))

    def end_epoch(self, epoch: Epoch, running: dict[str, float], *, held_out: bool) -> dict[str, float]:
        """Record an epoch that ended, or was cut short by the budget, with its running means.

        Returns what was found on the rows held out, by the metrics' names; nothing unless they are evaluated now.
        """
        evaluated = self._evaluate(epoch, held_out=held_out, as_keras=True)
        _append(self.recording.epochs, running | evaluated, self.recording.progress)
        names = self.recording.names
        validation = {name: evaluated[f"val_{name}"] for name in names if f"val_{name}" in evaluated}
        if validation:
            rows, size = self._data.validation, self._validation.batch_size or epoch.batch_size
            self._left = list(validation.values()), rows, math.ceil(rows / size)
        else:
            sizes = np.concatenate([piece["batch_size"] for piece in self._epoch_pieces])
            self._left = list(running.values()), int(sizes.sum()), len(sizes)
        return validation

    def measure(self, epoch: Epoch) -> None:
        """Evaluate inside an epoch: nothing that is trained or averaged changes by it."""
        _append(self.recording.measured, self._evaluate(epoch), self.recording.progress)

    def stop(self) -> None:
        """The run was ended on request."""
        self.recording.status, self.recording.reason = Status.STOPPED, "Stopped on request."

    def finish(self, ended: str = "") -> None:
        """The budget is used up, or `ended` says why training ends before.

        A training loss well above its start has diverged, though every number is finite.
        """
        recording = self.recording
        if self._left:
            self._loop.batch_metrics.leave(*self._left)
        if recording.status is not Status.RUNNING:
            return
        recording.status, recording.reason = Status.STOPPED if ended else Status.DONE, ended
        start, losses = recording.initial["train_loss"], recording.epochs["train_loss"]
        if losses and not losses[-1] <= DIVERGED_AT * abs(start):
            recording.status = Status.DIVERGED
            recording.reason = (
                f"The training loss ended at {losses[-1]:.3g}, more than {DIVERGED_AT:g} times its start of "
                f"{start:.3g}. A smaller learning rate usually helps."
            )

    def _evaluate(self, epoch: Epoch, *, held_out: bool = True, as_keras: bool = False) -> dict[str, float]:
        begun = time.perf_counter()
        parts = self._loop.evaluator.measure(
            self._data,
            self._sample,
            batch_size=epoch.batch_size,
            held_out_batch_size=self._validation.batch_size or epoch.batch_size,
            held_out=held_out,
            as_keras=as_keras,
        )
        self.recording.evaluation_seconds += time.perf_counter() - begun
        values = np.concatenate(parts).tolist()
        return dict(zip(self._evaluated[: len(values)], values, strict=True))


def _append(columns: dict[str, list[float]], values: dict[str, float], progress: Progress) -> None:
    at = {"updates": progress.updates, "examples": progress.examples, "seconds": progress.seconds}
    for column, so_far in columns.items():
        so_far.append((values | at).get(column, math.nan))
