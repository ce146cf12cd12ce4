"""Rows that count their epochs -> one row an epoch: resumed, repeated, in pieces or with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.history_findings import (
    JOINED,
    LAST,
    Choice,
    EpochsMissing,
    EpochsRestart,
    Finding,
    Open,
    SeveralAnEpoch,
)
from batchviz.importers.history.headings import plain, understood
from batchviz.importers.history.rows import OTHER_PARTS, Column, Reading, Rows
from batchviz.importers.limits import MAX_HISTORY_EPOCHS
from batchviz.text.history import quoted

Integers = NDArray[np.int64]


def one_row_an_epoch(rows: Rows, reading: Reading) -> Rows:
    """The rows in the order of their epochs, without gaps; as they are where nothing counts them.

    Raises DataError for a count that is none.
    """
    if rows.epochs is None or not len(rows.epochs.values):
        return replace(rows, epochs=None)
    epochs = _whole(rows.epochs, rows.lines)
    rows, epochs = _merged(rows, epochs)
    starts = [0, *(np.flatnonzero(np.diff(epochs) <= 0) + 1).tolist()]
    if len(starts) > 1:
        rows, epochs = _in_one(rows, epochs, starts, reading)
    return _complete(rows, epochs)


def _whole(column: Column, lines: Sequence[int]) -> Integers:
    values = column.values
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero(~((values >= 0) & (values == np.floor(values)) & (values < 2**31)))
    if len(wrong):
        row = int(wrong[0])
        what = f"is {values[row]:g}" if np.isfinite(values[row]) else "is no number"
        raise DataError(
            f"{quoted(column.name)} {what} on line {lines[row]:,}; expected whole numbers that count the epochs. Of a "
            "log by steps, keep the last line of each epoch."
        )
    return values.astype(np.int64)


def _merged(rows: Rows, epochs: Integers) -> tuple[Rows, Integers]:
    """Lines that share an epoch as one, where they complete each other, as Lightning writes training and validation.

    A log that counts steps has several lines an epoch, and whatever has several values there is no value of the epoch.
    """
    first = np.flatnonzero(np.concatenate([[True], np.diff(epochs) != 0]))
    if len(first) == len(epochs):
        return rows, epochs
    which = np.repeat(np.arange(len(first)), np.diff([*first, len(epochs)]))
    counts = {
        column.name: np.bincount(which, column.measured, len(first)).astype(int) for column in rows.columns
    }
    by_step = any(plain(column.name) in ("step", "_step", "global_step") for column in rows.columns)
    several = [name for name, values in counts.items() if (values > 1).any()]
    if several and not by_step:
        return rows, epochs
    columns = []
    for column in rows.columns:
        if column.name in several:
            continue
        values, measured = np.full(len(first), np.nan), counts[column.name] > 0
        values[which[column.measured]] = column.values[column.measured]
        columns.append(Column(column.name, values, measured, column.problem))
    findings: list[Finding] = [
        SeveralAnEpoch(name, int(epochs[first[np.argmax(counts[name] > 1)]]))
        for name in several
        if understood(name) is not None
    ]
    lines = [rows.lines[row] for row in first.tolist()]
    return (
        replace(
            rows,
            columns=columns,
            lines=lines,
            findings=(*rows.findings, *findings),
            left_out=(*rows.left_out, *several),
        ),
        epochs[first],
    )


def _in_one(rows: Rows, epochs: Integers, starts: list[int], reading: Reading) -> tuple[Rows, Integers]:
    """The parts of a file whose epochs start again as one training: from there on, later lines take over."""
    parts = np.split(np.arange(len(epochs)), starts[1:])
    trainings = all(epochs[start] == epochs[0] for start in starts)
    alone = [str(number) for number in range(1, len(parts))][:OTHER_PARTS] if trainings else []
    offered = (LAST, *alone, JOINED)
    taken = reading.part if reading.part in offered else LAST
    again = int(epochs[starts[1]]) - (int(epochs[0]) if epochs[0] <= 1 else 0) + 1
    if taken == JOINED:
        kept = np.arange(len(epochs))
        epochs = np.arange(len(epochs)) + epochs[0]
    else:
        kept = parts[int(taken) - 1] if taken.isdecimal() else parts[0]
        for part in [] if taken.isdecimal() else parts[1:]:
            kept = np.concatenate([kept[epochs[kept] < epochs[part[0]]], part])
        epochs = epochs[kept]
    finding = EpochsRestart(rows.lines[starts[1]], again, len(parts), taken, trainings)
    choice = Open(Choice.PART, taken, tuple(other for other in offered if other != taken))
    return (
        replace(_at(rows, kept), findings=(*rows.findings, finding), choices=(*rows.choices, choice)),
        epochs,
    )


def _at(rows: Rows, kept: NDArray[np.intp]) -> Rows:
    columns = [
        replace(column, values=column.values[kept], measured=column.measured[kept]) for column in rows.columns
    ]
    return replace(rows, columns=columns, lines=[rows.lines[row] for row in kept.tolist()])


def _complete(rows: Rows, epochs: Integers) -> Rows:
    """With rows of nothing measured for the epochs that the file passes over. Keras counts from 0, others from 1."""
    places = epochs - (epochs[0] if epochs[0] <= 1 else 0)
    length = int(places[-1]) + 1
    if length > MAX_HISTORY_EPOCHS:
        raise DataError(
            f"On line {rows.lines[-1]:,} the file is at epoch {epochs[-1]:,}; expected at most {MAX_HISTORY_EPOCHS:,} "
            "epochs. Is it one value a batch?"
        )
    if length == len(epochs):
        return replace(rows, epochs=None)
    columns = []
    for column in rows.columns:
        values, measured = np.full(length, np.nan), np.zeros(length, bool)
        values[places], measured[places] = column.values, column.measured
        columns.append(replace(column, values=values, measured=measured))
    missing = np.setdiff1d(np.arange(length), places)
    finding = EpochsMissing(int(missing[0]) + 1, len(missing))
    return replace(rows, columns=columns, epochs=None, findings=(*rows.findings, finding))
