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
        """How low it can get on the rows it is measured on, where that is known; of a running mean it is not."""
        if plan.floor is None or self.part == "running":
            return None
        if self.part == "training":
            return None if plan.samples_training_rows else getattr(plan.floor.training, self.kind)
        return None if plan.floor.validation is None else getattr(plan.floor.validation, self.kind)


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
