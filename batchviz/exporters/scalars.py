"""A run as trackers know it: named numbers at steps, each with the moment at which it was measured.

`epoch/...` has the epoch as its step, as Keras' own callback counts (0: before the first update), `update/...` the
update. The moment is the start of the run plus its training seconds, so a tracker's relative time is training time:
pauses for set-up and evaluation are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series
from batchviz.exporters.selection import Selection

MAX_UPDATES = 100_000
"""Of a longer run every second, third, ... update is taken: trackers hold and draw far fewer."""
EPOCH_NAMES = {
    "train_loss": "epoch/loss/train",
    "val_loss": "epoch/loss/validation",
    "loss": "epoch/loss/running_mean",
    "train_metric": "epoch/{metric}/train",
    "val_metric": "epoch/{metric}/validation",
    "metric": "epoch/{metric}/running_mean",
}
UPDATE_NAMES = {"loss": "update/loss", "metric": "update/{metric}"}
SETTING_NAMES = {"batch_size": "update/batch_size", "learning_rate": "update/learning_rate"}
"""Written where they change, because they rarely do."""


class Scalars(NamedTuple):
    """What was measured at one step. `moment` is Unix time."""

    step: int
    moment: float
    values: dict[str, float]


def start(run: Run) -> float:
    """Unix time at which training began, as far as that is known."""
    return run.created if run.started is None else run.started


def epoch_scalars(run: Run, epochs: Series) -> Iterator[Scalars]:
    """The epoch rows of a run."""
    names = _names_in(EPOCH_NAMES, run)
    there = {column: _measured(epochs, column) for column in names}
    moments = start(run) + np.nan_to_num(epochs["seconds"].astype(np.float64))
    for row in range(len(moments)):
        values = {name: float(epochs[column][row]) for column, name in names.items() if there[column][row]}
        if values:
            yield Scalars(row, float(moments[row]), values)


def update_scalars(selection: Selection, entry: LibraryEntry, epochs: Series) -> Iterator[Scalars]:
    """The updates of a run, at most about MAX_UPDATES of them; `epochs` tell when they were."""
    run = entry.run
    every = max(1, math.ceil(run.progress.updates / MAX_UPDATES))
    measured, settings = _names_in(UPDATE_NAMES, run), _names_in(SETTING_NAMES, run)
    before: dict[str, float] = {}
    for first, series in selection.pieces(run.id, "updates"):
        numbers = np.arange(first, first + len(series["loss"])) + 1
        taken = np.flatnonzero((numbers % every == 0) | (numbers == 1))
        moments = start(run) + _seconds(numbers[taken], epochs)
        columns = {column: series[column][taken].tolist() for column in (*measured, *settings)}
        for row, number in enumerate(numbers[taken].tolist()):
            values = {name: columns[column][row] for column, name in measured.items()}
            now = {name: columns[column][row] for column, name in settings.items()}
            values |= {name: value for name, value in now.items() if before.get(name) != value}
            before = now
            yield Scalars(number, float(moments[row]), values)


def _names_in(names: dict[str, str], run: Run) -> dict[str, str]:
    metric = run.plan.metric_name.lower()
    return {column: name.format(metric=metric) for column, name in names.items()}


def _measured(epochs: Series, column: str) -> NDArray[np.bool_]:
    """Which rows of a column hold a measurement. NaN is one (the run diverged), but not where none can be."""
    values = epochs[column]
    there = np.full(len(values), not np.isnan(values).all())
    there[:1] &= ~np.isnan(values[:1])  # nothing is averaged before the first update
    return there


def _seconds(updates: NDArray[np.int64], epochs: Series) -> NDArray[np.float64]:
    """Training seconds after so many updates, linear between the epochs; 0 where a history has no times."""
    knots, seconds = epochs["updates"].astype(np.float64), epochs["seconds"].astype(np.float64)
    is_known = np.isfinite(knots) & np.isfinite(seconds)
    return (
        np.interp(updates, knots[is_known], seconds[is_known]) if is_known.any() else np.zeros(len(updates))
    )
