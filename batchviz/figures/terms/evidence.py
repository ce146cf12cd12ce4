"""What seeds say of a difference: dots, their interval, and whether it holds zero. The pairs are made up."""

from __future__ import annotations

import math

import numpy as np

from batchviz.figures.terms.svg import ACCENT, INK, dot, line, picture, words

CLEAR = (0.9, 1.3, 1.1, 1.6, 0.8, 1.2, 1.4, 1.0, 1.5, 1.1)
TIED = (-0.7, 0.4, -0.2, 0.6, -0.5, 0.3, 0.1, -0.4, 0.7, -0.1)
T_99 = 3.2498
"""The 99.5th percentile of Student's t with nine degrees of freedom: both ends of 99 %."""


def verdict() -> str:
    """An interval that leaves zero out."""
    return _drawn(CLEAR, "the interval leaves zero out: clear")


def not_distinguishable() -> str:
    """An interval with zero in it."""
    return _drawn(TIED, "zero lies in the interval: not distinguishable")


def _drawn(differences: tuple[float, ...], text: str) -> str:
    mean = float(np.mean(differences))
    reach = T_99 * float(np.std(differences, ddof=1)) / math.sqrt(len(differences))
    ends = [_x(mean - reach), _x(mean + reach)]
    return picture(
        f"An example: differences of two groups in ten seeds as dots, their mean {mean:.2f} and its 99 % interval from "
        f"{mean - reach:.2f} to {mean + reach:.2f}: {text}.",
        line([(_x(0), 16), (_x(0), 92)], INK, dash="3 3"),
        words(_x(0), 12, "no difference", size=10),
        *(dot(_x(value), 42, INK, 3, hollow=True) for value in differences),
        line([(ends[0], 70), (ends[1], 70)], ACCENT, width=4),
        dot(_x(mean), 70, INK, 4),
        words(160, 112, text, size=10),
    )


def _x(value: float) -> float:
    return 130 + value * 80
