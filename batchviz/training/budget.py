"""How long training goes on, and what its numbers may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from batchviz.errors import BatchVizError
from batchviz.records import Progress


@dataclass(frozen=True)
class Budget:
    """Where training ends: at the first of these that is reached."""

    epochs: float = math.inf
    updates: float = math.inf
    examples: float = math.inf
    seconds: float = math.inf

    @classmethod
    def of(cls, **limits: float | None) -> Budget:
        """A budget of the limits that are not None. Raises BatchVizError if there is none, or one is not above 0."""
        given = {name: positive(name, limit) for name, limit in limits.items() if limit is not None}
        if not given:
            raise BatchVizError("fit would never end. Expected epochs, updates, examples or seconds.")
        return cls(**given)

    def spent(self, progress: Progress, epoch: int) -> bool:
        """Whether nothing may follow after `epoch` whole epochs and this progress."""
        return (
            epoch >= self.epochs
            or progress.updates >= self.updates
            or progress.examples >= self.examples
            or progress.seconds >= self.seconds
        )

    def epochs_at_most(self, rows: int, updates_an_epoch: int) -> float:
        """The epochs this buys, were all of them alike; infinite for a budget of a second or more."""
        return min(
            self.epochs,
            self.updates / updates_an_epoch,
            self.examples / rows,
            math.inf if self.seconds >= 1 else 0.0,
        )


def positive(name: str, value: float) -> float:
    """The value, if it is a number above 0, and whole unless it is seconds; BatchVizError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not value > 0:
        ending = ' or "full".' if name == "batch_size" else "."
        raise BatchVizError(f"{name}={value!r}; expected a number above 0{ending}")
    if name != "seconds" and value != int(value):
        raise BatchVizError(f"{name}={value!r}; expected a whole number.")
    return value
