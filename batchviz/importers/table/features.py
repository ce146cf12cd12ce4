"""Columns -> inputs of a network: which, how many, and the numbers in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.column_findings import BecomesInputs, Fate, LeftOut, Reason, UnsupportedType
from batchviz.importers.limits import MAX_CATEGORIES
from batchviz.importers.table.column import Column, Kind, shortened
from batchviz.importers.table.identifiers import identifies, rises_in_time
from batchviz.importers.table.reader import Table

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_TARGETS = ("target", "label", "class", "y", "outcome", "response")


@dataclass(frozen=True)
class Encoding:
    """What becomes of one column."""

    column: Column
    inputs: tuple[str, ...]
    """The names of the inputs it becomes, none when it is left out."""
    fate: Fate
    """What happens to it."""
    missing: int
    """Rows without a value, among those used."""


def encodings(table: Table, target: str, leave_out: Collection[str] | None = None) -> list[Encoding]:
    """What becomes of every column but the target, over the rows that have one.

    `leave_out` names columns that are not wanted; None takes those `suggested`.
    """
    used = ~table.column(target).missing
    unwanted = suggested(table, target) if leave_out is None else leave_out
    return [_encoding(column, used, unwanted) for column in table.columns if column.name != target]


def suggested(table: Table, target: str) -> tuple[str, ...]:
    """Columns that look like identifiers; none when nothing else would be left to learn from."""
    used = ~table.column(target).missing
    others = [column for column in table.columns if column.name != target]
    names = tuple(column.name for column in others if identifies(column))
    rest = [column for column in others if column.name not in names]
    return names if any(_encoding(column, used, ()).inputs for column in rest) else ()


def likely_target(table: Table) -> str:
    """The column to suggest as the target: one that is called so, else the last of numbers or classes."""
    usable = [
        column.name
        for column in table.columns
        if column.kind in (Kind.NUMBER, Kind.YES_NO, Kind.CATEGORY)
        and column.distinct > 1
        and not identifies(column)
    ]
    called_so = [name for name in usable if name.strip().lower() in _TARGETS]
    return called_so[0] if len(called_so) == 1 else (usable or table.names)[-1]


def times(table: Table) -> tuple[str, ...]:
    """Columns that say when something was: dates, and whole numbers called a year or a time that never fall."""
    return tuple(
        column.name
        for column in table.columns
        if column.kind is Kind.DATE or (column.kind is Kind.NUMBER and rises_in_time(column))
    )


def values(encoding: Encoding, used: Mask) -> Floats:
    """The encoding's inputs, (rows used, inputs); NaN where a value is missing that an input beside it tells of."""
    column = encoding.column
    if column.kind is Kind.CATEGORY:
        codes = column.codes[used]
        # Sorted order; a missing value, code -1, is a category of its own and comes last.
        present = np.unique(codes)
        ordered = np.concatenate([present[present >= 0], present[present < 0]])
        hot: Floats = (codes[:, None] == ordered).astype(np.float64)
        return hot
    numbers, missing = column.numbers[used], column.missing[used]
    parts: list[Floats] = []
    if _varies(numbers):
        parts.append(numbers if column.kind is Kind.YES_NO else standardised(numbers))
    if missing.any():
        parts.append(missing.astype(np.float64))
    stacked: Floats = np.stack(parts, axis=1)
    return stacked


def is_standardised(encoding: Encoding) -> list[bool]:
    """For each input of an encoding, whether a run standardises it over its training rows."""
    column = encoding.column
    if column.kind in (Kind.CATEGORY, Kind.YES_NO):
        return [False] * len(encoding.inputs)
    return [name == column.name for name in encoding.inputs]


def standardised(numbers: Floats) -> Floats:
    """To mean 0 and standard deviation 1 over the values that are there; NaN stays NaN. They must not all be equal."""
    scale = np.nanmax(np.abs(numbers))  # squares of 1e200 are infinite
    centred = numbers / scale
    for _ in range(2):  # the mean of nearly equal numbers is itself rounded
        centred = centred - np.nanmean(centred)
    standard: Floats = centred / np.sqrt(np.nanmean(centred**2))
    return standard


def _encoding(column: Column, used: Mask, unwanted: Collection[str]) -> Encoding:
    missing = int(column.missing[used].sum())
    if left_out := _left_out(column, unwanted):
        return Encoding(column, (), left_out, missing)
    names = _category_names(column, used) if column.kind is Kind.CATEGORY else _number_names(column, used)
    if not names:
        return Encoding(column, (), LeftOut(column.name, Reason.CONSTANT), missing)
    return Encoding(column, names, BecomesInputs(column.name, str(column.kind), len(names), missing), missing)


def _left_out(column: Column, unwanted: Collection[str]) -> LeftOut | None:
    if column.name in unwanted:
        return LeftOut(column.name, identifies(column) or Reason.CHOSEN)
    if column.kind is Kind.UNSUPPORTED:
        types = [remark.type for remark in column.remarks if isinstance(remark, UnsupportedType)]
        return LeftOut(column.name, Reason.UNSUPPORTED, type=types[0])
    if column.kind is Kind.EMPTY:
        return LeftOut(column.name, Reason.EMPTY)
    if column.kind is Kind.TEXT:
        return LeftOut(column.name, Reason.TOO_MANY_TEXTS, column.distinct, MAX_CATEGORIES)
    return None


def _category_names(column: Column, used: Mask) -> tuple[str, ...]:
    codes = np.unique(column.codes[used])
    if len(codes) < 2:
        return ()
    words = [f"{column.name} = {shortened(column.words[code], 40)}" for code in codes if code >= 0]
    return (*words, f"{column.name} missing") if codes[0] < 0 else tuple(words)


def _number_names(column: Column, used: Mask) -> tuple[str, ...]:
    missing = column.missing[used]
    value = (column.name,) if _varies(column.numbers[used]) else ()
    return (*value, f"{column.name} missing") if missing.any() and not missing.all() else value


def _varies(numbers: Floats) -> bool:
    present = numbers[~np.isnan(numbers)]
    return len(present) > 0 and bool(present.min() < present.max())
