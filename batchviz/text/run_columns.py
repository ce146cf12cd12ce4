"""The columns of a list of runs in words: their headings with units, and the values that are no measurements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from batchviz.experiment import datasets
from batchviz.experiment.columns import COLUMNS, FLAGS, NUMBERS, Value
from batchviz.experiment.constraints import LEARNING_RATE_RULES
from batchviz.experiment.models import MODELS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.query import Condition
from batchviz.text.names import SOURCES
from batchviz.text.numbers import ABSENT, byte_size, number, quantity

HEADINGS: Mapping[str, str] = {
    "dataset": "Data",
    "rows": "Rows",
    "noise": "Noise (standard deviation)",
    "data_seed": "Data seed",
    "validation_split": "Validation split (share of rows)",
    "batch_size": "Batch size (examples)",
    "full_batch": "Full batch",
    "batch_schedule": "Batch schedule",
    "accumulation": "Accumulation (micro-batches)",
    "update_examples": "Examples an update",
    "model": "Model",
    "hidden": "Hidden widths",
    "activation": "Activation",
    "dropout": "Dropout (share)",
    "batch_norm": "Batch normalisation",
    "optimizer": "Optimiser",
    "momentum": "Momentum",
    "learning_rate": "Learning rate",
    "learning_rate_rule": "Learning-rate rule",
    "base_batch_size": "Base batch size (examples)",
    "first_learning_rate": "Learning rate used",
    "budget": "Budget",
    "budget_unit": "Budget unit",
    "seed": "Seed",
    "val_loss": "Validation loss",
    "val_metric": "Validation metric",
    "train_loss": "Training loss",
    "train_metric": "Training metric",
    "updates": "Updates",
    "seconds": "Took (s)",
    "status": "Status",
    "source": "Where trained",
    "bytes": "Storage",
}
assert set(HEADINGS) == set(COLUMNS)

_QUALITIES = {
    "regression": {"loss": "MSE", "metric": "MAE"},
    "classification": {"loss": "cross-entropy (nats)", "metric": "accuracy (share correct)"},
}


def headings(dataset_names: Collection[str]) -> dict[str, str]:
    """The headings over runs on these data sets: of one kind of task they say what is measured."""
    tasks = {datasets.find(name).task for name in dataset_names}
    if len(tasks) != 1:
        return dict(HEADINGS)
    named = _QUALITIES[tasks.pop()]
    parts = {"val": "Validation", "train": "Training"}
    return dict(HEADINGS) | {
        f"{short}_{kind}": f"{part} {quality}"
        for short, part in parts.items()
        for kind, quality in named.items()
    }


def order_title(order: str, reverse: bool, titles: Mapping[str, str] = HEADINGS) -> str:
    """An order of a list: `Validation loss, lowest first`."""
    if order in ("newest", "oldest"):
        return "Newest first" if (order == "newest") != reverse else "Oldest first"
    if order == "favourite":
        return "Favourites last" if reverse else "Favourites first"
    title = titles.get(order, order.capitalize()).partition(" (")[0]
    if order in NUMBERS:
        return f"{title}, {'highest' if reverse else 'lowest'} first"
    return f"{title}, {'Z to A' if reverse else 'A to Z'}"


def condition_title(condition: Condition, titles: Mapping[str, str] = HEADINGS) -> str:
    """What is asked of a column: `Optimiser: Adam`, `Validation loss: 0.05 to 0.1`, `Updates: at least 250`."""
    column, low, high = condition.column, condition.low, condition.high
    if condition.values:
        texts = [value_text(column, value) for value in condition.values]
        return f"{titles[column]}: {' or '.join(texts)}"
    if low is None or high is None:
        ends = f"at least {number(low)}" if low is not None else f"at most {number(high or 0.0)}"
    else:
        ends = f"{number(low)} to {number(high)}"
    return f"{titles[column]}: {ends}"


def value_text(column: str, value: Value, upload_names: Mapping[str, str] = MappingProxyType({})) -> str:
    """One value as it stands in the list; "" for none. `own` names the visitor's own data, by data set."""
    if value is None:
        return ""
    if column == "dataset":
        return upload_names.get(str(value)) or datasets.find(str(value)).title
    if column in _NAMES:
        return _NAMES[column].get(str(value), str(value))
    if column in FLAGS:
        return _FLAGS[column][bool(value)]
    if column in _WRITTEN:
        return _WRITTEN[column](value)
    return quantity(float(value)) if column in NUMBERS else str(value)


def batch_size(size: float, full: bool) -> str:
    """`32`, and for all training rows `full (800)`."""
    return f"full ({quantity(size)})" if full else quantity(size)


def schedule_name(sizes: str) -> str:
    """A batch schedule by its way and its ends: `growing 32 to 256`; from "32, 5:128, 10:256", as a column holds it."""
    if not sizes:
        return "constant"
    steps = [step.rpartition(":")[2] for step in sizes.split(", ")]
    lengths = [float("inf") if step == "full" else int(step) for step in steps]
    if lengths == sorted(set(lengths)):
        way = "growing"
    else:
        way = "shrinking" if lengths == sorted(set(lengths), reverse=True) else "changing"
    return f"{way} {steps[0]} to {steps[-1]}"


def share(done: int, runs: int) -> str:
    """`3 of 5`."""
    return f"{quantity(done)} of {quantity(runs)}"


def interval(low: float, high: float) -> str:
    """`0.081 to 0.089`; one value where both are the same."""
    ends = list(dict.fromkeys((number(low), number(high))))
    return " to ".join(ends)


def _measured(value: Any) -> str:
    return ABSENT if value is None else number(float(value))


_NAMES: Mapping[str, Mapping[str, str]] = {
    "model": {name: model.title for name, model in MODELS.items()},
    "optimizer": {name: optimizer.title for name, optimizer in OPTIMIZERS.items()},
    "learning_rate_rule": LEARNING_RATE_RULES,
    "source": {str(source): title for source, title in SOURCES.items()},
    "hidden": {"": "none"},
}
_FLAGS = {"batch_norm": ("no", "yes"), "full_batch": ("", "full")}
_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "batch_schedule": schedule_name,
    "status": str.capitalize,
    "bytes": byte_size,
    **dict.fromkeys(("val_loss", "val_metric", "train_loss", "train_metric", "seconds"), _measured),
}
