"""A recording in the columns of the store: reports of what is new while it grows, the values it ends at."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

import numpy as np

from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Outcome, Report, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.training.recording import Recording


class Reporter:
    """Turns a growing Recording into Reports of what is new, in the store's columns.

    It takes the updates out of the recording: whoever is reported to keeps them.
    """

    def __init__(self, report: Callable[[Report], None]) -> None:
        self.report = report
        self.epochs = -1  # row -1 is the state before the first update
        self.measured = 0

    def __call__(self, recording: Recording) -> None:
        pieces = recording.take_pieces()
        names = {"loss": "loss", "metric": recording.names[1]}
        updates: Series = {
            column: np.concatenate([np.empty(0, np.float32), *(p[names.get(column, column)] for p in pieces)])
            for column in SERIES["updates"].names
        }
        done = len(recording.epochs["updates"])
        rows = [epoch_row(recording, number) for number in range(self.epochs, done)]
        self.epochs = done
        epochs: Series = {c: np.array([row[c] for row in rows], np.float32) for c in SERIES["epochs"].names}
        inside = len(recording.measured["updates"])
        measured: Series = {
            c: np.array(values[self.measured : inside], np.float32)
            for c, values in _measured(recording).items()
        }
        self.measured = inside
        over = recording.status is not Status.RUNNING
        self.report(Report(updates, epochs, recording.progress, measured, last=over))


def epoch_row(recording: Recording, number: int) -> dict[str, float]:
    """One row of SERIES["epochs"]; number -1 is the state before the first update."""
    metric = recording.names[1]
    values = recording.initial if number < 0 else {c: v[number] for c, v in recording.epochs.items()}
    start = dict.fromkeys(SERIES["epochs"].axes, 0.0)
    missing = float("nan")
    return {c: values.get(c.replace("metric", metric), start.get(c, missing)) for c in SERIES["epochs"].names}


def _measured(recording: Recording) -> dict[str, list[float]]:
    """The columns of SERIES["measured"]."""
    missing = [math.nan] * len(recording.measured["updates"])
    names = {c: c.replace("metric", recording.names[1]) for c in SERIES["measured"].names}
    return {c: recording.measured.get(name, missing) for c, name in names.items()}


def outcome(recording: Recording, spec: RunSpec) -> Outcome:
    """How a run ended."""
    return Outcome(recording.status, recording.reason, final_values(recording, spec), recording.progress)


def final_values(recording: Recording, spec: RunSpec) -> dict[str, float]:
    """The values that lists and cards show; None is never among them, what was not measured is left out."""
    progress, plan = recording.progress, plan_for(spec)
    final: dict[str, float] = {
        "updates": progress.updates,
        "examples": progress.examples,
        "seconds": progress.seconds,
        "setup_seconds": recording.setup_seconds,
        "evaluation_seconds": recording.evaluation_seconds,
        "parameters": plan.size.parameters,
        "multiplications": plan.size.multiplications,
        "batch_size": plan.first.batch_size,
        "peak_memory_bytes": peak_memory(),
        "training_rows_evaluated": recording.training_rows_evaluated,
        "finished": time.time(),
    }
    if progress.updates and not spec.batch_schedule:
        final["seconds_per_update"] = progress.seconds / progress.updates
    if recording.trained_together > 1:
        final["trained_together"] = recording.trained_together
    ended = len(recording.epochs["updates"])
    if ended:
        last = epoch_row(recording, ended - 1)
        final |= {name: last[name] for name in ("loss", "metric", "train_loss", "train_metric")}
        if recording.validation_rows:
            final |= {name: last[name] for name in ("val_loss", "val_metric")}
            final["gap"] = last["val_loss"] - last["train_loss"]
            inside = _measured(recording)
            losses = np.array(recording.epochs["val_loss"] + inside["val_loss"])
            examples = recording.epochs["examples"] + inside["examples"]
            if np.isfinite(losses).any():
                best = int(np.nanargmin(np.where(np.isfinite(losses), losses, np.nan)))
                epoch = examples[best] / recording.training_rows
                final |= {"best_val_loss": float(losses[best]), "best_epoch": epoch}
    return {name: float(value) for name, value in final.items() if np.isfinite(value)}


def peak_memory() -> float:
    """Bytes of the worker's peak resident memory; NaN where the system does not say."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else peak * 1024)
