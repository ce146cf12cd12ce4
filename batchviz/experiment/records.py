"""What the store hands back and the workers hand in: Run, Series, Status, Report, Outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.spec import RunSpec

Series = dict[str, NDArray[np.float32]]
"""Columns of equal length, float32: those of one kind in SERIES."""


class Column(NamedTuple):
    """One number of every row. An axis rises from row to row; a measure is what curves are drawn of."""

    name: str
    role: Literal["axis", "measure", "setting"] = "measure"
    whole: bool = False
    """A count: written without decimals, null in a file where it is not known."""


class SeriesKind(NamedTuple):
    """What is recorded at one moment of training, again and again."""

    cadence: str
    """A row is recorded at the end of each of these; exported tables call the column of its number so."""
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order in which they are stored and exported."""
        return tuple(column.name for column in self.columns)

    @property
    def measures(self) -> tuple[str, ...]:
        """Those whose extremes must survive when rows are left out."""
        return tuple(column.name for column in self.columns if column.role == "measure")

    @property
    def axes(self) -> tuple[str, ...]:
        """Those that never fall."""
        return tuple(column.name for column in self.columns if column.role == "axis")

    def empty(self) -> Series:
        """A series of no rows."""
        return {name: np.empty(0, np.float32) for name in self.names}


SERIES = {
    "epochs": SeriesKind(
        "epoch",
        (
            Column("updates", "axis", whole=True),  # optimiser steps taken when the row was measured
            Column("examples", "axis", whole=True),  # training examples seen
            Column("seconds", "axis"),  # training time, without set-up and evaluation
            Column("loss"),  # Keras' running mean over the epoch, taken before each update; NaN in row 0
            Column("metric"),
            # At the epoch's end, on all training rows or a fixed sample: training_rows_evaluated in `final`.
            Column("train_loss"),
            Column("train_metric"),
            Column("val_loss"),  # NaN without validation rows
            Column("val_metric"),
        ),
    ),
    "updates": SeriesKind(
        "update",
        (
            Column("loss"),
            Column("metric"),
            Column("batch_size", "setting", whole=True),
            Column("learning_rate", "setting"),
        ),
    ),
}
"""Every kind of series. Training, store, feed, scripts, exporters and importers read their columns here.

The name of a kind is stored, at most 8 characters long. Archives and chunks hold the columns in this order: a column
more is another version of both.
"""


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


class Source(StrEnum):
    """Where a run was trained."""

    HERE = ""
    ARCHIVE = "archive"  # on another BatchViz, as the archive says
    HISTORY = "history"  # by another program, whose history was imported


HISTORY_FIELDS = frozenset(
    {"dataset", "rows", "batch_size", "budget_unit", "budget", "validation_split", "seed"}
)
"""What is asked for when a history is imported, or follows from it; its model and optimiser are not known."""


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
    source: Source = Source.HERE
    title: str = ""
    """Given at import to a run that was trained elsewhere; part of the run, whoever looks at it."""

    @property
    def plan(self) -> Plan:
        """What its spec implies."""
        return plan_for(self.spec)

    def counted(self, unit: str) -> float | None:
        """Updates, examples or seconds of the whole run so far; None where an imported history does not say."""
        if self.source is Source.HISTORY:
            return self.final.get(unit)
        counts = {"updates": self.progress.updates, "examples": self.progress.examples}
        return counts.get(unit, self.progress.seconds)

    @property
    def known_fields(self) -> frozenset[str]:
        """The fields of the spec that are known: all, but few of a history that another program wrote."""
        if self.source is not Source.HISTORY:
            return frozenset(RunSpec.model_fields)
        # `final` names the rows where they were stated at import; those of the spec are stand-ins otherwise.
        return HISTORY_FIELDS if "rows" in self.final else HISTORY_FIELDS - {"rows", "validation_split"}


class Measurement(NamedTuple):
    """What one update of a finished run took on this machine."""

    spec: RunSpec
    seconds_per_update: float

    @property
    def plan(self) -> Plan:
        """What its spec implies."""
        return plan_for(self.spec)


@dataclass(frozen=True)
class LibraryEntry:
    """A run in a visitor's library, with what the visitor wrote on it. Names, notes and tags are plain text."""

    run: Run
    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    favourite: bool = False
    added: float = 0.0
    bytes: int = 0
    """Stored for its series."""


@dataclass(frozen=True)
class Query:
    """Which runs of a library are looked for. Empty means any. Dates are Unix seconds."""

    text: str = ""
    """Words that all occur in name, note, tags, title or id, upper or lower case alike."""
    datasets: tuple[str, ...] = ()
    batch_sizes: tuple[int, ...] = ()
    """Examples a batch as trained: "full" is the number of training rows."""
    statuses: tuple[Status, ...] = ()
    tags: tuple[str, ...] = ()
    favourite: bool = False
    since: float | None = None
    until: float | None = None
    order: str = "newest"
    """One of ORDERS."""
    page: int = 0
    page_size: int = 100


ORDERS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "name": "Name",
    "batch_size": "Batch size",
    "val_loss": "Validation loss, lowest first",
    "seconds": "Training time, shortest first",
    "favourite": "Favourites first",
}


@dataclass(frozen=True)
class RunPage:
    """One page of the runs that a query found, and how many there are in all."""

    entries: tuple[LibraryEntry, ...]
    total: int


@dataclass(frozen=True)
class StorageUsage:
    """What a visitor's runs take."""

    runs: int
    bytes: int


@dataclass(frozen=True)
class Board:
    """A named, saved comparison. It has no owner to a reader: its id opens it, also when its author is gone."""

    id: str
    owner: str
    name: str
    text: str
    runs: tuple[str, ...]
    names: Mapping[str, str]
    """By run id, the names that the author had given when the board was saved."""
    view: Mapping[str, str]
    """How it is drawn: the parameters of a comparison's link."""
    created: float = 0.0
    changed: float = 0.0


@dataclass(frozen=True)
class Upload:
    """A visitor's own data, prepared for training."""

    id: str
    owner: str
    name: str
    dataset: str
    """Its name in a RunSpec, `own.ID.442x10.1`."""
    explanation: tuple[str, ...]
    """What was done with its columns, a sentence each."""
    columns: tuple[str, ...]
    """The inputs, in order."""
    target: str
    classes: tuple[str, ...]
    """By class number; empty for regression."""
    bytes: int = 0
    created: float = 0.0
