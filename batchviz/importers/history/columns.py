"""Which columns of a history are the loss and the metric, and whether their values can be that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.history_findings import (
    DIVERGED,
    NOT_MEASURED,
    Choice,
    Finding,
    NanUnmeasured,
    Open,
    PerCent,
    TakenAs,
    ValidatedEvery,
)
from batchviz.importers.history.headings import METRICS, Heading, understood
from batchviz.importers.history.rows import Column, Reading, Rows
from batchviz.importers.limits import MAX_HISTORY_EPOCHS
from batchviz.text.history import quoted
from batchviz.text.numbers import listing

MAX_NAMED = 8
Masked = NDArray[np.bool_]


@dataclass(frozen=True)
class History:
    """A history in BatchViz' columns, a value an epoch; NaN where nothing was measured."""

    epochs: int
    losses: Mapping[str, NDArray[np.float64]]
    """`loss` and `val_loss`, those that were measured in some epoch."""
    metrics: Mapping[str, Mapping[str, NDArray[np.float64]]]
    """By task, `metric` and `val_metric`."""
    names: Mapping[str, str]
    """By task, what the file calls its metric."""
    unfinished: int | None
    """The first epoch, from 1, with a loss that is no finite number; None if there is none."""
    left_out: tuple[str, ...]
    """Columns that BatchViz has no place for."""
    stated: Mapping[str, float]
    """What the file says beside: batch_size, seed, samples."""
    findings: tuple[Finding, ...] = ()
    """What had to be understood."""
    choices: tuple[Open, ...] = ()
    """What can be read in another way as well."""

    @property
    def task(self) -> str:
        """The task that the metrics suggest."""
        return next(iter(self.metrics), "regression")


@dataclass
class _Sorted:
    """Columns on the way to a history."""

    used: dict[str, Column]
    """By Keras' name."""
    left_out: list[str]
    findings: list[Finding]
    choices: list[Open]


def sorted_out(rows: Rows, reading: Reading) -> History:
    """The history in a file's rows. Raises DataError for values that a training cannot have recorded."""
    columns = _sorted(rows)
    if not any(name.endswith("loss") for name in columns.used):
        columns_there = listing([quoted(column.name) for column in rows.columns], MAX_NAMED)
        raise DataError(
            f"The history has no loss; it holds {columns_there or 'nothing'}. Expected a column "
            "loss or val_loss, as Keras writes it. Data to learn from is uploaded on the Data page."
        )
    _spread(columns, reading)
    first = next(iter(columns.used.values()))
    for name, column in columns.used.items():
        _check(column, first)
        columns.used[name] = _share(columns, column) if name.removeprefix("val_") in METRICS else column
    _tell_nan(columns, reading)
    measured = {name: column for name, column in columns.used.items() if column.measured.any()}
    losses = {name: column for name, column in measured.items() if name.endswith("loss")}
    if not losses:
        raise DataError(
            f"{quoted(first.name)} holds no value in any epoch; expected the loss of some epochs at least."
        )
    broken = [np.flatnonzero(column.measured & ~_finite(column.values)) for column in losses.values()]
    metrics: dict[str, dict[str, NDArray[np.float64]]] = {}
    names: dict[str, str] = {}
    for name, column in measured.items():
        base = name.removeprefix("val_")
        if base in METRICS:
            names[METRICS[base]] = base
            metrics.setdefault(METRICS[base], {})[name.replace(base, "metric")] = column.values
    return History(
        epochs=len(first.values),
        losses={name: column.values for name, column in losses.items()},
        metrics=metrics,
        names=names,
        unfinished=min((int(places[0]) + 1 for places in broken if len(places)), default=None),
        left_out=(*rows.left_out, *columns.left_out),
        stated=rows.stated,
        findings=(*rows.findings, *columns.findings),
        choices=(*rows.choices, *columns.choices),
    )


def _sorted(rows: Rows) -> _Sorted:
    """The columns that are used, the loss of training first; of two that mean the same, Keras' own name."""
    meant = [(column, understood(column.name)) for column in rows.columns]
    ranked = sorted(meant, key=lambda pair: pair[1] is None or not pair[1].exact)
    metrics: dict[str, str] = {}
    used: dict[str, Column] = {}
    findings: list[Finding] = []
    for column, heading in ranked:
        if heading is None or heading.name in used:
            continue
        if heading.base != "loss" and metrics.setdefault(METRICS[heading.base], heading.base) != heading.base:
            continue
        used[heading.name] = column
        if not heading.exact:
            findings.append(TakenAs(column.name, heading.name))
    taken = set(map(id, used.values()))
    left_out = [column.name for column in rows.columns if id(column) not in taken]
    return _Sorted(dict(sorted(used.items(), key=_order)), left_out, findings, [])


