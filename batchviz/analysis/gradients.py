"""How the gradients of batches scatter around that of all rows: as arrows in a plane, and as the law of their noise."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Arrows(NamedTuple):
    """The batches of one size."""

    batch_size: int
    tips: Floats
    """(batches of the first epoch, 2): along the full gradient, and along the main direction of the noise."""
    noise: float
    """The mean of |g_B - G|^2, over the whole batches of all epochs."""
    law: float
    """What it is in expectation, see `expected_noise`."""


class Scatter(NamedTuple):
    """Batch gradients at one place."""

    rows: int
    parameters: int
    length: float
    """|G|, of the gradient over all rows."""
    variance: float
    """The trace of the rows' covariance, over N."""
    in_plane: float
    """The share of it that lies in the plane of the arrows."""
    arrows: tuple[Arrows, ...]


class Plane(NamedTuple):
    """Batch gradients seen in two directions."""

    tips: Floats
    """(batches, 2): along the full gradient, and across it where the batches scatter most."""
    length: float
    """Of the full gradient."""
    distance: float
    """Root mean square distance of the batches from it, over all directions."""
    share: float
    """Of the square of that, what lies in the plane; 1 where there is none."""


def in_a_plane(full: NDArray[np.floating], each: NDArray[np.floating]) -> Plane:
    """Of the gradient over all rows, (parameters,), and those of batches, (batches, parameters)."""
    full, each = full.astype(np.float64), each.astype(np.float64)
    length = float(np.linalg.norm(full))
    along = full / length if length else np.eye(1, len(full))[0]
    around = each - full
    across = around - np.outer(around @ along, along)
    # The main direction lies among the batches' own differences: there are fewer of them than of weights.
    _, _, directions = np.linalg.svd(across, full_matrices=False)
    main = directions[0] * np.sign(directions[0][np.argmax(np.abs(directions[0]))])
    main = main - (main @ along) * along  # of no scatter any direction would do, one along it too
    plane = np.stack([along, main])
    square = float(np.mean(np.sum(around**2, axis=1)))
    shown = float(np.mean(np.sum((around @ plane.T) ** 2, axis=1)))
    return Plane(each @ plane.T, length, math.sqrt(square), shown / square if square else 1.0)


def expected_noise(variance: float, batch_size: int, rows: int) -> float:
    """The mean of |g_B - G|^2 over batches drawn without replacement: tr S / B * (N - B) / (N - 1)."""
    return variance / batch_size * (rows - batch_size) / (rows - 1)


def scatter(
    each: NDArray[np.floating], orders: Iterable[NDArray[np.integer]], batch_sizes: Sequence[int]
) -> Scatter:
    """Of the rows' own gradients, (rows, parameters), and the orders of some epochs."""
    gradients = each.astype(np.float64)
    rows, parameters = gradients.shape
    full = gradients.mean(axis=0)
    around = gradients - full
    variance = float(np.sum(around**2) / rows)
    plane = _plane(full, around)
    visits = list(orders)
    arrows = []
    for size in batch_sizes:
        whole = rows // size * size
        epochs = [gradients[visit[:whole]].reshape(-1, size, parameters).mean(axis=1) for visit in visits]
        noise = float(np.mean([np.sum((batches - full) ** 2, axis=1) for batches in epochs]))
        arrows.append(Arrows(size, epochs[0] @ plane.T, noise, expected_noise(variance, size, rows)))
    in_plane = float(np.sum((around @ plane.T) ** 2) / rows / variance)
    return Scatter(rows, parameters, float(np.linalg.norm(full)), variance, in_plane, tuple(arrows))


def _plane(full: Floats, around: Floats) -> Floats:
    """Two directions of length 1, (2, parameters): the full gradient's, and across it where the noise is largest."""
    along = full / np.linalg.norm(full)
    across = around - np.outer(around @ along, along)
    _, vectors = np.linalg.eigh(across.T @ across)
    main = vectors[:, -1]
    return np.stack([along, main * np.sign(main[np.argmax(np.abs(main))])])
