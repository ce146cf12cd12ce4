"""The columns of a list of runs: what each run has in them, as values that a list sorts, filters and groups by.

A value is None where it means nothing (the momentum of Adam) or is not known (most of an imported history).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from batchviz.experiment import datasets
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.parsing import as_text
from batchviz.experiment.records import Source, known_fields
from batchviz.experiment.spec import RunSpec

Value: TypeAlias = str | int | float | bool | None

SETTINGS = (
    "dataset", "rows", "noise", "data_seed", "validation_split",
    "batch_size", "full_batch", "batch_schedule", "accumulation", "update_examples",
    "model", "hidden", "activation", "dropout", "batch_norm",
    "optimizer", "momentum", "learning_rate", "learning_rate_rule", "base_batch_size", "first_learning_rate",
    "budget", "budget_unit", "seed",
)  # fmt: skip
"""What was set, and what follows from it before anything is trained."""
MEASURED = ("val_loss", "val_metric", "train_loss", "train_metric", "updates", "seconds")
"""What a run came to."""
RUN = ("status", "source", "bytes")
"""What the store knows of it beside."""
COLUMNS = (*SETTINGS, *MEASURED, *RUN)

NUMBERS = frozenset(
    {name for name, info in RunSpec.model_fields.items() if info.annotation in (int, float)}
    | {"batch_size", "update_examples", "first_learning_rate", *MEASURED, "bytes"}
)
"""Columns of numbers."""
FLAGS = frozenset({"full_batch", "batch_norm"})
"""Columns of yes and no; all others hold names."""

_DERIVED = {
    "full_batch": "batch_size",
    "update_examples": "accumulation",
    "first_learning_rate": "learning_rate",
}
"""Columns that are no field of the spec -> the field that must be known for them."""


def settings(
    spec: RunSpec, source: Source = Source.HERE, final: Mapping[str, float] | None = None
) -> dict[str, Value]:
    """The values of SETTINGS of one run.

    `batch_size` is as trained in the first epoch, `update_examples` what its update averages and
    `first_learning_rate` its rate by the rule. `batch_schedule` is the sizes with the first of them, "32, 5:128",
    and "" for one that does not change.
    """
    first = spec.schedule.epoch(0)
    sizes = (as_text(spec.batch_size), as_text(spec.batch_schedule))
    values: dict[str, Value] = {
        field: getattr(spec, field) for field in SETTINGS if field in RunSpec.model_fields
    }
    values |= {
        "batch_size": first.batch_size,
        "full_batch": spec.batch_size == "full",
        "batch_schedule": ", ".join(sizes) if spec.batch_schedule else "",
        "update_examples": first.examples_per_update,
        "hidden": as_text(spec.hidden),
        "first_learning_rate": first.learning_rate,
    }
    idle = {
        "noise": not datasets.find(spec.dataset).noisy,
        "momentum": not OPTIMIZERS[spec.optimizer].has_momentum,
        "base_batch_size": spec.learning_rate_rule == "fixed",
        "activation": not spec.hidden,
    }
    stated = known_fields(source, final or {})
    return {
        name: None if idle.get(name) or _DERIVED.get(name, name) not in stated else values[name]
        for name in SETTINGS
    }


def differing(experiments: Sequence[Mapping[str, Value]]) -> list[str]:
    """The settings that tell experiments apart, in order, without those that follow from others of them.

    To mean nothing is no difference, and neither are other rows on other data.
    """
    several = {name for name in SETTINGS if len(_occurring(experiments, name)) > 1} - {"full_batch"}
    for name in ("rows", "validation_split"):
        pairs = {(settings["dataset"], settings[name]) for settings in experiments}
        if "dataset" in several and len(pairs) == len({dataset for dataset, _ in pairs}):
            several.discard(name)
    if "accumulation" not in several:
        several.discard("update_examples")
    if not _occurring(experiments, "learning_rate_rule") - {"fixed"}:
        several.discard("first_learning_rate")
    if "budget" in several or "budget_unit" in several:
        several = several - {"budget_unit"} | {"budget"}
    return [name for name in SETTINGS if name in several]


def _occurring(experiments: Sequence[Mapping[str, Value]], name: str) -> set[Value]:
    return {settings.get(name) for settings in experiments} - {None}


def experiment(spec: RunSpec, source: Source = Source.HERE, title: str = "") -> str:
    """Equal for replicates: runs that differ in the seed alone. Imports of different titles are kept apart."""
    if source is Source.HERE:
        return spec.group[:32]
    return hashlib.sha256(f"{spec.group}\n{source}\n{title}".encode()).hexdigest()[:32]
