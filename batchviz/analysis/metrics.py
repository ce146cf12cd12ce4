"""What is compared: the columns of a run's epoch rows, and which way is better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from batchviz.analysis.words import in_sentence
from batchviz.experiment.plan import Plan


@dataclass(frozen=True)
class Metric:
    """One column of EPOCH_COLUMNS as something to compare."""

    key: str
    kind: Literal["loss", "metric"]
    part: str
    """The rows it is measured on, as the first word of its name."""
    note: str

    @property
    def title(self) -> str:
        """Where the task is not known yet: `Validation loss`."""
        return f"{self.part.capitalize()} {self.kind}"

    def name(self, plans: Sequence[Plan]) -> str:
        """In a sentence: `validation MSE`; `validation loss` over a mix of tasks."""
        names = {plan.loss_name if self.kind == "loss" else plan.metric_name for plan in plans}
        return f"{self.part} {in_sentence(names.pop()) if len(names) == 1 else self.kind}"

    def higher_is_better(self, plan: Plan) -> bool:
        """True for accuracy, False for losses and errors."""
        return self.kind == "metric" and plan.metric_higher_is_better

    def floor(self, plan: Plan) -> float | None:
        """The best that is possible on new data, where it is known."""
        return None if plan.floor is None else getattr(plan.floor, self.kind)


ON_TRAINING_ROWS = (
    "On all training rows, in large runs on a fixed random sample of 2,048 of them, at the end of an epoch."
)
MEASURES = {
    measure.key: measure
    for measure in (
        Metric("val_loss", "loss", "validation", "On the rows held out, at the end of an epoch."),
        Metric("train_loss", "loss", "training", ON_TRAINING_ROWS),
        Metric("loss", "loss", "running", "Keras' mean over the epoch's batches, each before its update."),
        Metric("val_metric", "metric", "validation", "On the rows held out, at the end of an epoch."),
        Metric("train_metric", "metric", "training", ON_TRAINING_ROWS),
        Metric(
            "metric", "metric", "running", "Keras' mean over the epoch's batches, each before its update."
        ),
    )
}
"""By column, in the order they are offered."""
