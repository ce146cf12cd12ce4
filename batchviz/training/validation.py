"""When and how Keras' `fit` looks at the rows held out: validation_freq, validation_steps, validation_batch_size."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from batchviz.training.budget import whole

KERAS_BATCH_SIZE = 32
"""What Keras takes for a batch size that is not given."""


@dataclass(frozen=True)
class Validation:
    """When the rows held out are evaluated, and in which batches."""

    batch_size: int | None = None
    """Examples a batch, which only a loss that is no mean over examples shows; None: that of the epoch."""
    frequency: int | Collection[int] = 1
    """Every so many epochs, or after these, counted from 1."""
    steps: int | None = None
    """Batches to evaluate, from the first on; None: all."""

    @classmethod
    def from_arguments(cls, batch_size: Any, frequency: Any, steps: Any) -> Validation:
        """The arguments of `fit` whose names begin with `validation_`, checked. Raises BatchVizError."""
        return cls(
            None if batch_size is None else whole("validation_batch_size", batch_size),
            _frequency(frequency),
            None if steps is None else whole("validation_steps", steps),
        )

    def for_training(self, batch_size: Any, rows: int) -> Validation:
        """With the batch size that Keras takes where none is given: that of training, if given."""
        if self.batch_size or batch_size is not None:
            return self
        size = math.ceil(rows / self.steps) if self.steps else KERAS_BATCH_SIZE
        return Validation(size, self.frequency, self.steps)

    def rows(self, held_out: int, epoch_batch_size: int) -> int:
        """How many of the rows held out are evaluated."""
        return min(held_out, self.steps * (self.batch_size or epoch_batch_size)) if self.steps else held_out

    def is_due(self, epoch: int) -> bool:
        """Whether they are evaluated after this epoch, counted from 0."""
        if isinstance(self.frequency, int):
            return (epoch + 1) % self.frequency == 0
        return epoch + 1 in self.frequency


def _frequency(frequency: Any) -> int | Collection[int]:
    if isinstance(frequency, list | tuple | set | frozenset | range):
        return frozenset(whole("an epoch of validation_freq", epoch) for epoch in frequency)
    return whole("validation_freq", frequency, otherwise=", or a list of epochs, counted from 1")
