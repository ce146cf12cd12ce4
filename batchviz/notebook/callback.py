"""`Callback`: somebody's own Keras `fit`, recorded into an archive that the app imports and compares.

    callback = batchviz.Callback("run32.batchviz.zip", experiment="Lesson 3")
    model.fit(x, y, batch_size=32, epochs=10, callbacks=[callback])

Only this module's import loads Keras.
"""

from __future__ import annotations

import atexit
import math
import os
import secrets
import time
import weakref
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from batchviz.errors import DataError
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.limits import MAX_BATCH_SIZE, MAX_NOTE_LENGTH, MAX_RUN_NAME_LENGTH
from batchviz.experiment.records import Progress, Run, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.exporters.archive import archive
from batchviz.exporters.selection import RecordedRuns
from batchviz.importers.history import CLASSIFICATION, REGRESSION, History, Metadata, recorded
from batchviz.importers.history.headings import METRICS
from batchviz.importers.imported_run import ImportedRun, clean
from batchviz.training.fit_observer import FitObserver

SHARE_OF_TIME = 0.02
"""Of the training time, which writing after an epoch may take."""


class Callback(FitObserver):
    """Records a Keras `fit`, whatever it is fed: every update with its batch's own loss, every epoch, the times.

    `path` is where the archive is written: at the end of training, after epochs while it trains, and when Python ends
    before training does. Without it, `save(path)` writes whenever it is called, also after an interrupt. `name` is
    shown in the list of runs. Runs of one `experiment` learnt from the same data. `seed` pairs runs with the same
    starting weights: by default that of `keras.utils.set_random_seed`, else 0.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        name: str = "",
        experiment: str = "",
        seed: int | None = None,
    ) -> None:
        super().__init__(tuple(METRICS))
        self.path = None if path is None else Path(path)
        self.name, self.experiment, self.seed = name, experiment, seed
        self._saving_took, self._saved_at = 0.0, -math.inf
        if self.path is not None:
            atexit.register(_save_at_exit, weakref.ref(self))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        super().on_epoch_end(epoch, logs)
        waited = time.perf_counter() - self._saved_at
        if self.path is not None and waited * SHARE_OF_TIME >= self._saving_took:
            self.save()

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        super().on_train_end(logs)
        if self.path is not None:
            self.save()

    def save(self, path: str | os.PathLike[str] | None = None) -> Path:
        """Write what was recorded so far as an archive, whole or not at all, and return its path.

        Raises DataError when nothing was trained yet, or no path is known.
        """
        target = self.path if path is None else Path(path)
        if target is None:
            raise DataError("There is no path to save to. Expected one: callback.save('run.batchviz.zip').")
        began = time.perf_counter()
        run = self.run()
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            with partial.open("wb") as file:
                file.writelines(archive(_selection(run)))
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        self._saved_at = time.perf_counter()
        self._saving_took = self._saved_at - began
        return target

    def run(self) -> ImportedRun:
        """What was recorded so far, as a run that was trained elsewhere. Raises DataError when nothing was."""
        updates = self.updates
        if not len(updates["loss"]) and not self.epochs:
            raise DataError(
                "Nothing was trained yet. Expected model.fit(..., callbacks=[callback]) before save."
            )
        sizes_known = bool(np.isfinite(updates["batch_size"]).all() and (updates["batch_size"] >= 1).all())
        sizes = updates["batch_size"] if sizes_known else np.empty(0, np.float32)
        run = recorded(
            self._history(),
            Metadata(_commonest(sizes), self._task(), seed=self._seed(), experiment=self.experiment),
        )
        examples, made = float(sizes.sum(dtype=float)), len(updates["loss"])
        diverged = run.status is Status.DIVERGED
        stopped = not self.finished and not diverged
        return replace(
            run,
            status=Status.STOPPED if stopped else run.status,
            reason="It was still training, or was interrupted, when it was written."
            if stopped
            else run.reason,
            epochs=self._epoch_series(),
            updates=updates if sizes_known and not self.lost else SERIES["updates"].empty(),
            progress=Progress(made, int(examples), self._epochs_passed(examples), self.seconds),
            final=dict(run.final) | _counts(made, examples, self.seconds),
            name=clean(self.name, MAX_RUN_NAME_LENGTH),
            note=clean(self._note(), MAX_NOTE_LENGTH),
        )

    def _history(self) -> History:
        rows = self.epochs or [dict.fromkeys(("loss", "metric", "val_loss", "val_metric"), math.nan)]
        column = {
            name: np.array([row[name] for row in rows], np.float64)
            for name in ("loss", "metric", "val_loss", "val_metric")
        }
        with np.errstate(over="ignore"):
            finite = np.isfinite(column["loss"].astype(np.float32))
        broken = np.flatnonzero(~finite & bool(self.epochs))
        task = self._task()
        named = (
            {name: column[name] for name in ("metric", "val_metric")}
            if self.metric and METRICS[self.metric] == task
            else {}
        )
        losses = {name: column[name] for name in ("loss", "val_loss") if np.isfinite(column[name]).any()}
        return History(
            epochs=len(rows),
            losses=losses,
            metrics={task: named},
            names={task: self.metric or ""},
            unfinished=int(broken[0]) + 1 if len(broken) else None,
            left_out=(),
            stated={},
        )

    def _task(self) -> str:
        if self.metric is not None:
            return METRICS[self.metric]
        return CLASSIFICATION if "crossentropy" in self.loss_name else REGRESSION

    def _seed(self) -> int:
        if self.seed is not None:
            return self.seed
        seed = self.global_seed
        return seed if seed is not None and 0 <= seed < 2**31 else 0

    def _note(self) -> str:
        """What is known beside the numbers, in words."""
        lost = f" {self.lost:,} updates were made too many at once to be noted." if self.lost else ""
        devices = (
            " It trained on several devices: its updates were not noted." if self.several_devices else ""
        )
        return f"Recorded by batchviz.Callback in {self.description}{lost}{devices}"

    def _epoch_series(self) -> Series:
        epochs = {name: np.full(len(self.epochs) + 1, np.nan, np.float32) for name in SERIES["epochs"].names}
        for place, row in enumerate(self.epochs, 1):
            for name, value in row.items():
                epochs[name][place] = value
        for name in ("updates", "examples", "seconds"):
            epochs[name][0] = 0 if self.epochs and math.isfinite(self.epochs[-1][name]) else np.nan
            if not np.isfinite(epochs[name]).all():
                epochs[name][:] = np.nan
        return epochs

    def _epochs_passed(self, examples: float) -> float:
        """Epochs that ended, and the part of the next one that was trained."""
        ended = len(self.epochs)
        if not ended or not self.epochs[-1]["examples"] > 0:
            return float(ended)
        return ended + max(examples - self.epochs[-1]["examples"], 0) / (self.epochs[-1]["examples"] / ended)


def _selection(run: ImportedRun) -> RecordedRuns:
    """As the exporters take it."""
    now = time.time()
    made = Run(
        id=secrets.token_urlsafe(8),
        attempt=1,
        spec=run.spec,
        status=run.status,
        reason=run.reason,
        owner="",
        created=now,
        finished=now,
        progress=run.progress,
        final=run.final,
        source=run.source,
        title=run.title,
    )
    rows = {"epochs": run.epochs, "updates": run.updates, "measured": run.measured}
    return RecordedRuns([LibraryEntry(made, name=run.name, note=run.note)], {made.id: rows})


def _commonest(sizes: np.ndarray[Any, np.dtype[np.float32]]) -> int:
    """The batch size that most updates had; 1 where none is known."""
    values, counts = np.unique(sizes, return_counts=True)
    return min(int(values[np.argmax(counts)]), MAX_BATCH_SIZE - 1) if len(values) else 1


def _counts(updates: int, examples: float, seconds: float) -> dict[str, float]:
    """What histories do not tell and this run does."""
    values = {"updates": float(updates), "examples": examples, "seconds": seconds}
    return {name: value for name, value in values.items() if math.isfinite(value) and value > 0}


def _save_at_exit(reference: weakref.ref[Callback]) -> None:
    callback = reference()
    if callback is not None and not callback.finished and (callback.epochs or len(callback.updates["loss"])):
        callback.save()
