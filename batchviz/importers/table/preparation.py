"""Table and target -> what a network trains on, and the sentences that say what was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.datasets import OWN_INPUTS
from batchviz.importers.table.column import MAX_CATEGORIES, Kind
from batchviz.importers.table.features import Encoding, encodings, values
from batchviz.importers.table.headings import listed
from batchviz.importers.table.reader import Table
from batchviz.importers.table.target import Task, target, tasks

MAX_NUMBERS = 20_000_000
"""Rows times inputs: 80 MB."""
_RULES = {
    Kind.NUMBER: "standardised to mean 0 and standard deviation 1 over all rows, validation rows included",
    Kind.DATE: "days since 1 January 1970, standardised like numbers",
    Kind.YES_NO: "no is 0, yes is 1",
    Kind.CATEGORY: f"one input a value, in sorted order (up to {MAX_CATEGORIES} values)",
}
_TITLES = {
    Kind.NUMBER: "Numbers", Kind.DATE: "Dates", Kind.YES_NO: "Yes or no", Kind.CATEGORY: "Categories",
}  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """Own data, ready to be stored and trained on."""

    x: NDArray[np.float32]
    """(rows, inputs), all finite."""
    y: NDArray[np.float32] | NDArray[np.int32]
    """(rows, 1) float32, standardised; or (rows,) int32, class numbers."""
    outputs: int
    """1 for regression, else the number of classes."""
    columns: tuple[str, ...]
    """The inputs by name."""
    target: str
    classes: tuple[str, ...]
    explanation: tuple[str, ...]
    """What was done, a sentence a group of columns."""


def prepare(
    table: Table, answer: str, task: Task | None = None, leave_out: Collection[str] | None = None
) -> Prepared:
    """Inputs and the target `answer` of the rows that have it, in the file's order.

    `task` and `leave_out` are found out when they are None (see `tasks` and `suggested`). Raises DataError.
    """
    column = table.column(answer)
    goal = target(column, task or tasks(column)[0])
    used = ~column.missing
    rows = len(goal.y)
    plan = encodings(table, answer, leave_out)
    columns = tuple(name for one in plan for name in one.inputs)
    _check_size(plan, rows, len(columns))
    x = np.empty((rows, len(columns)), np.float32)
    start = 0
    for one in plan:
        if one.inputs:
            x[:, start : start + len(one.inputs)] = values(one, used)
            start += len(one.inputs)
    dropped = table.rows - rows
    said = [*table.notes, *goal.explanation]
    if dropped:
        gone = "1 row without a target was" if dropped == 1 else f"{dropped:,} rows without a target were"
        said.append(f"{gone} dropped: {rows:,} remain.")
    return Prepared(x, goal.y, goal.outputs, columns, answer, goal.classes, (*said, *_explained(plan)))


def _check_size(plan: list[Encoding], rows: int, inputs: int) -> None:
    if inputs == 0:
        reasons = listed([f"\u201c{one.column.name}\u201d is {one.fate}" for one in plan], 3)
        raise DataError(f"No column is left to predict the target from: {reasons}.")
    largest = max(plan, key=lambda one: len(one.inputs))
    hint = f"\u201c{largest.column.name}\u201d alone becomes {len(largest.inputs):,}. Leave columns out."
    if inputs > OWN_INPUTS:
        raise DataError(f"The columns become {inputs:,} inputs; expected at most {OWN_INPUTS:,}. {hint}")
    if inputs * rows > MAX_NUMBERS:
        raise DataError(
            f"{rows:,} rows of {inputs:,} inputs are {inputs * rows:,} numbers; expected at most {MAX_NUMBERS:,}. "
            f"Keep fewer rows, or fewer inputs: {hint}"
        )


def _explained(plan: list[Encoding]) -> list[str]:
    """A sentence for every kind of column used, one for what is missing, one for what is left out."""
    said = []
    for kind, title in _TITLES.items():
        if names := [_counted(one, kind) for one in plan if one.column.kind is kind and one.inputs]:
            said.append(f"{title} ({listed(names)}): {_RULES[kind]}.")
    gaps = [one for one in plan if one.inputs and one.missing]
    if numbers := [
        f"{one.column.name}: {one.missing:,}" for one in gaps if one.column.kind is not Kind.CATEGORY
    ]:
        said.append(
            f"Missing values become the column's mean, and one more input says where ({listed(numbers)})."
        )
    if words := [f"{one.column.name}: {one.missing:,}" for one in gaps if one.column.kind is Kind.CATEGORY]:
        said.append(f"A missing category is a category of its own, the last ({listed(words)}).")
    said += [f"{one.column.name}: {one.column.remark}" for one in plan if one.inputs and one.column.remark][
        :8
    ]
    if gaps or any(one.missing for one in plan):
        said.append("Empty cells and the words NA, N/A, NaN, null, ? and - count as missing.")
    if out := [
        f"{one.column.name} ({one.fate.removeprefix('left out: ')})" for one in plan if not one.inputs
    ]:
        said.append(f"Left out: {listed(out)}.")
    return said


def _counted(one: Encoding, kind: Kind) -> str:
    return f"{one.column.name}: {len(one.inputs)}" if kind is Kind.CATEGORY else one.column.name
