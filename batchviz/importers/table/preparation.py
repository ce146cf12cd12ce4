"""Table and target -> what a network trains on, and the sentences that say what was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.limits import MAX_OWN_INPUTS
from batchviz.importers.limits import MAX_CATEGORIES, MAX_NUMBERS
from batchviz.importers.table.column import Kind
from batchviz.importers.table.features import Encoding, encodings, values
from batchviz.importers.table.headings import listed
from batchviz.importers.table.reader import Table
from batchviz.importers.table.target import Task, target, tasks

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
    columns = tuple(name for item in plan for name in item.inputs)
    _check_size(plan, rows, len(columns))
    x = np.empty((rows, len(columns)), np.float32)
    start = 0
    for item in plan:
        if item.inputs:
            x[:, start : start + len(item.inputs)] = values(item, used)
            start += len(item.inputs)
    dropped = table.rows - rows
    explanation = [*table.notes, *goal.explanation]
    if dropped:
        gone = "1 row without a target was" if dropped == 1 else f"{dropped:,} rows without a target were"
        explanation.append(f"{gone} dropped: {rows:,} remain.")
    return Prepared(
        x, goal.y, goal.outputs, columns, answer, goal.classes, (*explanation, *_explanation(plan))
    )


def _check_size(plan: list[Encoding], rows: int, inputs: int) -> None:
    if inputs == 0:
        reasons = listed([f"\u201c{item.column.name}\u201d is {item.fate}" for item in plan], 3)
        raise DataError(f"No column is left to predict the target from: {reasons}.")
    largest = max(plan, key=lambda item: len(item.inputs))
    hint = f"\u201c{largest.column.name}\u201d alone becomes {len(largest.inputs):,}. Leave columns out."
    if inputs > MAX_OWN_INPUTS:
        raise DataError(f"The columns become {inputs:,} inputs; expected at most {MAX_OWN_INPUTS:,}. {hint}")
    if inputs * rows > MAX_NUMBERS:
        raise DataError(
            f"{rows:,} rows of {inputs:,} inputs are {inputs * rows:,} numbers; expected at most {MAX_NUMBERS:,}. "
            f"Keep fewer rows, or fewer inputs: {hint}"
        )


def _explanation(plan: list[Encoding]) -> list[str]:
    """A sentence for every kind of column used, one for what is missing, one for what is left out."""
    explanation = []
    for kind, title in _TITLES.items():
        if names := [_counted(item, kind) for item in plan if item.column.kind is kind and item.inputs]:
            explanation.append(f"{title} ({listed(names)}): {_RULES[kind]}.")
    gaps = [item for item in plan if item.inputs and item.missing]
    if numbers := [
        f"{item.column.name}: {item.missing:,}" for item in gaps if item.column.kind is not Kind.CATEGORY
    ]:
        explanation.append(
            f"Missing values become the column's mean, and one more input says where ({listed(numbers)})."
        )
    if words := [
        f"{item.column.name}: {item.missing:,}" for item in gaps if item.column.kind is Kind.CATEGORY
    ]:
        explanation.append(f"A missing category is a category of its own, the last ({listed(words)}).")
    explanation += [
        f"{item.column.name}: {item.column.remark}" for item in plan if item.inputs and item.column.remark
    ][:8]
    if gaps or any(item.missing for item in plan):
        explanation.append("Empty cells and the words NA, N/A, NaN, null, ? and - count as missing.")
    if out := [
        f"{item.column.name} ({item.fate.removeprefix('left out: ')})" for item in plan if not item.inputs
    ]:
        explanation.append(f"Left out: {listed(out)}.")
    return explanation


def _counted(item: Encoding, kind: Kind) -> str:
    return f"{item.column.name}: {len(item.inputs)}" if kind is Kind.CATEGORY else item.column.name
