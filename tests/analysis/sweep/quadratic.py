"""The noisy quadratic model of Zhang et al. 2019 (arXiv:1907.04164), in closed form.

Loss sum h_i x_i^2 / 2 with h_i = 1 / i, i <= 10^4; gradients have noise of variance h_i / B; x starts at N(0, I). After
t steps of rate a: E x_i^2 = (1 - a h_i)^(2t) (1 - v_i) + v_i with v_i = a / (B (2 - a h_i)).
"""

from __future__ import annotations

import math

import numpy as np

CURVATURE = 1 / np.arange(1, 10_001)
TARGET = 0.01
RATES = np.logspace(-5, 0.5, 100)
STEPS = {
    4: 1_515_845, 16: 378_758, 64: 95_989, 256: 25_778, 1_024: 10_371, 4_096: 7_870, 16_384: 7_214, 65_536: 7_079,
    2**18: 7_047, 2**20: 7_039,
}  # fmt: skip
"""By batch size, with the best of RATES: the closed form's, whose ends agree with the published figure."""


def loss(size: int, rate: float, steps: np.ndarray | float) -> np.ndarray:
    """Expected loss after so many steps."""
    left = rate / (size * (2 - rate * CURVATURE))
    shrink = 2 * np.log(np.maximum(np.abs(1 - rate * CURVATURE), 1e-300))
    decayed = np.exp(np.multiply.outer(np.asarray(steps, float), shrink))
    return (decayed * (1 - left) + left) @ (CURVATURE / 2)


def noise_alone(size: int, rate: float) -> float:
    """The loss that no number of steps gets below."""
    return float((rate / (size * (2 - rate * CURVATURE))) @ (CURVATURE / 2))


def steps_to_target(size: int, rate: float) -> float:
    """The first whole step at or below TARGET; infinite where the noise keeps the loss above it."""
    if rate >= 2 or noise_alone(size, rate) >= TARGET:
        return math.inf
    low, high = 0, 2**22
    if loss(size, rate, high) > TARGET:
        return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if loss(size, rate, middle) <= TARGET else (middle, high)
    return float(high)
