"""The data sets: name -> arrays. To add one, write a function and a row of DATASETS.

Beside these, `find(name)` knows two kinds by the shape of their names, so that a spec can be checked and
planned anywhere, without its data: a visitor's own data, `own.ID.442x10.1` (rows x inputs, outputs), and that of
imported runs, which only another program saw, `elsewhere.ID.1000.1`; it cannot be trained on here.

Importing this module loads NumPy only; the measured data sets lie in data/.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.limits import MAX_OWN_CLASSES, MAX_OWN_INPUTS, MAX_OWN_ROWS
from batchviz.experiment.own_data import OwnData, drawn

Array = NDArray[np.float32]
Arrays = tuple[Array, NDArray[np.float32] | NDArray[np.int32]]
FEATURES = 10


class Unlearnable(Enum):
    """What no model can learn of the targets."""

    RANDOM_TARGETS = "random targets"
    NOISY_TARGETS = "noisy targets"


@dataclass(frozen=True)
class Law:
    """What the targets of a data set are drawn from."""

    unlearnable: Unlearnable
    answer: Callable[[int, int], Array]
    """(rows, data seed) -> (rows, outputs): mean and median of each target, given its inputs. They are one, since
    the noise of every law here is symmetric; so the answer is best in MSE and in MAE."""
    expected: Callable[[float], tuple[float, float]]
    """Noise -> MSE and MAE of that answer, in the mean over all draws."""


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
    law: Law | None = None
    """None where nobody knows it."""
    origin: Literal["built in", "own", "imported"] = "built in"


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


SLOPE, INTERCEPT = 1.5, -0.5


def line(rows: int, noise: float, seed: int) -> Arrays:
    """One input, uniform on [0, 2), and targets on a straight line, plus Gaussian noise of deviation `noise`.

    Without hidden layers a network has two weights here, and its loss over them is a long valley: the inputs' mean
    is not zero.
    """
    random = np.random.default_rng(seed)
    x = 2 * random.random((rows, 1))
    return _float(x), _float(SLOPE * x + INTERCEPT + noise * random.normal(size=(rows, 1)))


MOON_SPREAD = 0.2


def moons(rows: int, noise: float, seed: int) -> Arrays:
    """Two inputs, two classes: half circles that reach into each other, spread by a Gaussian of MOON_SPREAD."""
    random = np.random.default_rng(seed)
    y = random.integers(0, 2, rows)
    angle = np.pi * random.random(rows)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, upper, lower) + MOON_SPREAD * random.normal(size=(rows, 2))
    return _float(x), y.astype(np.int32)


def diabetes(rows: int, noise: float, seed: int) -> Arrays:
    """442 patients, 10 measurements, disease progression after a year (Efron et al. 2004); standardised."""
    measured, progress = _from_file("diabetes")
    x, y = _draw(measured, progress[:, None], rows, seed)
    return _standardise(x, measured), _standardise(y, progress[:, None])


def digits(rows: int, noise: float, seed: int) -> Arrays:
    """1 797 handwritten digits of 8 x 8 grey values (UCI), scaled to [0, 1]; y is the digit."""
    x, y = _draw(*_from_file("digits"), rows, seed)
    return _float(x / 16), y.astype(np.int32)


WRONG_SHARE = 0.3


def mislabelled(rows: int, noise: float, seed: int) -> Arrays:
    """The digits, of which WRONG_SHARE are said to be another digit, each other one as likely."""
    x, y = digits(rows, noise, seed)
    return x, mistaken(y.astype(np.int32), seed)


def mistaken(labels: NDArray[np.int32], seed: int) -> NDArray[np.int32]:
    """(rows,) digits, of which WRONG_SHARE are replaced by another one."""
    random = np.random.default_rng([seed, 1])
    wrong = random.permutation(len(labels))[: round(WRONG_SHARE * len(labels))]
    labels[wrong] = (labels[wrong] + random.integers(1, 10, len(wrong))) % 10
    return labels


def _from_file(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Inputs and targets in the order of the original; data/README.md says where they come from."""
    with np.load(Path(__file__).parent / "data" / f"{name}.npz") as file:
        return file["x"].astype(np.float64), file["y"].astype(np.float64)


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


def _noiseless(load: Callable[[int, float, int], Arrays]) -> Law:
    """Of targets that are a function of the inputs plus Gaussian noise: that function."""
    # Variance of the noise, and its mean distance from 0.
    return Law(
        Unlearnable.NOISY_TARGETS,
        lambda rows, seed: load(rows, 0.0, seed)[1].astype(np.float32),
        lambda noise: (noise**2, noise * math.sqrt(2 / math.pi)),
    )


# Of targets uniform on [0, 1), whatever the inputs.
_UNIFORM = Law(
    Unlearnable.RANDOM_TARGETS,
    lambda rows, seed: np.full((rows, 1), 0.5, np.float32),
    lambda noise: (1 / 12, 1 / 4),
)

