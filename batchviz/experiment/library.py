"""What a visitor keeps: runs with a name and notes, boards, own data; how they are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchviz.experiment.records import Run, Status


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
