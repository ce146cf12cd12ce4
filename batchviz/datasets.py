"""The data sets: name -> arrays. To add one, write a function and a row of DATASETS.

Importing this module loads NumPy only; scikit-learn is imported by the data sets that come from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Arrays = tuple[Array, NDArray[np.float32] | NDArray[np.int32]]
FEATURES = 10


@dataclass(frozen=True)
class Floor:
    """The lowest value that a model can reach on data it has not seen, and why."""

    loss: float
    metric: float
    reason: str


@dataclass(frozen=True)
class Dataset:
    """One data set. `load(rows, noise, seed)` gives x (rows, inputs) float32 and y.

    y is (rows, 1) float32 for regression and (rows,) int32 class numbers for classification.
    """

    title: str
    summary: str
    task: Literal["regression", "classification"]
    inputs: int
    outputs: int
    rows: int
    max_rows: int
    load: Callable[[int, float, int], Arrays]
    noisy: bool = False
    """Whether the noise slider means something here."""
    image: tuple[int, int, int] | None = None
    """Height, width and channels when the inputs are a picture: what a convolutional net needs."""
    floor: Callable[[float], Floor | None] = field(default=lambda noise: None)


def random_data(rows: int, noise: float, seed: int) -> Arrays:
    """The source article's data: x and y uniform on [0, 1) and independent, so there is nothing to learn."""
    random = np.random.default_rng(seed)
    return _float(random.random((rows, FEATURES))), _float(random.random((rows, 1)))


def teacher(rows: int, noise: float, seed: int) -> Arrays:
    """A random 10-8-1 tanh network of unit output variance, plus Gaussian noise of deviation `noise`."""
    random = np.random.default_rng(seed)
    hidden = random.normal(size=(FEATURES, 8)) / math.sqrt(FEATURES) * 1.5
    output = random.normal(size=(8, 1))
    reference = np.tanh(random.normal(size=(10_000, FEATURES)) @ hidden) @ output
    x = random.normal(size=(rows, FEATURES))
    clean = (np.tanh(x @ hidden) @ output - reference.mean()) / reference.std()
    return _float(x), _float(clean + noise * random.normal(size=(rows, 1)))


def friedman(rows: int, noise: float, seed: int) -> Arrays:
    """Friedman #1 (Friedman 1991): 10 uniform inputs of which 5 matter, scaled to mean 0 and variance 1."""
    random = np.random.default_rng(seed)
    x = random.random((rows, FEATURES))
    clean = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    # The mean and standard deviation of the noiseless target over uniform inputs, by quadrature.
    scaled = (clean - FRIEDMAN_MEAN) / FRIEDMAN_DEVIATION
    return _float(x), _float(scaled[:, None] + noise * random.normal(size=(rows, 1)))


FRIEDMAN_MEAN = 14.4133
FRIEDMAN_DEVIATION = 4.8812


def diabetes(rows: int, noise: float, seed: int) -> Arrays:
    """442 patients, 10 measurements, disease progression after a year (Efron et al. 2004); standardised."""
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    x, y = _draw(bunch.data, bunch.target[:, None], rows, seed)
    return _standardise(x, bunch.data), _standardise(y, bunch.target[:, None])


def digits(rows: int, noise: float, seed: int) -> Arrays:
    """1 797 handwritten digits of 8 x 8 grey values (UCI), scaled to [0, 1]; y is the digit."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    x, y = _draw(bunch.data, bunch.target, rows, seed)
    return _float(x / 16), y.astype(np.int32)


def _draw(
    x: NDArray[np.float64], y: NDArray[np.float64], rows: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Real files come in an order (digits: writer by writer), and validation takes the last rows:
    # a seeded shuffle makes both parts samples of the same thing.
    order = np.random.default_rng(seed).permutation(len(x))[:rows]
    return x[order], y[order]


def _standardise(values: NDArray[np.float64], population: NDArray[np.float64]) -> Array:
    return _float((values - population.mean(axis=0)) / population.std(axis=0))


def _float(values: NDArray[np.float64]) -> Array:
    return np.ascontiguousarray(values, dtype=np.float32)


def _noise_floor(noise: float) -> Floor | None:
    if noise == 0:
        return None
    return Floor(
        loss=noise**2,
        metric=noise * math.sqrt(2 / math.pi),
        reason=f"The targets carry Gaussian noise of standard deviation {noise:g}: a perfect model still has "
        f"MSE {noise**2:.3g} and MAE {noise * math.sqrt(2 / math.pi):.3g} on data it has not seen.",
    )


def _random_floor(noise: float) -> Floor:
    return Floor(
        loss=1 / 12,
        metric=1 / 4,
        reason="The targets are random and independent of the inputs. The best possible answer is always "
        "0.5, with MSE 1/12 and MAE 1/4. Training loss below that is memorising, not learning.",
    )


DATASETS: Mapping[str, Dataset] = {
    "random": Dataset(
        "Random numbers", "The article's data: 10 random inputs, a random target. Nothing can be learned.",
        "regression", FEATURES, 1, 1000, 100_000, random_data, floor=_random_floor,
    ),
    "teacher": Dataset(
        "Noisy teacher", "Targets made by a small hidden network, plus noise. A student can learn it.",
        "regression", FEATURES, 1, 1000, 100_000, teacher, noisy=True, floor=_noise_floor,
    ),
    "friedman": Dataset(
        "Friedman #1", "A classic curved function of 5 inputs, hidden among 5 useless ones, plus noise.",
        "regression", FEATURES, 1, 1000, 100_000, friedman, noisy=True, floor=_noise_floor,
    ),
    "diabetes": Dataset(
        "Diabetes", "442 patients, 10 measurements, disease progression a year later. Real and noisy.",
        "regression", FEATURES, 1, 442, 442, diabetes,
    ),
    "digits": Dataset(
        "Digits", "1,797 handwritten digits, 8 x 8 pixels. Classification: cross-entropy and accuracy.",
        "classification", 64, 10, 1797, 1797, digits, image=(8, 8, 1),
    ),
}  # fmt: skip
