"""How the rows of a run are dealt into batches: the sampler's own order, epoch by epoch."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.order import order
from batchviz.experiment.plan import Plan


class DealtEpoch(NamedTuple):
    """An epoch, counted from 0: its rows in the order in which they are visited, cut after every `batch_size`."""

    number: int
    order: NDArray[np.int32]
    batch_size: int
    accumulation: int


def dealt(plan: Plan, epochs: int = 2) -> list[DealtEpoch]:
    """The first epochs of a run, as many as it has."""
    count = epochs if plan.epochs is None else min(epochs, math.ceil(plan.epochs))
    return [
        DealtEpoch(
            number,
            order(plan.training_rows, seed=plan.spec.seed, epoch=number),
            plan.epoch(number).batch_size,
            plan.spec.accumulation,
        )
        for number in range(count)
    ]
