"""One run of a sweep, as its findings read it: where it ended, and its loss wherever that was measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LossCurve:
    """A loss wherever it was measured: arrays of one length, updates rising from 0; what is not finite is left out."""

    updates: Floats
    examples: Floats
    values: Floats

    def at(self, updates: float) -> float | None:
        """The value measured after so many updates; None where none was."""
        here = np.flatnonzero(self.updates == updates)
        return float(self.values[here[-1]]) if len(here) else None


@dataclass(frozen=True, eq=False)
class SweepRun:
    """One run. Its loss is the validation loss."""

    batch_size: int
    """Examples a batch as trained: "full" is the number of training rows."""
    learning_rate: float
    """As the grid says; where a rule makes the rate follow the batch size, `rate_used` is another."""
    seed: int
    run_id: str
    status: Status
    updates_end: int
    """Updates and examples so far; of a run that is over, where it ended."""
    examples_end: int
    final: float | None
    """The loss at the end of the budget; None of a run that did not get there, or not with a finite loss."""
    curve: LossCurve
    rate_used: float
    gap: float | None = None
    """Validation loss minus training loss at the end."""
    peak_bytes: float | None = None
    """The most memory that its worker has held so far, TensorFlow and its earlier runs included."""

    @property
    def reported(self) -> bool:
        """Whether it ended where its budget says."""
        return self.status is Status.DONE and self.final is not None


def sweep_run(run: Run, rows: Series) -> SweepRun:
    """From a run and all of its measurements (`series.merged`)."""
    plan, values = run.plan, rows["val_loss"].astype(np.float64)
    measured = np.isfinite(values) & np.isfinite(rows["updates"])
    columns = (rows["updates"], rows["examples"], values)
    curve = LossCurve(*(np.asarray(each[measured], np.float64) for each in columns))
    done = run.status is Status.DONE and len(values) > 0 and bool(measured[-1])
    return SweepRun(
        batch_size=plan.first.batch_size,
        learning_rate=run.spec.learning_rate,
        seed=run.spec.seed,
        run_id=run.id,
        status=run.status,
        updates_end=run.progress.updates,
        examples_end=run.progress.examples,
        final=float(values[-1]) if done else None,
        curve=curve,
        rate_used=plan.first.learning_rate,
        gap=run.final.get("gap") if done else None,
        peak_bytes=run.final.get("peak_memory_bytes"),
    )
