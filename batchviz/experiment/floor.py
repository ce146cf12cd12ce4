"""How low a loss can get, on the very rows of a run: what a model that knew the law of its data would score.

That is a fact about these rows and no bound: the expectation over all draws is one, and any draw lies beside it. What
ends lower than the law on rows that it was not trained on was lucky; what ends lower than the best constant on the
rows that it was trained on, where the inputs say nothing, has memorised them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment import datasets
from batchviz.experiment.datasets import Unlearnable
from batchviz.experiment.schedule import split_at


@dataclass(frozen=True)
class Score:
    """Loss (MSE) and metric (MAE) of one answer on `rows` rows."""

    loss: float
    metric: float
    rows: int


@dataclass(frozen=True)
class Floor:
    """What is known of how low loss and metric can get."""

    unlearnable: Unlearnable
    noise: float
    """Standard deviation of the noise in the targets, where that is what cannot be learned."""
    validation: Score | None
    """Of a model that knows the law, on the validation rows; None where there are none."""
    training: Score
    """What a training loss below it has memorised: of the best constants (the mean in MSE, the median in MAE) where
    the targets are random; otherwise of a model that knows the law."""
    expected: tuple[float, float]
    """Loss and metric of a model that knows the law, in the mean over all draws of rows."""


@functools.lru_cache(maxsize=4096)
def floor(dataset: str, rows: int, noise: float, data_seed: int, validation_split: float) -> Floor | None:
    """The floor of these rows, computed from them; None where the law is not known, or nothing keeps from 0.

    Kept, since tables and charts ask again and again: 100,000 rows take some 0.1 s to draw.
    """
    data = datasets.find(dataset)
    law = data.law
    if law is None or (noise == 0 and law.unlearnable is Unlearnable.NOISY_TARGETS):
        return None
    _, targets = data.load(rows, noise, data_seed)
    y, answer = (values.astype(np.float64) for values in (targets, law.answer(rows, data_seed)))
    cut = split_at(rows, validation_split)
    seen = y[:cut]
    if law.unlearnable is Unlearnable.RANDOM_TARGETS:
        training = Score(_mse(seen - seen.mean(axis=0)), _mae(seen - np.median(seen, axis=0)), cut)
    else:
        training = _score(seen - answer[:cut])
    validation = _score(y[cut:] - answer[cut:]) if cut < rows else None
    return Floor(law.unlearnable, noise if data.noisy else 0.0, validation, training, law.expected(noise))


def _score(residuals: NDArray[np.float64]) -> Score:
    return Score(_mse(residuals), _mae(residuals), len(residuals))


def _mse(residuals: NDArray[np.float64]) -> float:
    return float(np.mean(residuals**2))


def _mae(residuals: NDArray[np.float64]) -> float:
    return float(np.mean(np.abs(residuals)))
