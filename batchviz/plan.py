"""What a spec implies before anything runs: rows, updates, sizes, memory, learning rates.

Pure arithmetic, shared by the form (facts beside the sliders), the spec's validation and the worker, so that
what is announced is what happens.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batchviz.datasets import DATASETS, Floor
from batchviz.errors import SpecError
from batchviz.models import MODELS, Size
from batchviz.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from batchviz.spec import RunSpec

MAX_UPDATES = 5_000_000
BYTES = 4  # float32


@dataclass(frozen=True)
class Epoch:
    """One epoch as planned. `number` counts from 0."""

    number: int
    batch_size: int
    learning_rate: float
    rows: int
    accumulation: int

    @property
    def batches(self) -> int:
        """Forward and backward passes: ceil(rows / batch size); the partial last batch is kept, as in Keras."""
        return math.ceil(self.rows / self.batch_size)

    @property
    def updates(self) -> int:
        """Optimiser steps; a group of micro-batches that is left over at the end makes one more."""
        return math.ceil(self.batches / self.accumulation)

    @property
    def last_batch(self) -> int:
        """Examples in the last batch."""
        return self.rows - (self.batches - 1) * self.batch_size


@dataclass(frozen=True)
class Memory:
    """Bytes, by what holds them. Activations are kept once to twice a layer output: a band."""

    parameters: int
    gradients: int
    slots: int
    activations_low: int
    activations_high: int

    @property
    def low(self) -> int:
        """The sum with the least that activations can take."""
        return self.parameters + self.gradients + self.slots + self.activations_low

    @property
    def high(self) -> int:
        """The sum with the most that activations can take."""
        return self.parameters + self.gradients + self.slots + self.activations_high


@dataclass(frozen=True)
class Plan:
    """The arithmetic of one spec. `epochs` and `updates` are None when the budget is in seconds."""

    spec: RunSpec
    training_rows: int
    validation_rows: int
    first: Epoch
    epochs: float | None
    updates: int | None
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
        data = DATASETS[spec.dataset]
        training_rows = split_at(spec.rows, spec.validation_split)
        validation_rows = spec.rows - training_rows
        _check_rows(spec, training_rows, validation_rows)
        first = epoch(spec, training_rows, 0)
        epochs, updates = _budget(spec, training_rows)
        size = MODELS[spec.model].size(spec)
        classification = data.task == "classification"
        return cls(
            spec=spec,
            training_rows=training_rows,
            validation_rows=validation_rows,
            first=first,
            epochs=epochs,
            updates=updates,
            size=size,
            memory=_memory(spec, size, max(e.batch_size for e in _phases(spec, training_rows))),
            notes=tuple(_notes(spec, first)),
            loss_name="Cross-entropy" if classification else "MSE",
            metric_name="Accuracy" if classification else "MAE",
            metric_higher_is_better=classification,
            floor=data.floor(spec.noise),
        )

    def epoch(self, number: int) -> Epoch:
        """The plan of one epoch, counted from 0."""
        return epoch(self.spec, self.training_rows, number)


def split_at(rows: int, validation_split: float) -> int:
    """Training rows left by Keras' `validation_split`, in floating point as there: 1000 rows at .9 leave 99."""
    return math.floor(rows * (1.0 - validation_split))


def epoch(spec: RunSpec, training_rows: int, number: int) -> Epoch:
    """Batch size (from the schedule) and learning rate (from the rule) of one epoch, counted from 0."""
    batch_size: int | str = spec.batch_size
    for from_epoch, size in spec.batch_schedule:
        if number + 1 >= from_epoch:
            batch_size = size
    resolved = training_rows if batch_size == "full" else min(int(batch_size), training_rows)
    examples_an_update = min(resolved * spec.accumulation, training_rows)
    scale = {
        "fixed": 1.0,
        "linear": examples_an_update / spec.base_batch_size,
        "sqrt": math.sqrt(examples_an_update / spec.base_batch_size),
    }[spec.learning_rate_rule]
    return Epoch(number, resolved, spec.learning_rate * scale, training_rows, spec.accumulation)


