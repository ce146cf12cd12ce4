"""The column to predict -> y: a number to come close to, or a class to name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.limits import MAX_OWN_CLASSES
from batchviz.experiment.table_findings import (
    ClassTarget,
    ColumnRemarks,
    Finding,
    NumberTarget,
    SingleRowClasses,
)
from batchviz.importers.table.column import Column, Kind, shortened
from batchviz.importers.table.features import standardised
from batchviz.text.column import quoted, remarks

Task = Literal["regression", "classification"]
_FEW = 20  # different whole numbers that are taken for classes,
_REPEATED = 5  # when each comes up as often as this, on average


@dataclass(frozen=True)
class Target:
    """What is to be predicted, over the rows that have it."""

    y: NDArray[np.float32] | NDArray[np.int32]
    """(rows, 1) float32, standardised; or (rows,) int32, class numbers."""
    outputs: int
    classes: tuple[str, ...]
    """By class number; empty for regression."""
    explanation: tuple[Finding, ...]


def tasks(column: Column) -> tuple[Task, ...]:
    """What a column can be the target of, the likelier first. Raises DataError when it can be none."""
    _check(column)
    if column.kind in (Kind.CATEGORY, Kind.TEXT, Kind.YES_NO):
        return ("classification",)
    if column.kind is Kind.DATE or column.distinct > MAX_OWN_CLASSES:
        return ("regression",)
    present = column.numbers[~column.missing]
    whole = bool((present == np.round(present)).all())
    few = column.distinct == 2 or (column.distinct <= _FEW and column.distinct * _REPEATED <= len(present))
    return ("classification", "regression") if whole and few else ("regression", "classification")


def target(column: Column, task: Task) -> Target:
    """The target as arrays. Raises DataError where the column cannot be the target of that task."""
    if task not in (possible := tasks(column)):
        raise DataError(f"{_quoted(column)} can be the target of {possible[0]} only, not of {task}.")
    return _classes(column) if task == "classification" else _numbers(column)


def _check(column: Column) -> None:
    present = int((~column.missing).sum())
    if column.kind is Kind.UNSUPPORTED:
        raise DataError(
            f"{_quoted(column)} cannot be the target: {remarks(column.remarks)} Choose numbers or categories."
        )
    if present < 2:
        raise DataError(
            f"{_quoted(column)} cannot be the target: {present:,} of its rows {'has' if present == 1 else 'have'} a "
            "value. Expected at least 2; choose another column."
        )
    if column.distinct < 2:
        raise DataError(
            f"{_quoted(column)} cannot be the target: it is the same in every row that has a value, so there is "
            "nothing to learn. Choose another column."
        )
    if column.kind is Kind.TEXT and not column.words:
        raise DataError(
            f"{_quoted(column)} cannot be the target: it has {column.distinct:,} different texts; expected at most "
            f"{MAX_OWN_CLASSES} classes, or numbers. {remarks(column.remarks)}".rstrip()
        )


def _numbers(column: Column) -> Target:
    numbers = column.numbers[~column.missing]
    with np.errstate(over="ignore", invalid="ignore"):
        mean, deviation = numbers.mean(), numbers.std()
    days = column.kind is Kind.DATE
    measurable = bool(np.isfinite(mean) and np.isfinite(deviation))
    explanation: list[Finding] = [
        NumberTarget(
            column.name,
            float(mean) if measurable else None,
            float(deviation) if measurable else None,
            days,
            True,
        )
    ]
    explanation += [ColumnRemarks(column.name, column.remarks, quoted=True)] * bool(column.remarks)
    y = standardised(numbers)[:, None].astype(np.float32)
    return Target(y, 1, (), tuple(explanation))


def _classes(column: Column) -> Target:
    names, y = _class_numbers(column)
    counts = np.bincount(y)
    if counts.max() == 1:
        raise DataError(
            f"{_quoted(column)} cannot name classes: every row has another one, so there is nothing to learn from. "
            "Choose another column, or a number to come close to."
        )
    most = int(counts.argmax())
    explanation: list[Finding] = [
        ClassTarget(column.name, len(names), names[most], float(counts[most] / len(y)))
    ]
    if single := [names[i] for i in np.flatnonzero(counts == 1)]:
        explanation.append(SingleRowClasses(tuple(single)))
    return Target(y, len(names), names, tuple(explanation))


def _class_numbers(column: Column) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The classes in order, and the class number of every row that has one."""
    if column.kind in (Kind.CATEGORY, Kind.TEXT):
        codes, y = np.unique(column.codes[column.codes >= 0], return_inverse=True)
        names = [shortened(column.words[code]) for code in codes]
    else:
        numbers, y = np.unique(column.numbers[~column.missing], return_inverse=True)
        names = list(column.words) if column.kind is Kind.YES_NO else [f"{number:.10g}" for number in numbers]
    return tuple(names), y.astype(np.int32)


def _quoted(column: Column) -> str:
    return quoted(column.name)
