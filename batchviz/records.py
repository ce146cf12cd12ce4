"""What the store hands back and the workers hand in: Run, Series, Status, Report, Outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from batchviz.spec import RunSpec

Series = dict[str, NDArray[np.float32]]
"""Columns of equal length, float32. Two kinds exist, EPOCH_COLUMNS and UPDATE_COLUMNS."""

EPOCH_COLUMNS = (
    "updates",  # optimiser steps taken when the row was measured
    "examples",  # training examples seen
    "seconds",  # training time, without set-up and evaluation
    "loss",  # Keras' running mean over the epoch, taken before each update; NaN in row 0
    "metric",
    "train_loss",  # the whole training set, evaluated at the epoch's end
    "train_metric",
    "val_loss",  # NaN without validation rows
    "val_metric",
)
UPDATE_COLUMNS = ("loss", "metric", "batch_size", "learning_rate")


class Status(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    DIVERGED = "diverged"

    @property
    def final(self) -> bool:
        """True when nothing more will be recorded."""
        return self not in (Status.QUEUED, Status.RUNNING)


@dataclass(frozen=True)
class Progress:
    """How far a run has come; `seconds` is training time, without set-up and evaluation."""

    updates: int = 0
    examples: int = 0
    epochs: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Report:
    """The rows recorded since the last report."""

    updates: Series
    epochs: Series
    progress: Progress


@dataclass(frozen=True)
class Outcome:
    """How a run ended, in words (`reason`) and in the values that lists show (`final`)."""

    status: Status
    reason: str
    final: Mapping[str, float]
    progress: Progress


@dataclass(frozen=True)
class Run:
    """One run as the store knows it. Times are Unix seconds, None until they happen."""

    id: str
    attempt: int
    spec: RunSpec
    status: Status
    reason: str
    owner: str
    created: float
    started: float | None = None
    finished: float | None = None
    progress: Progress = field(default_factory=Progress)
    final: Mapping[str, float] = field(default_factory=dict)


def empty_series(columns: tuple[str, ...]) -> Series:
    """A series of no rows."""
    return {name: np.empty(0, np.float32) for name in columns}
