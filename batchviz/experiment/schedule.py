"""The epochs of a run: the batch size and learning rate of each, and how far the budget reaches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batchviz.errors import SpecError

if TYPE_CHECKING:
    from batchviz.experiment.spec import RunSpec

MAX_UPDATES = 5_000_000


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
        """Forward and backward passes: ceil(rows / batch size); as in Keras, a partial last batch is kept."""
        return math.ceil(self.rows / self.batch_size)

    @property
    def updates(self) -> int:
        """Optimiser steps; a group of micro-batches that is left over at the end makes one more."""
        return math.ceil(self.batches / self.accumulation)

    @property
    def last_batch(self) -> int:
        """Examples in the last batch."""
        return self.rows - (self.batches - 1) * self.batch_size

    @property
    def last_update(self) -> int:
        """Examples in the last update, fewer where the micro-batches do not divide into full groups."""
        return self.rows - (self.updates - 1) * self.batch_size * self.accumulation


@dataclass(frozen=True)
class BudgetTotals:
    """What a budget buys. `epochs` is examples over training rows, as for `Progress`."""

    epochs: float
    updates: int
    examples: int


def split_at(rows: int, validation_split: float) -> int:
    """Training rows that `validation_split` leaves, in floating point as in Keras: 1000 at .9 leave 99."""
    return math.floor(rows * (1.0 - validation_split))


def epoch(spec: RunSpec, training_rows: int, number: int) -> Epoch:
    """Batch size (from the schedule) and learning rate (from the rule) of one epoch, counted from 0."""
    asked = asked_batch_size(spec, number)
    resolved = training_rows if asked == "full" else min(int(asked), training_rows)
    examples_an_update = min(resolved * spec.accumulation, training_rows)
    scale = {
        "fixed": 1.0,
        "linear": examples_an_update / spec.base_batch_size,
        "sqrt": math.sqrt(examples_an_update / spec.base_batch_size),
    }[spec.learning_rate_rule]
    return Epoch(number, resolved, spec.learning_rate * scale, training_rows, spec.accumulation)


def asked_batch_size(spec: RunSpec, number: int) -> int | str:
    """The batch size that the spec names for an epoch counted from 0; it may exceed the rows there are."""
    batch_size: int | str = spec.batch_size
    for from_epoch, size in spec.batch_schedule:
        if number + 1 >= from_epoch:
            batch_size = size
    return batch_size


def phases(spec: RunSpec, training_rows: int) -> Iterator[Epoch]:
    """The first epoch of every stretch of epochs that share a batch size."""
    yield epoch(spec, training_rows, 0)
    for from_epoch, _ in spec.batch_schedule:
        yield epoch(spec, training_rows, from_epoch - 1)


def reach(spec: RunSpec, training_rows: int, most: float = MAX_UPDATES) -> BudgetTotals | None:
    """How far the budget goes; None for seconds, which no arithmetic tells.

    Whole updates are made: a budget of examples ends with the update in which it is used up. Raises SpecError
    for a schedule past the end and for more than `most` updates.
    """
    if spec.budget_unit == "seconds":
        return None
    left = int(spec.budget)
    whole = updates = examples = 0
    stretches = list(phases(spec, training_rows))
    ends = [stretch.number for stretch in stretches[1:]] + [10**12]
    for stretch, end in zip(stretches, ends, strict=True):
        if left <= 0:
            raise SpecError(
                f"Batch schedule: it changes the batch size at epoch {stretch.number + 1}, but the run ends "
                f"after {examples / training_rows:.4g} epochs. Expected changes within the run; lengthen the "
                "run or shorten the schedule."
            )
        cost = {"epochs": 1, "updates": stretch.updates, "examples": stretch.rows}[spec.budget_unit]
        taken = min(left // cost, end - stretch.number)
        whole += taken
        updates += taken * stretch.updates
        examples += taken * stretch.rows
        left -= taken * cost
        if left > 0 and whole < end:
            examples_an_update = stretch.batch_size * stretch.accumulation
            more = left if spec.budget_unit == "updates" else math.ceil(left / examples_an_update)
            updates += more
            examples += min(more * examples_an_update, stretch.rows)
            left = 0
    if updates > most:
        raise SpecError(
            f"This run would take {updates:,} updates; expected at most {most:,}. "
            "Choose a larger batch size or a smaller budget."
        )
    return BudgetTotals(examples / training_rows, updates, examples)
