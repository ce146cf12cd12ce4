"""SGD on a loss of one weight that has a better and a poorer minimum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.probes import Numbers, Probe

EXAMPLES, SPREAD = 256, 4.0
TILT = 0.3
PATHS, UPDATES = 250, 1000
FARTHEST = 3.0
"""Beyond, w^3 would throw a path to infinity at one update; the minima are near 1 and -1."""


def double_well(probe: Probe) -> Numbers:
    """Shares of PATHS that after UPDATES are in the other basin: `escaped, B = 4` from the poorer, `left, B = 4`.

    The loss of example i is (w^2 - 1)^2 + TILT w + c_i w, with c_i of mean 0 and deviation SPREAD: over all examples,
    the better minimum is near -1 and the poorer near 1. Each path draws its own order of the examples, epoch by epoch,
    and takes every update of plain SGD.
    """
    random = np.random.default_rng(probe.spec.seed)
    slopes = random.normal(size=EXAMPLES)
    slopes = SPREAD * (slopes - slopes.mean()) / slopes.std()
    numbers = {"paths": float(PATHS)}
    for size in probe.sizes:
        for name, start in (("escaped", _minimum(1.0)), ("left", _minimum(-1.0))):
            ends = _ends(start, slopes, size, probe.spec.learning_rate, random)
            crossed = ends < 0 if start > 0 else ends > 0
            numbers[f"{name}, B = {size}"] = float(crossed.mean())
    return numbers


def _minimum(near: float) -> float:
    """Of the loss over all examples, by Newton's method."""
    for _ in range(20):
        near -= (4 * near * (near**2 - 1) + TILT) / (12 * near**2 - 4)
    return near


def _ends(
    start: float, slopes: NDArray[np.float64], size: int, rate: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """(PATHS,) weights after UPDATES, all from one start."""
    weights = np.full(PATHS, start)
    an_epoch = len(slopes) // size
    orders = np.tile(slopes, (PATHS, 1))
    for update in range(UPDATES):
        place = update % an_epoch
        if place == 0:
            orders = random.permuted(orders, axis=1)
        noise = orders[:, place * size : (place + 1) * size].mean(axis=1)
        gradient = 4 * weights * (weights**2 - 1) + TILT + noise
        weights = np.clip(weights - rate * gradient, -FARTHEST, FARTHEST)
    return weights
