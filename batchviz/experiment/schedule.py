"""The epochs of a run: the one place that turns "full", a batch size, its changes and accumulation into rows.

Plain numbers in, plain numbers out: the spec checks itself with it, the plan announces it, the trainer trains by it,
and an exported program states it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from batchviz.errors import SpecError
from batchviz.experiment.constraints import BatchSize


def size_in_examples(size: BatchSize, rows: int) -> int:
    """A batch size as it was asked for, in examples: "full" is all training rows. It may exceed them."""
    return rows if size == "full" else int(size)


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
    def examples_per_update(self) -> int:
        """Examples that a full update averages: those of its micro-batches, at most all rows."""
        return min(self.batch_size * self.accumulation, self.rows)

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


@dataclass(frozen=True)
class BatchSchedule:
    """Batch size and learning rate of every epoch over `rows` training rows."""

    rows: int
    first: BatchSize
    """Examples a batch, "full" for all rows; more than there are is all of them."""
    changes: tuple[tuple[int, BatchSize], ...] = ()
    """(from epoch, counted from 1; batch size), in rising order."""
    accumulation: int = 1
    learning_rate: float = 1.0
    """Of an update of `base_batch_size` examples. At 1, an epoch's rate is the factor of the rule."""
    rule: str = "fixed"
    """One of LEARNING_RATE_RULES."""
    base_batch_size: int = 1

    def requested(self, number: int) -> BatchSize:
        """The batch size as it was asked for in an epoch counted from 0; it may exceed the rows there are."""
        size = self.first
        for from_epoch, later in self.changes:
            size = later if number + 1 >= from_epoch else size
        return size

    def epoch(self, number: int) -> Epoch:
        """One epoch, counted from 0. The rule follows the examples of an update, not of a micro-batch."""
        size = self.requested(number)
        resolved = min(size_in_examples(size, self.rows), self.rows)
        examples_per_update = min(resolved * self.accumulation, self.rows)
        scale = {
            "fixed": 1.0,
            "linear": examples_per_update / self.base_batch_size,
            "sqrt": math.sqrt(examples_per_update / self.base_batch_size),
        }[self.rule]
        return Epoch(number, resolved, self.learning_rate * scale, self.rows, self.accumulation)

    def stretches(self) -> list[Epoch]:
        """The first epoch of every stretch of epochs that share a batch size."""
        return [self.epoch(0), *(self.epoch(from_epoch - 1) for from_epoch, _ in self.changes)]

    def totals(self, unit: str, budget: float) -> BudgetTotals | None:
        """How far a budget goes; None for seconds, which no arithmetic tells.

        Whole updates are made: a budget of examples ends with the update in which it is used up. Raises SpecError
        for a change of the batch size past the end.
        """
        if unit == "seconds":
            return None
        totals = self.reached(unit, budget)
        for stretch in self.stretches()[1:]:
            if totals.examples <= stretch.number * self.rows:
                raise SpecError(
                    f"Batch schedule: it changes the batch size at epoch {stretch.number + 1}, but the run ends "
                    f"after {totals.epochs:.4g} epochs. Expected changes within the run; lengthen the "
                    "run or shorten the schedule."
                )
        return totals

    def reached(self, unit: str, amount: float) -> BudgetTotals:
        """Where the update ends in which so many epochs, updates or examples are reached."""
        left = int(amount)
        whole = updates = examples = 0
        stretches = self.stretches()
        ends = [stretch.number for stretch in stretches[1:]] + [10**12]
        for stretch, end in zip(stretches, ends, strict=True):
            cost = {"epochs": 1, "updates": stretch.updates, "examples": stretch.rows}[unit]
            taken = min(left // cost, end - stretch.number)
            whole += taken
            updates += taken * stretch.updates
            examples += taken * stretch.rows
            left -= taken * cost
            if left > 0 and whole < end:
                examples_per_update = stretch.batch_size * stretch.accumulation
                more = left if unit == "updates" else math.ceil(left / examples_per_update)
                updates += more
                examples += min(more * examples_per_update, stretch.rows)
                left = 0
            if left <= 0:
                break
        return BudgetTotals(examples / self.rows, updates, examples)


def split_at(rows: int, validation_split: float) -> int:
    """Training rows that `validation_split` leaves, in floating point as in Keras: 1000 at .9 leave 99."""
    return math.floor(rows * (1.0 - validation_split))
