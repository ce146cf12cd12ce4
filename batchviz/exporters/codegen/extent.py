"""How far a recorded run came, as a program repeats it: whole epochs, and the examples of one that was cut."""

from __future__ import annotations

import math
from dataclasses import dataclass

from batchviz.experiment.records import Run, Status


@dataclass(frozen=True)
class Extent:
    """The last recorded evaluation, counted from the start of training."""

    epochs: int
    """Epochs begun; the last one may be cut."""
    last_examples: int
    """Examples of the last epoch, on the boundary of an update."""
    training_rows: int
    remark: str = ""
    """Why the program ends where it does, if not at the end of the budget."""

    @property
    def cut(self) -> bool:
        """Whether the last epoch ends before its last row."""
        return self.last_examples < self.training_rows

    @property
    def examples(self) -> int:
        """Training examples seen."""
        return (self.epochs - 1) * self.training_rows + self.last_examples

    @classmethod
    def from_run(cls, run: Run) -> Extent:
        """From the progress of a run that is over; from the plan of one that is not."""
        rows = run.plan.training_rows
        seen, remark = run.progress.examples, ""
        if not run.status.final:
            seen = run.plan.examples or seen
            remark = (
                "The run was still under way when this was written, so there is nothing to compare with yet."
            )
        elif run.status in (Status.STOPPED, Status.FAILED):
            # Such a run ends inside an epoch, without the evaluation that a budget's end brings.
            evaluated = max(0, math.ceil(seen / rows) - 1)
            ended = f"The run was ended after {run.progress.updates:,} updates, in epoch {evaluated + 1:,}"
            if evaluated:
                remark = f"{ended}; its last evaluation was at the end of epoch {evaluated:,}, where this ends too."
                seen = evaluated * rows
            else:
                remark = f"{ended}, before its first evaluation: there is nothing to compare with."
        elif run.status is Status.DIVERGED:
            remark = f"The run diverged: it was ended after {run.progress.updates:,} updates."
        return cls.of_examples(seen, rows, remark)

    @classmethod
    def of_examples(cls, seen: int, rows: int, remark: str = "") -> Extent:
        """After so many training examples."""
        if seen <= 0:
            return cls(0, rows, rows, remark)
        epochs = math.ceil(seen / rows)
        return cls(epochs, seen - (epochs - 1) * rows, rows, remark)
