"""A visitor's own data: as it is kept, and as one run trains on it.

`drawn` and `over_training_rows` also stand in the programs that are exported, so they use NumPy alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Targets = NDArray[np.float32] | NDArray[np.int32]


class OwnData(NamedTuple):
    """All rows. Where `standardised` is given, NaN in x is a missing value."""

    x: Array
    """(rows, inputs), each input in the unit of its own standard deviation over all rows, or a 0 or 1."""
    y: Targets
    standardised: NDArray[np.bool_] | None = None
    """For each input and, last, for the target: whether a run standardises it over its training rows. None for data
    that was standardised over all rows once and for all, as earlier versions did."""
    in_order: bool = False
    """Whether the rows stand in order of time: the last ones are held out. Else a run shuffles them."""


def drawn(
    x: Array, y: Any, standardised: Any, in_order: bool, rows: int, seed: int, training: int
) -> tuple[Array, Any]:
    """So many rows of x and y as a run trains on them; the first `training` of them say what is standard."""
    shuffled = np.random.default_rng(seed).permutation(len(x))[:rows]
    order = np.arange(len(x))[-rows:] if in_order else shuffled
    x, y = x[order], y[order]
    if standardised is None:
        return x, y
    x = over_training_rows(x, standardised[:-1], training)
    return x, over_training_rows(y, standardised[-1:], training) if standardised[-1] else y


def over_training_rows(values: Array, standardised: Any, training: int) -> Array:
    """(rows, columns), those marked brought to mean 0 and standard deviation 1 over the first `training` rows.

    NaN, a missing value, becomes the mean of those rows. A column that does not vary in them is only centred.
    """
    made = values.astype(np.float32)
    for number, standardise in enumerate(standardised):
        column = values[:, number].astype(np.float64)
        missing = np.isnan(column)
        seen = column[:training][~missing[:training]]
        mean = seen.mean() if len(seen) else 0.0
        if standardise:
            deviation = seen.std() if len(seen) else 0.0
            # Over all rows the deviation is 1: what is left below this is rounding.
            column, mean = (column - mean) / (deviation if deviation > 1e-6 else 1.0), 0.0
        made[:, number] = np.where(missing, mean, column)
    return made
