"""What a spec implies before anything runs: rows, updates, sizes, memory, learning rates.

Pure arithmetic, shared by the form (facts beside the sliders), the spec's validation and the worker, so that
what is announced is what happens.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from batchviz.errors import SpecError
from batchviz.experiment import datasets
from batchviz.experiment.datasets import Floor
from batchviz.experiment.memory import Memory
from batchviz.experiment.models import MODELS, Size
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.schedule import MAX_UPDATES, Epoch, asked_batch_size, epoch, phases, reach, split_at

if TYPE_CHECKING:
    from batchviz.experiment.spec import RunSpec

__all__ = ["Epoch", "Memory", "Plan", "split_at"]


@dataclass(frozen=True)
class Plan:
    """The arithmetic of one spec. A budget in seconds leaves `epochs`, `updates` and `examples` None."""

    spec: RunSpec
    training_rows: int
    validation_rows: int
    first: Epoch
    epochs: float | None
    updates: int | None
    examples: int | None
    size: Size
    memory: Memory
    notes: tuple[str, ...]
    loss_name: str
    metric_name: str
    metric_higher_is_better: bool
    floor: Floor | None

    @classmethod
    def of(cls, spec: RunSpec) -> Plan:
        """The plan of a spec. Raises SpecError where the parts of a spec do not fit together."""
        data = datasets.find(spec.dataset)
        training_rows = split_at(spec.rows, spec.validation_split)
        _check_rows(spec, training_rows)
        stretches = list(phases(spec, training_rows))
        # What was trained elsewhere may have taken any number of updates: it is not trained here.
        end = reach(spec, training_rows, math.inf if data.origin == "elsewhere" else MAX_UPDATES)
        size = MODELS[spec.model].size(spec)
        classification = data.task == "classification"
        return cls(
            spec=spec,
            training_rows=training_rows,
            validation_rows=spec.rows - training_rows,
            first=stretches[0],
            epochs=None if end is None else end.epochs,
            updates=None if end is None else end.updates,
            examples=None if end is None else end.examples,
            size=size,
            memory=Memory.of(
                size,
                batch_size=max(stretch.batch_size for stretch in stretches),
                slots=OPTIMIZERS[spec.optimizer].slots + (spec.accumulation > 1),
            ),
            notes=tuple(_notes(spec, training_rows, stretches)),
            loss_name="Cross-entropy" if classification else "MSE",
            metric_name="Accuracy" if classification else "MAE",
            metric_higher_is_better=classification,
            floor=data.floor(spec.noise),
        )

    def epoch(self, number: int) -> Epoch:
        """The plan of one epoch, counted from 0."""
        return epoch(self.spec, self.training_rows, number)


def _check_rows(spec: RunSpec, training_rows: int) -> None:
    share = f"Validation split: {spec.validation_split:g} of {spec.rows:,} rows leaves"
    if training_rows < 1:
        raise SpecError(
            f"{share} no training rows. Expected at least 1; choose a smaller split or more rows."
        )
    if spec.validation_split > 0 and training_rows == spec.rows:
        raise SpecError(f"{share} no validation rows. Expected at least 1, or a split of 0 to train without.")


def _notes(spec: RunSpec, training_rows: int, stretches: list[Epoch]) -> Iterator[str]:
    """What happens where a setting does not fit exactly; said, not refused, because Keras trains it too."""
    if training_rows != math.floor(spec.rows * (1 - Decimal(str(spec.validation_split)))):
        yield (
            f"Keras computes the split in floating point and rounds down: {spec.validation_split:g} of "
            f"{spec.rows:,} rows leaves {training_rows:,} for training."
        )
    for stretch in stretches:
        start = f"From epoch {stretch.number + 1}: " if stretch.number else ""
        asked = asked_batch_size(spec, stretch.number)
        if asked != "full" and int(asked) > training_rows:
            yield (
                f"{start}Batch size {asked:,} is larger than the {training_rows:,} training rows: as in "
                f"Keras, every batch holds all {training_rows:,} rows, so this is full-batch training."
            )
        if spec.accumulation > 1 and stretch.last_update != stretch.batch_size * spec.accumulation:
            yield (
                f"{start}{stretch.batches:,} micro-batches an epoch do not divide into groups of "
                f"{spec.accumulation} x {stretch.batch_size}: the last update of an epoch averages the "
                f"{stretch.last_update:,} examples that are left. "
                "(Keras' own gradient_accumulation_steps would carry them into the next epoch.)"
            )
