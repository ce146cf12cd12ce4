"""A claim: somebody's sentence about batch size, the experiment that tests it, and how its verdict is read off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from batchviz.claims.limits import START_SECONDS
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records
from batchviz.experiment.probes import Probe, Task
from batchviz.experiment.spec import RunSpec


class Source(StrEnum):
    """Whose claim it is; the words are ours."""

    ARTICLE = "article"
    TEXTBOOK = "textbook"


class Verdict(StrEnum):
    """What an experiment says of a claim."""

    HOLDS = "holds"
    ONLY_IF = "holds only under a condition"
    DOES_NOT_HOLD = "does not hold"
    NOT_DISTINGUISHABLE = "not distinguishable here"


@dataclass(frozen=True)
class Judged:
    """A verdict and the pairs that it rests on: it stands only if every one of them is established."""

    verdict: Verdict
    pairs: tuple[Pair, ...]
    condition: str = ""
    """Of ONLY_IF, from the evidence: what follows "holds only"."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """What else was measured, by what it is, unit included."""


@dataclass(frozen=True)
class Claim:
    """One claim. `tasks` are the runs and measurements of one seed, by a name that says how they differ."""

    key: str
    sentence: str
    """In our words."""
    source: Source
    measured: str
    """What is done and compared, in a sentence or two."""
    data: str
    """The data set that it is tested on unless another is asked for."""
    tasks: Callable[[int, str], Mapping[str, Task]]
    """(seed, data set) -> tasks. The same names with every seed."""
    judge: Callable[[Records], Judged]
    """Reads a verdict off the directions that the means go; how sure these are is asked of the pairs afterwards."""
    place: float
    """In a report: claims stand in rising order."""
    seconds: float
    """Of the processor, that its test takes with CLAIM_SEEDS seeds, rounded up: an Intel Xeon with 2 shared cores,
    2026-11-29. Told before a test; what it took is measured and told after it."""
    moments: tuple[int, ...] = ()
    """Updates after which its runs are measured, beside where the others of them end."""
    fixed_data: bool = False
    """Whether no other data set can take the place of `data`: the claim is about a model, or about that data."""
    lesson: str = ""
    """The slug of the lesson that goes further."""

    @property
    def expected_seconds(self) -> float:
        """Of a test of this claim alone, where nothing else trains."""
        return START_SECONDS + self.seconds

    def on(self, data: str | None) -> str:
        """The data set that it is tested on where `data` is asked for."""
        return self.data if data is None or self.fixed_data else data

    def runs(self, seed: int, data: str) -> dict[str, RunSpec]:
        """The runs of one seed, by name."""
        tasks = self.tasks(seed, data).items()
        return {name: task for name, task in tasks if isinstance(task, RunSpec)}

    def probes(self, seed: int, data: str) -> dict[str, Probe]:
        """The measurements beside curves of one seed, by name."""
        tasks = self.tasks(seed, data).items()
        return {name: task for name, task in tasks if isinstance(task, Probe)}
