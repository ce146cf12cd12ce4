"""Which columns of a history are the loss and the metric, and whether their values can be that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.importers.limits import MAX_HISTORY_EPOCHS

METRICS = {
    "mae": "regression",
    "mean_absolute_error": "regression",
    "accuracy": "classification",
    "acc": "classification",
    "sparse_categorical_accuracy": "classification",
    "categorical_accuracy": "classification",
    "binary_accuracy": "classification",
}
"""Keras' names for the metrics that BatchViz shows, and the task they belong to."""
MAX_NAMED = 8


@dataclass(frozen=True)
class Column:
    """One column of a file."""

    name: str
    values: NDArray[np.float64]
    measured: NDArray[np.bool_]
    """False where the file says that there is no value; NaN among the others is a loss that was NaN."""
    problem: str = ""
    """The first value that is no number, and where; empty where all are."""


@dataclass(frozen=True)
class History:
    """A history in BatchViz' columns, a value an epoch; NaN where nothing was measured."""

    epochs: int
    losses: Mapping[str, NDArray[np.float64]]
    """`loss` and `val_loss`, those that are there."""
    metrics: Mapping[str, Mapping[str, NDArray[np.float64]]]
    """By task, `metric` and `val_metric`."""
    names: Mapping[str, str]
    """By task, what the file calls its metric."""
    unfinished: int | None
    """The first epoch, from 1, with a loss that is no finite number; None if there is none."""
    left_out: tuple[str, ...]
    """Columns that BatchViz has no place for."""

    @property
    def task(self) -> str:
        """The task that the metrics suggest."""
        return next(iter(self.metrics), "regression")


def sorted_out(columns: Sequence[Column]) -> History:
    """The history in a file's columns. Raises DataError for values that a training cannot have recorded."""
    losses: dict[str, Column] = {}
    metrics: dict[str, dict[str, Column]] = {}
    names: dict[str, str] = {}
    left_out: list[str] = []
    for column in columns:
        base = column.name.removeprefix("val_").lower()
        before = "val_" if column.name.startswith("val_") else ""
        if base == "loss":
            losses[f"{before}loss"] = column
        elif base in METRICS and names.setdefault(METRICS[base], base) == base:
            metrics.setdefault(METRICS[base], {})[f"{before}metric"] = column
        else:
            left_out.append(column.name)
    if not losses:
        raise DataError(
            f"The history has no loss; it holds {_listed([column.name for column in columns])}. Expected a column "
            "loss or val_loss, as Keras writes it. Data to learn from is uploaded on the Data page."
        )
    used = [*losses.values(), *(column for pair in metrics.values() for column in pair.values())]
    for column in used:
        _check(column, used[0])
    broken = [np.flatnonzero(column.measured & ~_finite(column.values)) for column in losses.values()]
    return History(
        epochs=len(used[0].values),
        losses={name: column.values for name, column in losses.items()},
        metrics={
            task: {name: column.values for name, column in pair.items()} for task, pair in metrics.items()
        },
        names=names,
        unfinished=min((int(rows[0]) + 1 for rows in broken if len(rows)), default=None),
        left_out=tuple(left_out),
    )


def _check(column: Column, first: Column) -> None:
    if column.problem:
        raise DataError(f"{quoted(column.name)} {column.problem}; expected a number.")
    if not len(column.values):
        raise DataError(f"{quoted(column.name)} is empty. Expected at least one epoch.")
    if len(column.values) > MAX_HISTORY_EPOCHS:
        raise DataError(
            f"The history has {len(column.values):,} epochs; expected at most {MAX_HISTORY_EPOCHS:,}. "
            "Is it one value a batch?"
        )
    if len(column.values) != len(first.values):
        raise DataError(
            f"{quoted(first.name)} has {len(first.values):,} values and {quoted(column.name)} {len(column.values):,}; "
            "expected one an epoch. After validation_freq or a stop, put null where nothing was measured."
        )
    loss = column.name.lower().endswith("loss")
    low = np.flatnonzero(column.values < 0)
    if len(low):
        what = "MSE and cross-entropy never are" if loss else "MAE and accuracy never are"
        raise DataError(f"{quoted(column.name)} is negative in epoch {low[0] + 1:,}, which {what}.")
    if METRICS.get(column.name.removeprefix("val_").lower()) == "classification":
        high = np.flatnonzero(column.values > 1)
        if len(high):
            place = f"{column.values[high[0]]:g} in epoch {high[0] + 1:,}"
            raise DataError(f"{quoted(column.name)} is {place}; expected a share from 0 to 1, not per cent.")


def _finite(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(over="ignore"):
        return np.isfinite(values.astype(np.float32))


def quoted(name: str) -> str:
    """A column in a sentence; the name is a stranger's text."""
    return f"“{name[:40]}”"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMED:,} more" if len(names) > MAX_NAMED else ""
    return ", ".join(map(quoted, names[:MAX_NAMED])) + more if names else "nothing"
