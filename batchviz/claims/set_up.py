"""The set-ups that claims start from: a network, a rate and a number of rows for each data set."""

from __future__ import annotations

from typing import Any

from batchviz.experiment import datasets
from batchviz.experiment.parsing import read_budget
from batchviz.experiment.spec import RunSpec


def plain(seed: int, data: str, **fields: Any) -> RunSpec:
    """A small network that learns by plain SGD, at a rate that every batch size stands."""
    classes = datasets.find(data).task == "classification"
    chosen = {"optimizer": "sgd", "learning_rate": 0.1 if classes else 0.05, "hidden": (32,)}
    return articles(seed, data, **chosen | fields)


def articles(seed: int, data: str, **fields: Any) -> RunSpec:
    """The source article's network and optimiser: 16 relu units, Adam at .001."""
    if "rows" in fields:
        fields["rows"] = min(fields["rows"], datasets.find(data).max_rows)
    return RunSpec.parse({"dataset": data, "seed": seed, **read_budget(fields)})


def log_spaced(last: int) -> tuple[int, ...]:
    """Updates from 1 to `last`, each some 20 % more than the one before: near enough to say when a loss is reached."""
    updates, update = [], 1.0
    while update < last:
        updates.append(round(update))
        update = max(update + 1, update * 1.2)
    return (*updates, last)
