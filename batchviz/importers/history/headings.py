"""What a heading means: the loss or a metric, of training or of validation, in whatever dress people give it."""

from __future__ import annotations

import re
from typing import NamedTuple

METRICS = {
    "mae": "regression",
    "mean_absolute_error": "regression",
    "accuracy": "classification",
    "acc": "classification",
    "sparse_categorical_accuracy": "classification",
    "categorical_accuracy": "classification",
    "binary_accuracy": "classification",
}
"""Keras' names for the metrics that BatchViz shows, and the task they belong to."""
_VALIDATION = ("val_", "valid_", "validation_")
_TRAINING = ("train_", "training_")
_EPOCHS = ("epoch", "epochs")


class Heading(NamedTuple):
    """What a column holds: `loss` or one of METRICS."""

    base: str
    validation: bool
    exact: bool
    """Whether Keras calls it so, capitals aside."""

    @property
    def name(self) -> str:
        """As Keras calls it."""
        return f"{'val_' if self.validation else ''}{self.base}"


def plain(name: str) -> str:
    """A heading without capitals, spaces and hyphens: `Val Loss` is `val_loss`."""
    return re.sub(r"[\s-]+", "_", name.strip().strip("\ufeff\"'").strip().casefold())


def counts_epochs(name: str) -> bool:
    """Whether a column of this name counts the epochs."""
    return plain(name) in _EPOCHS


def understood(name: str) -> Heading | None:
    """What a column of this name holds; None for what BatchViz has no place for.

    Keras numbers a metric that a program makes a second time (`mae_1`), Lightning marks what is of a whole epoch.
    """
    text = re.sub(r"_(\d+|epoch)$", "", plain(name))
    validation = next((prefix for prefix in _VALIDATION if text.startswith(prefix)), "")
    training = "" if validation else next((prefix for prefix in _TRAINING if text.startswith(prefix)), "")
    base = text.removeprefix(validation).removeprefix(training)
    if base != "loss" and base not in METRICS:
        return None
    exact = validation in ("", "val_") and not training and plain(name) == text
    return Heading(base, bool(validation), exact)
