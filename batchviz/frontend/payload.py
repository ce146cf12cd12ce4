"""One run as the chart's player takes it, as plain values for JSON: by api/points, and in a file that plays alone."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.differences import details, label, name
from batchviz.analysis.downsampling import Bins, DownsampledSeries
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Run, Source
from batchviz.figures.palette import color
from batchviz.text import plan as plan_text

COUNTS = ("number", "updates", "examples")


def about(run: Run) -> dict[str, Any]:
    """What is said of a run beside its points."""
    plan = run.plan
    return {
        "id": run.id,
        "status": run.status,
        "reason": run.reason,
        **_look(run, plan),
        "plan": {
            "training_rows": plan.training_rows,
            "validation_rows": plan.validation_rows,
            "updates_per_epoch": plan.first.updates,
            "updates": plan.updates,
            "epochs": plan.epochs,
            "parameters": plan.size.parameters,
        },
        "progress": _progress(run, plan),
        "final": {key: number(value) for key, value in run.final.items()},
    }


def epoch_rows(thinned: DownsampledSeries, first: int = 0) -> dict[str, Any]:
    """Epoch rows from `first` on, as lists; of a run with more than those also which of the `recorded` they are."""
    columns = {
        key: numbers(column[first:], whole=key in COUNTS)
        for key, column in thinned.rows.items()
        if key != "number" or thinned.stride > 1
    }
    return {"from": first, "stride": thinned.stride, "recorded": thinned.recorded, **columns}


def update_rows(buckets: Bins, first: int = 0) -> dict[str, Any]:
    """Buckets of updates from `first` on, packed."""
    columns = {key: packed(column[first:]) for key, column in buckets.columns.items()}
    return {"from": first, "stride": buckets.stride, **columns}


def described(run: Run) -> str:
    """What distinguishes a run beside its label, short; of a history that was imported little is known."""
    if run.source is Source.HISTORY:
        return f"Imported history, {label(run.spec)}, seed {run.spec.seed}"
    return details(run.spec)


def number(value: Any) -> Any:
    """A value that JSON can hold: None for what is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def numbers(column: NDArray[np.float32], *, whole: bool) -> list[float | int | None]:
    """A column as JSON has it: None for what is not finite, no more digits than float32 holds."""
    written = int if whole else lambda value: float(f"{value:.7g}")
    return [written(value) if math.isfinite(value) else None for value in column.tolist()]


def packed(column: NDArray[np.float32]) -> str:
    """float32, little-endian, base64."""
    return base64.b64encode(column.astype("<f4", copy=False).tobytes()).decode()


def _look(run: Run, plan: Plan) -> dict[str, Any]:
    floor, spec = plan.floor, run.spec
    return {
        "label": name(run),
        "batch_size": plan.first.batch_size,
        "color": color(plan.first.batch_size, plan.training_rows),
        "group": spec.group,
        "seed": spec.seed,
        "loss_name": plan.loss_name,
        "metric_name": plan.metric_name,
        "metric_higher_is_better": plan.metric_higher_is_better,
        "floors": {} if floor is None else {"loss": floor.loss, "metric": floor.metric},
        "floor_reason": plan_text.floor_reason(floor),
        "details": described(run),
    }


def _progress(run: Run, plan: Plan) -> Mapping[str, Any]:
    progress, spec = run.progress, run.spec
    if spec.budget_unit == "seconds":
        fraction = progress.seconds / spec.budget
    else:
        fraction = progress.updates / plan.updates if plan.updates else 0.0
    fraction = min(1.0, fraction)
    left = progress.seconds * (1 - fraction) / fraction if fraction else None
    return {
        "updates": run.counted("updates"),
        "examples": run.counted("examples"),
        "epochs": round(progress.epochs, 4),
        "seconds": None if run.counted("seconds") is None else number(progress.seconds),
        "fraction": round(fraction, 4),
        "remaining_seconds": None if left is None or run.status.final else round(left, 3),
    }
