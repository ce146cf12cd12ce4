"""What src/dealing is told: the orders of a run's first epochs, and where they are cut."""

from __future__ import annotations

from typing import TypedDict

from batchviz.analysis.dealing import dealt
from batchviz.experiment.plan import Plan
from batchviz.figures.palette import color


class DealtEpochPayload(TypedDict):
    """An epoch: row numbers from 0, in the order in which they are visited."""

    order: list[int]
    batchSize: int
    accumulation: int


class DealingPayload(TypedDict):
    """A run; src/dealing/deals.js says the same."""

    trainingRows: int
    validationRows: int
    seed: int
    updates: int | None
    """Until the end of the run; None for a budget in seconds."""
    color: dict[str, str]
    epochs: list[DealtEpochPayload]


def payload(plan: Plan) -> DealingPayload:
    """The rows of a run being dealt."""
    return {
        "trainingRows": plan.training_rows,
        "validationRows": plan.validation_rows,
        "seed": plan.spec.seed,
        "updates": plan.updates,
        "color": color(plan.first.batch_size, plan.training_rows),
        "epochs": [
            {
                "order": epoch.order.tolist(),
                "batchSize": epoch.batch_size,
                "accumulation": epoch.accumulation,
            }
            for epoch in dealt(plan)
        ],
    }
