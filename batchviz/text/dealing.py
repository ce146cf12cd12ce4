"""What is said beside rows that are dealt into batches."""

from __future__ import annotations

from batchviz.experiment.plan import Plan
from batchviz.text.numbers import quantity

LOOK_INSIDE = "Look inside: how rows become batches"


def too_many(plan: Plan, most: int) -> str:
    """Instead of the picture."""
    rows = quantity(plan.training_rows + plan.validation_rows)
    return f"{rows} rows are too many to draw one by one. With {quantity(most)} rows or fewer each is a square here."
