"""What is compared: the columns of a run's epoch rows, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from batchviz.experiment.plan import Plan


@dataclass(frozen=True)
class Metric:
    """One measure of SERIES["epochs"] as something to compare."""

    key: str
    kind: Literal["loss", "metric"]
    part: str
    """The rows it is measured on; "running": the epoch's batches, each before its update."""

    def higher_is_better(self, plan: Plan) -> bool:
        """True for accuracy, False for losses and errors."""
        return self.kind == "metric" and plan.metric_higher_is_better

    def floor(self, plan: Plan) -> float | None:
        """The best that is possible on new data, where it is known."""
        return None if plan.floor is None else getattr(plan.floor, self.kind)


METRICS = {
    metric.key: metric
    for metric in (
        Metric("val_loss", "loss", "validation"),
        Metric("train_loss", "loss", "training"),
        Metric("loss", "loss", "running"),
        Metric("val_metric", "metric", "validation"),
        Metric("train_metric", "metric", "training"),
        Metric("metric", "metric", "running"),
    )
}
"""By column, in the order they are offered."""
