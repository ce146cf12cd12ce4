"""The rows of a table of runs: what is said of the run on each, where it lies on its axis, what its columns mean."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.differences import whole_label
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Source
from batchviz.experiment.series import SERIES, Series
from batchviz.exporters.selection import Selection
from batchviz.text.names import run_details

AXIS = {kind: series.cadence for kind, series in SERIES.items()}
"""The column that counts the rows of each kind."""
WHOLE = frozenset(column.name for series in SERIES.values() for column in series.columns if column.whole)
"""Columns that hold counts."""
SAMPLED = (
    "of the training rows at that moment: of all, or of a fixed random sample of a size that the run calls "
    "training_rows_evaluated"
)
DESCRIPTIONS = {
    "run_id": "the run, as in its link",
    "run_name": "given by whoever exported",
    "run_label": "as it stands in the chart",
    "run_details": "what else distinguishes it",
    "run_source": "where it was trained",
    "run_status": "where it stood at export",
    "run_dataset": "what it learnt from",
    "run_batch_size": "examples a batch, in the first epoch",
    "run_seed": "of initial weights, order and dropout",
    "epoch": "training examples seen over training rows; 0 is before the first update",
    "update": "optimiser steps, this one included",
    "updates": "optimiser steps taken when the row was measured",
    "examples": "training examples seen when the row was measured",
    "seconds": "what training took so far as it happened, without set-up and evaluation",
    "batch_size": "examples in this update",
    "learning_rate": "of this update",
    "train_loss": SAMPLED,
    "train_metric": SAMPLED,
    "val_loss": "of the validation rows at that moment",
    "val_metric": "of the validation rows at that moment",
}
MEASURED = {
    "epochs": "Keras' running mean over the epoch, each batch taken before its update",
    "updates": "mean over the batch, before its update",
    "measured": "",
}
"""What `loss` and `metric` are, by kind."""
SOURCES = {Source.HERE: "trained here", Source.ARCHIVE: "archive", Source.HISTORY: "history"}


def about(entry: LibraryEntry) -> dict[str, str | int | None]:
    """The columns that tell runs apart. Prefixed, because an update has a `batch_size` of its own.

    None where a run that was trained elsewhere does not say.
    """
    run = entry.run
    spec = run.spec
    fields = settings(run)
    return {
        "run_id": run.id,
        "run_name": entry.name,
        "run_label": run.title or whole_label(run.spec),
        "run_details": run_details(run),
        "run_source": SOURCES[run.source],
        "run_status": str(run.status),
        "run_dataset": fields.get("dataset"),
        "run_batch_size": plan_for(spec).first.batch_size,
        "run_seed": fields.get("seed"),
    }


def run_title(entry: LibraryEntry) -> str:
    """What a run is called in a program that lists runs by name: with its seed where nobody named it."""
    run = entry.run
    return entry.name or run.title or f"{whole_label(run.spec)}, seed {run.spec.seed}"


def settings(run: Run) -> dict[str, Any]:
    """The fields of the spec that are known, as JSON has them."""
    return {
        name: value for name, value in run.spec.model_dump(mode="json").items() if name in run.known_fields
    }


def run_metadata(selection: Selection) -> dict[str, dict[str, Any]]:
    """By id, what holds for a whole run, as JSON can hold it: a number that is not finite is None."""
    return {
        entry.run.id: {
            "name": entry.name,
            "tags": list(entry.tags),
            "title": entry.run.title,
            "source": entry.run.source.value,
            "status": entry.run.status.value,
            "reason": entry.run.reason,
            "spec": settings(entry.run),
            "created": entry.run.created,
            "loss": entry.run.plan.loss_name,
            "metric": entry.run.plan.metric_name,
            "final": {
                name: value if math.isfinite(value) else None for name, value in entry.run.final.items()
            },
        }
        for entry in selection.entries
    }


def pieces(
    selection: Selection, entry: LibraryEntry, kind: str
) -> Iterator[tuple[NDArray[np.float64], Series]]:
    """The rows of a run with their position: in epochs (0: before the first update), or the update's number."""
    for first, series in selection.pieces(entry.run.id, kind):
        yield (_count(first + 1, series) if kind == "updates" else _epochs(entry.run, first, series)), series


def _epochs(run: Run, first: int, series: Series) -> NDArray[np.float64]:
    """From the examples seen, so that a row in mid-epoch lies where it was measured; else the row's number."""
    passed = series["examples"].astype(np.float64) / run.plan.training_rows
    return np.where(np.isfinite(passed), passed.round(4), _count(first, series))


def _count(first: int, series: Series) -> NDArray[np.float64]:
    return np.arange(first, first + len(next(iter(series.values()))), dtype=np.float64)
