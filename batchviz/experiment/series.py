"""What is recorded while a run trains: kinds of series and their columns, in one table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    """What its rows are counted in; exported tables call the column of that number so."""
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
    "measured": SeriesKind(
        "epoch",  # a part of one: at the moments of experiment.moments, what is measured at an epoch's end
        (
            Column("updates", "axis", whole=True),
            Column("examples", "axis", whole=True),
            Column("seconds", "axis"),
            Column("train_loss"),
            Column("train_metric"),
            Column("val_loss"),
            Column("val_metric"),
        ),
    ),
}
"""Every kind of series. Training, store, feed, scripts, exporters and importers read their columns here.

The name of a kind is stored, at most 8 characters long. Archives and chunks hold the columns in this order: a column
more is another version of both.
"""


def length(series: Series) -> int:
    """Rows of a series."""
    return len(next(iter(series.values())))


def rows(series: Series, start: int, stop: int) -> Series:
    """Rows start to stop of every column."""
    return {name: column[start:stop] for name, column in series.items()}


def join(parts: Iterable[Series], kind: str) -> Series:
    """One series of all rows, in order."""
    parts = list(parts)
    return {
        name: np.concatenate([np.empty(0, np.float32), *(part[name] for part in parts)]).astype(
            np.float32, copy=False
        )
        for name in SERIES[kind].names
    }


class Measurements:
    """Every measurement of a run in the order of training, in the columns of its epochs, as its rows come in.

    Inside an epoch there is no running mean: `loss` and `metric` are NaN there.
    """

    def __init__(self) -> None:
        self._later = SERIES["measured"].empty()

    def add(self, epochs: Series, measured: Series, *, complete: bool = True) -> Series:
        """The next of both kinds as one series. Of rows that are not `complete`, what an epoch may precede waits."""
        names = SERIES["epochs"].names
        inside = {name: np.concatenate([column, measured[name]]) for name, column in self._later.items()}
        reached = epochs["updates"][-1] if len(epochs["updates"]) else -np.inf
        now = np.full(len(inside["updates"]), True) if complete else inside["updates"] < reached
        self._later = {name: column[~now] for name, column in inside.items()}
        if not now.any():
            return {name: epochs[name] for name in names}
        nothing = np.full(int(now.sum()), np.nan, np.float32)
        taken = {name: column[now] for name, column in inside.items()}
        order = np.argsort(np.concatenate([epochs["updates"], taken["updates"]]), kind="stable")
        return {name: np.concatenate([epochs[name], taken.get(name, nothing)])[order] for name in names}


def merged(epochs: Series, measured: Series) -> Series:
    """Every measurement of a whole run in the order of training, in the columns of its epochs."""
    return Measurements().add(epochs, measured)
