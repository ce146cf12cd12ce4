"""Experiments to begin with: races that one press starts, each a link as well. To add one, add a row to PRESETS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class Source:
    """Where an experiment was published."""

    title: str
    address: str


ARTICLE = Source(
    "Batch Size in Deep Learning and Neural Network",
    "https://worldscope.com.br/learn/Batch-Size-in-Deep-Learning-and-Neural-Network",
)
"""Its code is the spec that a `RunSpec` without arguments is."""


@dataclass(frozen=True)
class Preset:
    """A race. The title is its name in a menu, the summary says what it is for, in a sentence."""

    title: str
    summary: str
    spec: RunSpec
    """What all members share; its batch size is the form's."""
    sizes: tuple[BatchSize, ...] = (1, 8, 32, 128, "full")
    source: Source | None = None

    @property
    def specs(self) -> list[RunSpec]:
        """A run of every batch size."""
        return [self.spec.replace(batch_size=size) for size in self.sizes]


OPENING = "digits"
"""The one that plays, recorded, where there is no run yet: what an empty address opens."""

PRESETS: Mapping[str, Preset] = {
    OPENING: Preset(
        "Handwritten digits",
        "Five batch sizes, ten epochs each.",
        RunSpec(dataset="digits"),
    ),
    "article": Preset(
        "The article's experiment",
        "Random numbers, so there is nothing to learn: which batch size still gets its training loss down?",
        RunSpec(),
        source=ARTICLE,
    ),
    "updates": Preset(
        "Equal updates",
        "The same digits, 200 updates for every batch size instead of ten epochs.",
        RunSpec(dataset="digits", budget_unit="updates", budget=200),
    ),
    "rate": Preset(
        "The rate grows with the batch",
        "Plain SGD on the digits; the learning rate is proportional to the batch size.",
        RunSpec(dataset="digits", optimizer="sgd", learning_rate=0.1, learning_rate_rule="linear"),
        (8, 32, 128, 512),
    ),
}
"""By the name that the page's scripts call it."""
