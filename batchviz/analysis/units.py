"""The units in which training is counted, and a run's rows in each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.records import Run, Source
from batchviz.experiment.series import Series


@dataclass(frozen=True)
class Unit:
    """One of UNITS."""

    key: str
    singular: str


UNITS = {
    unit.key: unit
    for unit in (
        Unit("epochs", "epoch"),
        Unit("updates", "update"),
        Unit("examples", "example"),
        Unit("seconds", "second"),
    )
}


def positions(run: Run, rows: Series, unit: str) -> NDArray[np.float64]:
    """Where each epoch row of a run stands in `unit`; NaN where the run does not know it.

    Epochs are examples over training rows, so that a last epoch that the budget cut short is a part of one. A
    history has a row an epoch, whatever rows it learnt from. Rows may be thinned (analysis.thinned).
    """
    if unit != "epochs":
        return rows[unit].astype(np.float64)
    if run.source is Source.HISTORY:
        return _numbers(rows)
    examples = rows["examples"].astype(np.float64)
    if np.isfinite(examples[1:]).any():
        epochs = examples / run.plan.training_rows
        # float32 holds whole numbers up to 2^24 exactly, and beyond it to 6e-8 of their size.
        whole = np.round(epochs)
        return np.where(np.abs(epochs - whole) <= 1e-6 * whole, whole, epochs)
    return _numbers(rows)


def update_positions(run: Run, updates: Series, epochs: Series, unit: str) -> NDArray[np.float64]:
    """Where each update of a run ends in `unit`; `updates` and `epochs` are the run's two series.

    Seconds are known at epochs' ends only: between them updates are taken to be equally quick. Thinned updates must
    have a column `examples`, those seen so far.
    """
    number = _numbers(updates) + 1
    if unit == "updates":
        return number
    if unit == "seconds":
        finite = np.isfinite(epochs["updates"]) & np.isfinite(epochs["seconds"])
        if not finite.any():
            return np.full(len(number), np.nan)
        return np.interp(number, epochs["updates"][finite], epochs["seconds"][finite], right=np.nan)
    examples = (
        updates["examples"].astype(np.float64)
        if "examples" in updates
        else np.cumsum(updates["batch_size"], dtype=np.float64)
    )
    if unit == "examples":
        return examples
    if (
        run.source is Source.HISTORY
    ):  # training rows are not known; beyond its last epoch, what it says of itself
        recorded = [*epochs["examples"].astype(np.float64), float(run.progress.examples)]
        return np.asarray(np.interp(examples, recorded, [*_numbers(epochs), run.progress.epochs]), np.float64)
    return examples / run.plan.training_rows


def _numbers(rows: Series) -> NDArray[np.float64]:
    """The rows' own numbers, from 0: they are not those of their places where rows were left out."""
    if "number" in rows:
        return rows["number"].astype(np.float64)
    return np.arange(len(next(iter(rows.values()))), dtype=np.float64)
