"""The rows that pictures of terms learn from: one input, a target, and a line with two weights through them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.order import order

Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """Inputs with a column of ones, (rows, 2), and targets, (rows,): targets are 0.8 x + 0.3 and noise of 0.3."""

    x: Floats
    y: Floats


def rows(count: int = 24, seed: int = 1) -> Rows:
    """Rows of that law, drawn from a seed."""
    random = np.random.default_rng(seed)
    x = random.uniform(-1, 1, count)
    return Rows(np.stack([x, np.ones(count)], axis=1), 0.8 * x + 0.3 + 0.3 * random.normal(size=count))


def loss(data: Rows, weights: Floats) -> float:
    """The mean squared error."""
    return float(np.mean((data.x @ weights - data.y) ** 2))


def gradient(data: Rows, weights: Floats, batch: NDArray[np.int32] | slice = slice(None)) -> Floats:
    """Of the mean squared error over a batch: 2 X'(Xw - y) / B."""
    x, y = data.x[batch], data.y[batch]
    return np.asarray(2 * x.T @ (x @ weights - y) / len(y))


def batches(count: int, size: int, *, seed: int, epoch: int = 0) -> list[NDArray[np.int32]]:
    """The sampler's batches of an epoch."""
    visit = order(count, seed=seed, epoch=epoch)
    return [visit[start : start + size] for start in range(0, count, size)]
