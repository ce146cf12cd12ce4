"""Which runs are trained together: those of one plain network that differ in seed and learning rate alone."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

from batchviz.experiment.cost import cost
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec

MAX_STACKED_WEIGHTS = 1_000_000
"""Of all replicas: beyond, an update is arithmetic, which nobody shares."""
MAX_STACKED_OUTPUTS = 16_000_000
"""Rows x outputs of the layers x replicas, which one evaluation holds in memory."""


def groups(specs: Sequence[RunSpec], max_seconds: float = math.inf) -> list[list[RunSpec]]:
    """The specs, those that are trained together side by side; each in a group of one that cannot be.

    In the order in which the first of each group stands. A group is expected to take no more than `max_seconds`, if not
    each of its runs does.
    """
    grouped: dict[Hashable, list[RunSpec]] = {}
    for spec in specs:
        key: Hashable = spec.replace(seed=0, learning_rate=1e-3) if _stackable(spec) else (spec, "alone")
        grouped.setdefault(key, []).append(spec)
    cut = []
    for group in grouped.values():
        most = _most(group[0], max_seconds)
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


def _most(spec: RunSpec, max_seconds: float) -> int:
    """Replicas of this spec that are trained together."""
    plan, expected = plan_for(spec), cost(plan_for(spec))
    outputs = spec.rows * (plan.size.activations + spec.network.inputs)
    most = min(MAX_STACKED_WEIGHTS // plan.size.parameters, MAX_STACKED_OUTPUTS // outputs)
    if max_seconds < math.inf:
        most = min(most, int((max_seconds - expected.calls) / (expected.typical - expected.calls)))
    return max(1, most)
