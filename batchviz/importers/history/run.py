"""A history and what was stated of it -> a run as the store takes it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError, SpecError
from batchviz.experiment import datasets
from batchviz.experiment.limits import MAX_OWN_ROWS, MAX_RUN_TITLE_LENGTH
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.schedule import split_at
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.importers.history.columns import History
from batchviz.importers.history.metadata import CLASSIFICATION, Metadata, identity
from batchviz.importers.imported_run import ImportedRun, clean

UNKNOWN_ROWS = MAX_OWN_ROWS
"""Stands for rows that are not known: larger than any batch, the same for all runs of an experiment."""


def recorded(history: History, facts: Metadata) -> ImportedRun:
    """The run. Raises DataError where what is stated cannot be."""
    spec = _spec(history, facts)
    epochs = _epochs(history, facts, spec)
    rows_known = facts.training_rows is not None
    updates, examples = (int(epochs[name][-1]) if rows_known else 0 for name in ("updates", "examples"))
    diverged = history.unfinished is not None
    experiment = " ".join(facts.experiment.split())
    return ImportedRun(
        spec=spec,
        source=Source.HISTORY,
        title=clean(f"{experiment or 'Imported'}, B = {facts.batch_size}", MAX_RUN_TITLE_LENGTH),
        status=Status.DIVERGED if diverged else Status.DONE,
        reason=f"The loss was no finite number in epoch {history.unfinished:,}." if diverged else "",
        final=_final(epochs, facts, spec, history),
        progress=Progress(updates, examples, float(history.epochs), 0.0),
        epochs=epochs,
        updates=SERIES["updates"].empty(),
    )


def _spec(history: History, facts: Metadata) -> RunSpec:
    training, validation = _rows(history, facts)
    rows = training + validation
    outputs = 2 if facts.task == CLASSIFICATION else 1
    try:
        return RunSpec.parse(
            {
                "dataset": datasets.imported_name(identity(facts.experiment), rows, outputs),
                "rows": rows,
                "batch_size": facts.batch_size,
                "budget_unit": "epochs",
                "budget": history.epochs,
                "validation_split": _split(rows, validation),
                "seed": facts.seed,
            }
        )
    except SpecError as error:
        raise DataError(str(error)) from None


def _rows(history: History, facts: Metadata) -> tuple[int, int]:
    """Training and validation rows of the spec; stand-ins where they are not known."""
    validates = "val_loss" in history.losses
    if facts.training_rows is None:
        return UNKNOWN_ROWS - validates, int(validates)
    training, validation = facts.training_rows, facts.validation_rows or 0
    if training < 1 or validation < 0 or training + validation < 2 or training + validation > UNKNOWN_ROWS:
        raise DataError(
            f"Rows: got {training:,} for training and {validation:,} for validation; expected 2 to {UNKNOWN_ROWS:,} in "
            "all. Leave them empty if there are more: the run is then shown by epochs."
        )
    if validates:
        return training, max(validation, 1)
    # Rows that were held out and never measured are the same rows as those of a run that measured them.
    return (training, validation) if validation else (max(training, 2), 0)


def _split(rows: int, validation: int) -> float:
    """The validation split that leaves exactly the other rows for training, in floating point."""
    exact = validation / rows
    return exact if split_at(rows, exact) == rows - validation else (validation - 0.5) / rows


def _epochs(history: History, facts: Metadata, spec: RunSpec) -> Series:
    """A row an epoch, and one before the first, of which nothing is known but that it is the start."""
    epochs = {name: np.full(history.epochs + 1, np.nan, np.float32) for name in SERIES["epochs"].names}
    if facts.training_rows is not None:
        passed = np.arange(history.epochs + 1)
        epochs["examples"] = (passed * facts.training_rows).astype(np.float32)
        epochs["updates"] = (passed * plan_for(spec).epoch(0).updates).astype(np.float32)
    columns: Mapping[str, NDArray[np.float64]] = {**history.losses, **history.metrics.get(facts.task, {})}
    with np.errstate(over="ignore"):  # beyond float32 is infinite here
        for name, values in columns.items():
            epochs[name][1:] = values.astype(np.float32)
    return epochs


def _final(epochs: Series, facts: Metadata, spec: RunSpec, history: History) -> dict[str, float]:
    final = {name: float(epochs[name][-1]) for name in SERIES["epochs"].names}
    final["batch_size"] = plan_for(spec).first.batch_size
    losses = epochs["val_loss"].astype(np.float64)
    if np.isfinite(losses).any():
        best = int(np.nanargmin(np.where(np.isfinite(losses), losses, np.nan)))
        final |= {"best_val_loss": float(losses[best]), "best_epoch": best}
    if facts.training_rows is not None and (facts.validation_rows or "val_loss" not in history.losses):
        final["rows"] = spec.rows
    return {name: value for name, value in final.items() if math.isfinite(value)}
