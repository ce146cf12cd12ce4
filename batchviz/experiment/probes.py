"""What is measured beside curves: a Probe is asked for here, and carried out by `training.probes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchviz.experiment.spec import RunSpec

Numbers = Mapping[str, float]
"""What a probe measured, by name; NaN where this machine cannot tell."""


@dataclass(frozen=True)
class Probe:
    """One measurement: `kind` is a row of `training.probes.PROBES`, where what it measures and returns is said."""

    kind: str
    spec: RunSpec
    """The network, its data and its seed, and how it is trained where that is part of it."""
    sizes: tuple[int, ...] = ()
    """Batch sizes that are measured, where that is more than the spec's."""


Task = RunSpec | Probe
"""What a claim asks for: a run, or a measurement beside curves."""
