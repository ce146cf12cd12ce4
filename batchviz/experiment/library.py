"""What a visitor keeps: runs with a name and notes, boards, own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchviz.experiment.records import Run
from batchviz.experiment.table_findings import Finding


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
class RunPage:
    """One page of the runs that a query found, and how many there are in all."""

    entries: tuple[LibraryEntry, ...]
    total: int


@dataclass(frozen=True)
class Spread:
    """Mean, least and greatest value of one column over the runs of a group that are done."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class RunGroup:
    """The runs of one experiment among those that a query found: they differ in the seed alone."""

    experiment: str
    newest: LibraryEntry
    seeds: int
    done: int
    """Of the runs; a seed that was trained twice counts twice."""
    runs: int
    spreads: Mapping[str, Spread]
    """By column of MEASURED; without those that no run has."""


@dataclass(frozen=True)
class GroupPage:
    """One page of the groups that a query found, and how many groups and runs there are in all."""

    groups: tuple[RunGroup, ...]
    total: int
    runs: int


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
    explanation: tuple[Finding | str, ...]
    """What was done with its columns; of older data sentences."""
    columns: tuple[str, ...]
    """The inputs, in order."""
    target: str
    classes: tuple[str, ...]
    """By class number; empty for regression."""
    bytes: int = 0
    created: float = 0.0
    over_training_rows: bool = False
    """Whether each run standardises it over its training rows; older data was standardised over all rows."""
    in_order: bool = False
    """Whether its rows stand in order of time, so that the last ones are held out unshuffled."""