def _order(item: tuple[str, Column]) -> bool:
    return item[0] != "loss"


def _spread(sorted_columns: _Sorted, reading: Reading) -> None:
    """Validation values that are fewer than the epochs, put where `validation_freq` measured them.

    Keras validates after epochs k, 2k, 3k, ...: m values in n epochs fit every k with floor(n/k) = m.
    """
    loss = sorted_columns.used.get("loss")
    if loss is None or not len(loss.values):
        return
    epochs = len(loss.values)
    for name, column in sorted_columns.used.items():
        values = len(column.values)
        fitting = [k for k in range(2, epochs + 1) if epochs // k == values] if 0 < values < epochs else []
        if not name.startswith("val_") or not fitting:
            continue
        every = reading.every if reading.every in fitting else fitting[0]
        spread, measured = np.full(epochs, np.nan), np.zeros(epochs, bool)
        places = np.arange(1, values + 1) * every - 1
        spread[places], measured[places] = column.values, column.measured
        sorted_columns.used[name] = replace(column, values=spread, measured=measured)
        if not any(isinstance(finding, ValidatedEvery) for finding in sorted_columns.findings):
            sorted_columns.findings.append(ValidatedEvery(every, values, epochs))
            if len(fitting) > 1:
                others = tuple(str(k) for k in fitting[:20] if k != every)
                sorted_columns.choices.append(Open(Choice.EVERY, str(every), others))


def _tell_nan(sorted_columns: _Sorted, reading: Reading) -> None:
    """NaN is a loss that broke where the training broke; elsewhere it says that nothing was measured.

    Weights that became NaN stay so: a NaN that finite values follow was none of theirs. A validation loss is NaN for
    good from the epoch before the training loss is, since that is a mean over batches before their updates.
    """
    broken = None
    for name, column in sorted_columns.used.items():
        nan = column.measured & np.isnan(column.values)
        if not nan.any():
            continue
        rows = np.flatnonzero(nan)
        measured = np.flatnonzero(column.measured & ~np.isnan(column.values))
        last = int(measured[-1]) if len(measured) else -1
        if name == "loss" or "loss" not in sorted_columns.used:
            real = rows > last
            broken = int(rows[real][0]) if real.any() else None
        else:
            real = rows >= broken - 1 if broken is not None else np.zeros(len(rows), bool)
            tail = rows > last
            if name == "val_loss" and broken is None and tail.any():
                taken = reading.nan or NOT_MEASURED
                other = NOT_MEASURED if taken == DIVERGED else DIVERGED
                sorted_columns.choices.append(Open(Choice.NAN, taken, (other,)))
                real = tail if taken == DIVERGED else real
        unmeasured = rows[~real]
        if len(unmeasured):
            there = column.measured.copy()
            there[unmeasured] = False
            sorted_columns.used[name] = replace(column, measured=there)
            sorted_columns.findings.append(NanUnmeasured(column.name, len(unmeasured)))


def _share(sorted_columns: _Sorted, column: Column) -> Column:
    """An accuracy from 0 to 1, also where it is written in per cent."""
    meant: Heading | None = understood(column.name)
    assert meant is not None
    finite = column.values[np.isfinite(column.values)]
    if METRICS[meant.base] != "classification" or not (finite > 1).any():
        return column
    if (finite > 100).any():
        row = int(np.flatnonzero(column.values > 100)[0])
        raise DataError(
            f"{quoted(column.name)} is {column.values[row]:g} in epoch {row + 1:,}; expected a share from 0 to 1, or "
            "per cent. Is it another metric?"
        )
    sorted_columns.findings.append(PerCent(column.name, float(finite[np.argmax(finite > 1)])))
    return replace(column, values=column.values / 100)


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
            "expected one an epoch, or one every second, third, ... epoch, as validation_freq makes them. Put null "
            "where nothing was measured."
        )
    low = np.flatnonzero(column.values < 0)
    if len(low):
        loss = column.name.lower().endswith("loss")
        what = "MSE and cross-entropy never are" if loss else "MAE and accuracy never are"
        raise DataError(
            f"{quoted(column.name)} is negative in epoch {low[0] + 1:,} ({column.values[low[0]]:g}), which {what}. "
            "Losses of other kinds cannot be shown here."
        )


def _finite(values: NDArray[np.float64]) -> Masked:
    with np.errstate(over="ignore"):
        return np.isfinite(values.astype(np.float32))
