"""How long training goes on, and what its numbers may be."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from batchviz.errors import BatchVizError
from batchviz.experiment.records import Progress
from batchviz.experiment.schedule import BatchSchedule
from batchviz.training.accumulation import MicroBatches


@dataclass(frozen=True)
class Budget:
    """Where training ends: at the first of these that is reached."""

    epochs: float = math.inf
    updates: float = math.inf
    examples: float = math.inf
    seconds: float = math.inf

    @classmethod
    def from_limits(cls, **limits: float | None) -> Budget:
        """A budget of the limits that are not None, without any of one epoch, as in Keras.

        Raises BatchVizError for one that is not above 0.
        """
        checked = {
            name: positive(name, limit) if name == "seconds" else whole(name, limit)
            for name, limit in limits.items()
            if limit is not None
        }
        return cls(**checked or {"epochs": 1})

    def spent(self, progress: Progress, epoch: int) -> bool:
        """Whether nothing may follow after `epoch` whole epochs and this progress."""
        return (
            epoch >= self.epochs
            or progress.updates >= self.updates
            or progress.examples >= self.examples
            or progress.seconds >= self.seconds
        )

    def last_epoch(self, schedule: BatchSchedule, first: int) -> float:
        """Where an epoch counted from `first` on ends, in epochs counted from 1; infinite for seconds alone."""
        before = {
            "updates": sum(schedule.epoch(number).updates for number in range(first)),
            "examples": first * schedule.rows,
        }
        ends = [
            math.ceil(schedule.reached(unit, int(limit) + before[unit]).epochs)
            for unit, limit in (("updates", self.updates), ("examples", self.examples))
            if math.isfinite(limit)
        ]
        return min([self.epochs, *ends])

    def next_end(self, batches: MicroBatches, first: int, moments: Sequence[int], progress: Progress) -> int:
        """The batch (counted in the epoch, from `first` on) at which training pauses at the latest.

        For a measurement, at one of the rising `moments` (updates), or because the budget is used up.
        """
        ends = [len(batches.sizes)]
        following = bisect_right(moments, progress.updates)
        if following < len(moments):
            ends.append(batches.end_of_updates(first, moments[following] - progress.updates))
        if math.isfinite(self.updates):
            ends.append(batches.end_of_updates(first, int(self.updates - progress.updates)))
        if math.isfinite(self.examples):
            ends.append(batches.end_of_examples(first, int(self.examples - progress.examples)))
        return min(ends)

    def epochs_at_most(self, rows: int, updates_an_epoch: int) -> float:
        """The epochs this buys, were all of them alike; infinite for a budget of a second or more."""
        return min(
            self.epochs,
            self.updates / updates_an_epoch,
            self.examples / rows,
            math.inf if self.seconds >= 1 else 0.0,
        )


def positive(name: str, value: Any) -> float:
    """The value, if it is a finite number above 0; BatchVizError otherwise."""
    if not is_finite_number(value) or not value > 0:
        raise BatchVizError(f"{name}={value!r}; expected a finite number above 0.")
    return float(value)


def whole(name: str, value: Any, *, least: int = 1, otherwise: str = "") -> int:
    """The value as an int, if it is a whole number of at least `least`; BatchVizError otherwise."""
    if not is_finite_number(value) or value != int(value) or value < least:
        raise BatchVizError(f"{name}={value!r}; expected a whole number from {least} on{otherwise}.")
    return int(value)


def is_finite_number(value: Any) -> bool:
    """Whether it is a real number, of Python or NumPy, that is neither NaN nor infinite; True and False are none."""
    numeric = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return numeric and bool(abs(value) < math.inf)
