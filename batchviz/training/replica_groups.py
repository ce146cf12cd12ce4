"""Which runs are trained together: those of one plain network that differ in seed and learning rate alone."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec

MAX_STACKED_WEIGHTS = 1_000_000
"""Of all replicas: beyond, an update is arithmetic, which nobody shares."""
MAX_STACKED_OUTPUTS = 16_000_000
"""Rows x outputs of the layers x replicas, which one evaluation holds in memory."""


def groups(specs: Sequence[RunSpec]) -> list[list[RunSpec]]:
    """The specs, those that are trained together side by side; each in a group of one that cannot be.

    In the order in which the first of each group stands.
    """
    grouped: dict[Hashable, list[RunSpec]] = {}
    for spec in specs:
        key: Hashable = spec.replace(seed=0, learning_rate=1e-3) if _stackable(spec) else (spec, "alone")
        grouped.setdefault(key, []).append(spec)
    cut = []
    for group in grouped.values():
        most = _most(group[0])
        cut += [group[first : first + most] for first in range(0, len(group), most)]
    return cut


def _stackable(spec: RunSpec) -> bool:
    return (
        spec.model == "mlp"
        and not (spec.dropout or spec.batch_norm)
        and spec.accumulation == 1
        and spec.budget_unit != "seconds"
        and not plan_for(spec).samples_training_rows
    )


def _most(spec: RunSpec) -> int:
    """Replicas of this spec that are trained together."""
    size = plan_for(spec).size
    outputs = spec.rows * (size.activations + spec.network.inputs)
    return max(1, min(MAX_STACKED_WEIGHTS // size.parameters, MAX_STACKED_OUTPUTS // outputs))
