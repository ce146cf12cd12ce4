"""One run as the chart is told of it, in JSON."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.label import details, label
from batchviz.api.mirror import Mirror
from batchviz.figures.style import color
from batchviz.plan import Plan
from batchviz.records import Run
from batchviz.spec import RunSpec
from batchviz.store import Have
from batchviz.store.codec import length, rows

COUNTS = ("updates", "examples")


def message(mirror: Mirror, have: Have) -> bytes:
    """What is new for somebody who has `have` (attempt: the mirror's generation), as a JSON object."""
    counts = {"epochs": length(mirror.epochs), "updates": len(mirror.buckets)}
    known = (
        have.attempt == mirror.generation
        and have.epochs <= counts["epochs"]
        and have.updates <= counts["updates"]
    )
    first = {"epochs": have.epochs, "updates": have.updates} if known else {"epochs": 0, "updates": 0}
    run, plan = mirror.run, mirror.run.spec.plan
    parts = {
        "id": run.id,
        "attempt": mirror.generation,
        "status": run.status,
        "reason": run.reason,
        "reset": have.attempt != 0 and not known,
        **_look(run.spec, plan),
        "plan": {
            "training_rows": plan.training_rows,
            "validation_rows": plan.validation_rows,
            "updates_per_epoch": plan.first.updates,
            "updates": plan.updates,
            "epochs": plan.epochs,
            "parameters": plan.size.parameters,
        },
        "progress": _progress(run, plan),
        "queue_position": mirror.position,
        "final": {name: number(value) for name, value in run.final.items()},
        "epochs": {
            "from": first["epochs"],
            **{
                name: numbers(column, whole=name in COUNTS)
                for name, column in rows(mirror.epochs, first["epochs"], counts["epochs"]).items()
            },
        },
        "updates": {
            "from": first["updates"],
            "stride": mirror.buckets.stride,
            **{name: packed(column[first["updates"] :]) for name, column in mirror.buckets.columns.items()},
        },
    }
    return json.dumps(parts, separators=(",", ":"), allow_nan=False).encode()


def number(value: Any) -> Any:
    """A value that JSON can hold: None for what is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def numbers(column: NDArray[np.float32], *, whole: bool) -> list[float | int | None]:
    """A column as JSON has it: None for what is not finite, no more digits than float32 holds."""
    if whole:
        return [int(value) for value in column]
    return [float(f"{value:.7g}") if math.isfinite(value) else None for value in column.tolist()]


def packed(column: NDArray[np.float32]) -> str:
    """float32, little-endian, base64."""
    return base64.b64encode(column.astype("<f4", copy=False).tobytes()).decode()


def _look(spec: RunSpec, plan: Plan) -> dict[str, Any]:
    floor = plan.floor
    return {
        "label": label(spec),
        "batch_size": plan.first.batch_size,
        "color": color(plan.first.batch_size, plan.training_rows),
        "group": spec.group,
        "seed": spec.seed,
        "loss_name": plan.loss_name,
        "metric_name": plan.metric_name,
        "metric_higher_is_better": plan.metric_higher_is_better,
        "floors": {} if floor is None else {"loss": floor.loss, "metric": floor.metric},
        "details": details(spec),
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
        "updates": progress.updates,
        "examples": progress.examples,
        "epochs": round(progress.epochs, 4),
        "seconds": progress.seconds,
        "fraction": round(fraction, 4),
        "remaining_seconds": None if left is None or run.status.final else round(left, 3),
    }
