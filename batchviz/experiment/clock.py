"""Clock: what an update takes on one machine, one network and one way of training, measured in steady state.

What a run took is no clock: its first call, its compilation and whoever else used the cores are inside, and a short
run is not compiled where a long one is. Seconds that are to be compared come from here. Evaluation is left out.

One update over B examples takes t(B) = a + b B: overhead, and arithmetic. Between two measured sizes t is the line
between them; beyond the last it follows the line through all. More examples never take less time: where noise says
so, neighbours share their (geometric) mean.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment import datasets
from batchviz.experiment.environment import fingerprint
from batchviz.experiment.limits import MAX_SCATTER
from batchviz.experiment.models import MODELS
from batchviz.experiment.spec import RunSpec


class ClockPath(StrEnum):
    """The way of training that a clock is of."""

    LOOP = "loop"  # the compiled loop of training.loop
    FIT = "fit"  # Keras' own model.fit


@dataclass(frozen=True)
class ClockPoint:
    """Seconds an update at one batch size, as undisturbed repeats tell, and the interval in which these lie."""

    batch_size: int
    seconds: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (self.batch_size >= 1 and 0 < self.low <= self.seconds <= self.high < float("inf")):
            raise ValueError(f"{self} is no measurement; expected 0 < low <= seconds <= high.")

    @property
    def scatter(self) -> float:
        """The width of the interval, as a share of the seconds."""
        return (self.high - self.low) / self.seconds


@dataclass(frozen=True)
class Line:
    """t(B) = overhead + per_example B, in seconds."""

    overhead: float
    per_example: float

    def seconds(self, batch_size: float) -> float:
        """Of one update over so many examples."""
        return self.overhead + self.per_example * batch_size


@dataclass(frozen=True)
class Clock:
    """Seconds an update of one network (`clock_key`), as a function of the batch size.

    With gradient accumulation an update is `accumulation` micro-batches, and a batch size is that of one of them.
    """

    network: str
    path: ClockPath
    machine: str
    measured: float
    """Unix seconds."""
    points: tuple[ClockPoint, ...]
    """At rising batch sizes."""

    def __post_init__(self) -> None:
        sizes = [point.batch_size for point in self.points]
        if not sizes or sizes != sorted(set(sizes)):
            raise ValueError(f"A clock of batch sizes {sizes}; expected at least one, rising.")

    def seconds_per_update(self, batch_size: float) -> float:
        """Seconds of one update; never falls as the batch size rises."""
        return self._between(self._rising["seconds"], batch_size)

    def interval(self, batch_size: float) -> tuple[float, float]:
        """The seconds between which `seconds_per_update` lies, by the scatter of the repeats; never falls either."""
        low, high = self._rising["low"], self._rising["high"]
        return self._between(low, batch_size), self._between(high, batch_size)

    @functools.cached_property
    def line(self) -> Line:
        """The line a + b B through all points: half-saturation (a / b) and sizes beyond the ladder are read from it."""
        return fit_line([p.batch_size for p in self.points], [p.seconds for p in self.points])

    @property
    def steady(self) -> bool:
        """Whether the repeats agreed at every batch size; where not, the machine had other work."""
        return all(point.scatter <= MAX_SCATTER for point in self.points)

    def to_json(self) -> str:
        """Everything, as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Clock:
        """The clock that was written so. Raises ValueError for any other text."""
        try:
            values = json.loads(text)
            points = tuple(ClockPoint(**point) for point in values.pop("points"))
            return cls(path=ClockPath(values.pop("path")), points=points, **values)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is no clock: {error}.") from None

    @functools.cached_property
    def _rising(self) -> dict[str, NDArray[np.float64]]:
        low = np.array([point.low for point in self.points])
        high = np.array([point.high for point in self.points])
        return {
            # What stands out of order is inside the interval too.
            "low": np.minimum.accumulate(low[::-1])[::-1],
            "seconds": never_falling([point.seconds for point in self.points]),
            "high": np.maximum.accumulate(high),
        }

    def _between(self, seconds: NDArray[np.float64], batch_size: float) -> float:
        sizes = [point.batch_size for point in self.points]
        nearest = min(max(batch_size, sizes[0]), sizes[-1])
        beyond = self.line.seconds(batch_size) / self.line.seconds(nearest)
        return float(np.interp(nearest, sizes, seconds)) * beyond


def clock_key(spec: RunSpec) -> str | None:
    """Equal for specs whose updates take equally long at equal batch size; None for what cannot be trained here.

    What shapes the network and its update decides, and the programs that compute it. Rows, seeds and rates do not.
    """
    data, network = datasets.find(spec.dataset), spec.network
    if data.origin == "imported":
        return None
    image = network.image if MODELS[network.model].needs_image else None
    decides = [
        fingerprint(), data.task, network.model, network.inputs, network.outputs, network.hidden,
        network.activation, network.dropout > 0, network.batch_norm, image,
        spec.optimizer, spec.momentum > 0, spec.accumulation,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(decides).encode()).hexdigest()


def fit_line(sizes: Sequence[float], seconds: Sequence[float]) -> Line:
    """The line of least squares in relative error, neither coefficient below zero.

    Relative, because times span decades: a fit in seconds would follow the slowest alone. With measurements at one
    size only, all of it is overhead.
    """
    work, times = np.asarray(sizes, np.float64), np.asarray(seconds, np.float64)
    columns = np.stack([1 / times, work / times], axis=1)
    both, *_ = np.linalg.lstsq(columns, np.ones(len(times)))
    if both.min() < 0 or np.ptp(work) == 0:
        # The better of the two lines that use one coefficient alone: overhead only, or arithmetic only.
        alone = columns.sum(axis=0) / np.maximum((columns**2).sum(axis=0), np.finfo(float).tiny)
        left = ((columns * alone - 1) ** 2).sum(axis=0)
        both = alone * (np.arange(2) == (0 if np.ptp(work) == 0 else int(left.argmin())))
    return Line(float(both[0]), float(both[1]))


def never_falling(values: Sequence[float]) -> NDArray[np.float64]:
    """The closest never-falling values in squared logarithms (isotonic regression, by its max-min formula)."""
    logs = np.log(np.asarray(values, np.float64))
    count = len(logs)
    means = {(j, k): logs[j : k + 1].mean() for j in range(count) for k in range(j, count)}
    return np.exp(
        [max(min(means[j, k] for k in range(i, count)) for j in range(i + 1)) for i in range(count)]
    )