def _phases(spec: RunSpec, training_rows: int) -> Iterator[Epoch]:
    """The first epoch of every stretch of epochs that share a batch size."""
    yield epoch(spec, training_rows, 0)
    for from_epoch, _ in spec.batch_schedule:
        yield epoch(spec, training_rows, from_epoch - 1)


def _budget(spec: RunSpec, training_rows: int) -> tuple[float | None, int | None]:
    """Epochs and updates that the budget buys. Raises SpecError for a schedule past its end."""
    if spec.budget_unit == "seconds":
        return None, None
    left = float(spec.budget)
    epochs, updates = 0.0, 0
    phases = list(_phases(spec, training_rows))
    ends = [phase.number for phase in phases[1:]] + [10**12]
    for phase, end in zip(phases, ends, strict=True):
        if left <= 0:
            raise SpecError(
                f"Batch schedule: it changes the batch size at epoch {phase.number + 1}, but the run ends after "
                f"{epochs:.4g} epochs. Expected changes within the run; lengthen the run or shorten the schedule."
            )
        cost = {"epochs": 1, "updates": phase.updates, "examples": phase.rows}[spec.budget_unit]
        taken = min(left / cost, end - phase.number)
        left -= taken * cost if taken == end - phase.number else left
        epochs += taken
        updates += _updates(spec, phase, taken)
    if updates > MAX_UPDATES:
        raise SpecError(
            f"This run would take {updates:,} updates; expected at most {MAX_UPDATES:,}. "
            "Choose a larger batch size or a smaller budget."
        )
    return epochs, updates


def _updates(spec: RunSpec, phase: Epoch, epochs: float) -> int:
    whole = int(epochs + 1e-9)
    part = epochs - whole
    if spec.budget_unit == "updates":
        return round(epochs * phase.updates)
    examples_an_update = phase.batch_size * phase.accumulation
    rest = math.ceil(part * phase.rows / examples_an_update - 1e-9) if part > 1e-9 else 0
    return whole * phase.updates + rest


def _memory(spec: RunSpec, size: Size, batch_size: int) -> Memory:
    """The ledger of science: 4 bytes x (weights + gradients + slots) + 4 B x layer outputs x (1 to 2)."""
    accumulator = 1 if spec.accumulation > 1 else 0
    activations = BYTES * batch_size * size.activations
    return Memory(
        parameters=BYTES * (size.parameters + size.state),
        gradients=BYTES * size.parameters,
        slots=BYTES * size.parameters * (OPTIMIZERS[spec.optimizer].slots + accumulator),
        activations_low=activations,
        activations_high=2 * activations,
    )


def _check_rows(spec: RunSpec, training_rows: int, validation_rows: int) -> None:
    share = f"Validation split: {spec.validation_split:g} of {spec.rows:,} rows leaves"
    if training_rows < 1:
        raise SpecError(f"{share} no training rows. Expected at least 1; choose a smaller split or more rows.")
    if spec.validation_split > 0 and validation_rows < 1:
        raise SpecError(f"{share} no validation rows. Expected at least 1, or a split of 0 to train without.")


def _notes(spec: RunSpec, first: Epoch) -> Iterator[str]:
    """What happens where a setting does not fit exactly; said, not refused, because Keras trains it too."""
    if spec.batch_size != "full" and spec.batch_size > first.rows:
        yield (
            f"Batch size {spec.batch_size:,} is larger than the {first.rows:,} training rows: as in Keras, "
            f"every batch holds all {first.rows:,} rows, so this is full-batch training."
        )
    if spec.accumulation > 1 and (first.batches % spec.accumulation or first.last_batch != first.batch_size):
        rest = first.batches % spec.accumulation or spec.accumulation
        examples = (rest - 1) * first.batch_size + first.last_batch
        yield (
            f"{first.batches:,} micro-batches an epoch do not divide into groups of {spec.accumulation} x "
            f"{first.batch_size}: the last update of an epoch averages the {examples:,} examples that are left. "
            "(Keras' own gradient_accumulation_steps would carry them into the next epoch.)"
        )