DATASETS: Mapping[str, Dataset] = {
    "random": Dataset(
        "Random numbers", "The article's data: 10 random inputs, a random target. Nothing can be learned.",
        "regression", FEATURES, 1, 1000, 100_000, random_data, law=_UNIFORM,
    ),
    "teacher": Dataset(
        "Noisy teacher", "Targets made by a small hidden network, plus noise. A student can learn it.",
        "regression", FEATURES, 1, 1000, 100_000, teacher, noisy=True, law=_noiseless(teacher),
    ),
    "friedman": Dataset(
        "Friedman #1", "A classic curved function of 5 inputs, hidden among 5 useless ones, plus noise.",
        "regression", FEATURES, 1, 1000, 100_000, friedman, noisy=True, law=_noiseless(friedman),
    ),
    "diabetes": Dataset(
        "Diabetes", "442 patients, 10 measurements, disease progression a year later. Real and noisy.",
        "regression", FEATURES, 1, 442, 442, diabetes,
    ),
    "digits": Dataset(
        "Digits", "1,797 handwritten digits, 8 x 8 pixels. Classification: cross-entropy and accuracy.",
        "classification", 64, 10, 1797, 1797, digits, image=(8, 8, 1),
    ),
    "mislabelled": Dataset(
        "Digits, 30 % wrong", "The digits, but 30 in 100 labels, of training and validation rows, are wrong.",
        "classification", 64, 10, 1797, 1797, mislabelled, image=(8, 8, 1),
    ),
    "line": Dataset(
        "Line", "One input, targets on a line, plus noise. Without hidden layers two weights: their loss can be drawn.",
        "regression", 1, 1, 200, 100_000, line, noisy=True, law=_noiseless(line),
    ),
    "moons": Dataset(
        "Two moons", "Two inputs, two classes that reach into each other: the boundary between them can be drawn.",
        "classification", 2, 2, 300, 100_000, moons,
    ),
}  # fmt: skip


_OWN_NAME = re.compile(r"own\.([A-Za-z0-9_-]{6,16})\.(\d{1,6})x(\d{1,4})\.(\d{1,3})")
_IMPORTED = re.compile(r"elsewhere\.([A-Za-z0-9_-]{6,16})\.(\d{1,6})\.(\d{1,3})")


def own_name(identity: str, rows: int, inputs: int, outputs: int) -> str:
    """The name of a visitor's own data; 1 output is regression, more are that many classes."""
    return f"own.{identity}.{rows}x{inputs}.{outputs}"


def imported_name(identity: str, rows: int, outputs: int) -> str:
    """The name of data that an imported run saw; `rows` counts training and validation rows."""
    return f"elsewhere.{identity}.{rows}.{outputs}"


def identity(name: str) -> str:
    """The id inside the name of own or imported data, empty for a built-in data set."""
    match = _OWN_NAME.fullmatch(name) or _IMPORTED.fullmatch(name)
    return match[1] if match else ""


def exists(name: str) -> bool:
    """Whether `find(name)` has an answer."""
    return name in DATASETS or _by_shape(name) is not None


def find(name: str) -> Dataset:
    """The data set of that name. KeyError for a name that is neither in DATASETS nor of a known shape."""
    dataset = DATASETS.get(name) or _by_shape(name)
    if dataset is None:
        raise KeyError(name)
    return dataset


FetchOwn = Callable[[str], OwnData]
"""All rows of a visitor's own data, by its id."""


def load(
    name: str,
    rows: int,
    noise: float,
    seed: int,
    fetch_own: FetchOwn | None = None,
    training_rows: int | None = None,
) -> Arrays:
    """The x and y of a data set, as `Dataset` says. DataError for data that is not here to train on.

    `fetch_own` is where own data comes from: a worker, which has the store, hands it in. Own data is standardised over
    the first `training_rows` (None: all) of the rows drawn.
    """
    dataset = find(name)
    if dataset.origin != "own" or fetch_own is None:
        return dataset.load(rows, noise, seed)
    return drawn(*fetch_own(identity(name)), rows, seed, rows if training_rows is None else training_rows)


@functools.lru_cache(maxsize=256)
def _by_shape(name: str) -> Dataset | None:
    if match := _OWN_NAME.fullmatch(name):
        rows, inputs, outputs = map(int, match.groups()[1:])
        if 2 <= rows <= MAX_OWN_ROWS and 1 <= inputs <= MAX_OWN_INPUTS and 1 <= outputs <= MAX_OWN_CLASSES:
            return _own_dataset(rows, inputs, outputs)
    if match := _IMPORTED.fullmatch(name):
        rows, outputs = map(int, match.groups()[1:])
        if 2 <= rows <= MAX_OWN_ROWS and 1 <= outputs <= MAX_OWN_CLASSES:
            task: Literal["regression", "classification"] = "regression" if outputs == 1 else "classification"
            return Dataset(
                "Trained elsewhere", "An imported run; its data is not here.",
                task, 1, outputs, rows, rows, _trained_elsewhere, origin="imported",
            )  # fmt: skip
    return None


def _own_dataset(rows: int, inputs: int, outputs: int) -> Dataset:
    task: Literal["regression", "classification"] = "regression" if outputs == 1 else "classification"
    summary = f"Uploaded: {rows:,} rows, {inputs:,} inputs, {task}."
    return Dataset("Own data", summary, task, inputs, outputs, rows, rows, _uploaded_elsewhere, origin="own")


def _uploaded_elsewhere(rows: int, noise: float, seed: int) -> Arrays:
    raise DataError("Own data can be trained on only where it was uploaded; this program does not have it.")


def _trained_elsewhere(rows: int, noise: float, seed: int) -> Arrays:
    raise DataError("This run was trained elsewhere and imported: its data is not here to train on.")
