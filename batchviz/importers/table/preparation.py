"""Table and target -> what a network trains on, and what was done for that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.column_findings import LeftOut
from batchviz.experiment.limits import MAX_OWN_INPUTS
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.table_findings import (
    ColumnRemarks,
    DroppedRows,
    FilledGaps,
    Finding,
    KindInputs,
    LeftOutColumns,
    MissingWords,
    OrderedRows,
)
from batchviz.importers.limits import MAX_CATEGORIES, MAX_NUMBERS, MAX_REMARKED_COLUMNS
from batchviz.importers.table.column import Kind
from batchviz.importers.table.features import Encoding, encodings, is_standardised, values
from batchviz.importers.table.reader import Table
from batchviz.importers.table.target import Task, target, tasks
from batchviz.text.column import fate
from batchviz.text.numbers import listing

_KINDS = (Kind.NUMBER, Kind.DATE, Kind.YES_NO, Kind.CATEGORY)


@dataclass(frozen=True)
class Prepared:
    """Own data, ready to be stored and trained on."""

    x: NDArray[np.float32]
    """(rows, inputs), standardised over all rows, which only makes them fit float32; NaN where a value is missing."""
    y: NDArray[np.float32] | NDArray[np.int32]
    """(rows, 1) float32, standardised; or (rows,) int32, class numbers."""
    outputs: int
    """1 for regression, else the number of classes."""
    columns: tuple[str, ...]
    """The inputs by name."""
    target: str
    classes: tuple[str, ...]
    explanation: tuple[Finding, ...]
    """What was done, a finding a group of columns."""
    standardised: tuple[bool, ...] = ()
    """For each input and, last, the target: whether a run standardises it over its training rows."""
    in_order: bool = False
    """Whether the rows stand in order of time, and are not shuffled."""

    @property
    def data(self) -> OwnData:
        """What a run draws its rows from."""
        return OwnData(self.x, self.y, np.array(self.standardised), self.in_order)


def prepare(
    table: Table,
    answer: str,
    task: Task | None = None,
    leave_out: Collection[str] | None = None,
    order: str | None = None,
) -> Prepared:
    """Inputs and the target `answer` of the rows that have it, in the file's order.

    `task` and `leave_out` are found out when they are None (see `tasks` and `suggested`). `order` keeps the rows in
    order of a column ("": the file's order), so that a run holds out the last ones; None: a run shuffles them. Raises
    DataError.
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
    explanation: list[Finding] = [*table.notes, *goal.explanation]
    if dropped:
        explanation.append(DroppedRows(dropped, rows))
    y = goal.y
    if order:
        times = table.column(order).numbers[used]
        later = np.argsort(np.where(np.isnan(times), -np.inf, times), kind="stable")
        x, y = x[later], y[later]
    if order is not None:
        explanation.append(OrderedRows(order))
    scaled = [standardised for item in plan for standardised in is_standardised(item)]
    return Prepared(
        x, y, goal.outputs, columns, answer, goal.classes, (*explanation, *_explanation(plan)),
        (*scaled, goal.outputs == 1), order is not None,
    )  # fmt: skip


def _check_size(plan: list[Encoding], rows: int, inputs: int) -> None:
    if inputs == 0:
        reasons = listing([f"\u201c{item.column.name}\u201d is {fate(item.fate)}" for item in plan], 3)
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


def _explanation(plan: list[Encoding]) -> list[Finding]:
    """A finding for every kind of column used, one for what is missing, one for what is left out."""
    explanation: list[Finding] = []
    used = [item for item in plan if item.inputs]
    for kind in _KINDS:
        of_kind = tuple((item.column.name, len(item.inputs)) for item in used if item.column.kind is kind)
        most = MAX_CATEGORIES if kind is Kind.CATEGORY else 0
        explanation += [KindInputs(str(kind), of_kind, most, over_training_rows=True)] * bool(of_kind)
    for categories in (False, True):
        gaps = tuple(
            (item.column.name, item.missing)
            for item in used
            if item.missing and (item.column.kind is Kind.CATEGORY) is categories
        )
        explanation += [FilledGaps(categories, gaps, over_training_rows=True)] * bool(gaps)
    explanation += [
        ColumnRemarks(item.column.name, item.column.remarks) for item in used if item.column.remarks
    ][:MAX_REMARKED_COLUMNS]
    if any(item.missing for item in plan):
        explanation.append(MissingWords())
    if out := tuple(item.fate for item in plan if isinstance(item.fate, LeftOut)):
        explanation.append(LeftOutColumns(out))
    return explanation
