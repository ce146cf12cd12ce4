"""One run as the chart's player takes it, as plain values for JSON: by api/points, and in a file that plays alone.

src/core/payload.d.ts says the same to the scripts; tests/frontend/test_feed.py holds both to one recorded answer.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import (
    Any,
    NotRequired,  # pydantic reads no other below Python 3.12
    cast,
)

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from batchviz.analysis.appearance import (
    AUTOMATIC_ENCODING,
    EncodingChoice,
    differing_fields,
    encoding,
    question,
)
from batchviz.analysis.downsampling import Bins, DownsampledSeries
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.pace import Clocks, Stretch, pace
from batchviz.analysis.replicates import Group, group_runs, replicate_key
from batchviz.experiment.expected import share_over
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Run, Source
from batchviz.experiment.series import SERIES
from batchviz.figures.appearance import Look, appearance, looks
from batchviz.text import appearance as appearance_text
from batchviz.text import clock as clock_text
from batchviz.text.floor import floor_sentences
from batchviz.text.names import run_details

COUNTS = ("number", *(column.name for column in SERIES["epochs"].columns if column.whole))
Measured = float | int | None
"""None for what was not measured, or is not finite."""


class PlanPayload(TypedDict):
    """What training will come to; `updates` and `epochs` are None for a budget in seconds."""

    training_rows: int
    validation_rows: int
    updates_per_epoch: int
    updates: int | None
    epochs: float | None
    parameters: int


class ProgressPayload(TypedDict):
    """How far a run is; None where an imported history does not say."""

    updates: Measured
    examples: Measured
    epochs: float
    seconds: Measured
    fraction: float
    remaining_seconds: Measured


class About(TypedDict):
    """What is said of a run beside its points."""

    id: str
    status: str
    reason: str
    label: str
    batch_size: int
    color: dict[str, str]
    dash: str
    """In Plotly's words."""
    panel: str
    """What stands over the panel it is drawn in; "" where all share one."""
    end: str
    """What its line is called where its panel says the rest; "" for all of its label."""
    group: str
    seed: int
    loss_name: str
    metric_name: str
    metric_higher_is_better: bool
    floors: dict[str, float]
    floor_notes: dict[str, str]
    details: str
    plan: PlanPayload
    progress: ProgressPayload
    final: dict[str, Measured]


EpochRows = TypedDict(
    "EpochRows",
    {
        "from": int,
        "stride": int,
        "recorded": int,
        "number": NotRequired[list[Measured]],
        "updates": list[Measured],
        "examples": list[Measured],
        "seconds": list[Measured],
        "loss": list[Measured],
        "metric": list[Measured],
        "train_loss": list[Measured],
        "train_metric": list[Measured],
        "val_loss": list[Measured],
        "val_metric": list[Measured],
    },
)
"""Rows from row `from` on; where `stride` is above 1 they stand for more of the `recorded`: `number` says which."""

UpdateRows = TypedDict(
    "UpdateRows",
    {
        "from": int,
        "stride": int,
        "loss": str,
        "metric": str,
        "loss_min": NotRequired[str],
        "loss_max": NotRequired[str],
        "metric_min": NotRequired[str],
        "metric_max": NotRequired[str],
    },
)
"""Updates, or buckets of `stride` of them, from row `from` on: packed()."""


class RecordedRun(About):
    """A run and its points: all there are in a file that plays alone."""

    attempt: int
    epochs: EpochRows
    updates: UpdateRows


class RunMessage(RecordedRun):
    """A run, and those of its points that are new to whoever asked."""

    reset: bool
    queue_position: int | None
    queue_seconds: float | None
    """Until it begins, about."""
    digest: str
    """Of what is said beside the points: whoever sends it back is not told the same again."""


class MeansPayload(TypedDict):
    """What has the colour, the dash and the panels."""

    note: str
    """Which line stands for what; "" where colours alone tell."""
    questions: dict[str, list[tuple[str, str]]]
    """By `color`, `dash` and `panels`, what can be chosen and how it is called; empty where nothing differs."""


class FeedPayload(TypedDict):
    """The answer of api/points."""

    version: int
    engine: str
    sentence: str
    offer: str
    """What further training would settle more, as a button says it; empty for none."""
    means: MeansPayload
    missing: list[str]
    runs: list[RunMessage]


class ClockStatePayload(TypedDict):
    """What is said of one way of training beside an axis of seconds."""

    note: str
    offer: bool
    awaited: bool


class ClocksPayload(TypedDict):
    """The answer of api/clocks: by path what is said, by run and path its pace, None where no clock is known."""

    paths: dict[str, ClockStatePayload]
    runs: dict[str, dict[str, list[Stretch] | None]]


def clocks(runs: Sequence[Run], paths: Sequence[Clocks]) -> ClocksPayload:
    """Seconds of these runs on the clocks of every path."""
    return {
        "paths": {
            on.path.value: {
                "note": clock_text.note(on, runs),
                "offer": bool(on.offered(runs)),
                "awaited": bool(on.awaited),
            }
            for on in paths
        },
        "runs": {run.id: {on.path.value: _stretches(run, on) for on in paths} for run in runs},
    }


def means(runs: Sequence[Run], choice: EncodingChoice = AUTOMATIC_ENCODING) -> MeansPayload:
    """What has the colour, the dash and the panels of these runs, and what could have."""
    groups = group_runs(runs)
    encoded = encoding(groups, **choice._asdict())
    differs = bool(differing_fields([group.runs[0] for group in groups]))
    return {
        "note": appearance_text.means(encoded, appearance(groups, encoded).meanings),
        "questions": {name: _options(groups, name, choice) for name in EncodingChoice._fields}
        if differs
        else {},
    }


def _options(groups: Sequence[Group], name: str, choice: EncodingChoice) -> list[tuple[str, str]]:
    asking = question(groups, name, choice, AUTOMATIC_ENCODING)
    return [(option, appearance_text.choice(option, asking.automatic)) for option in asking.options]


def about(run: Run, look: Look | None = None) -> About:
    """What is said of a run beside its points. `look` is what it has beside others; None: it stands alone."""
    appearance = look or looks([run])[run.id]
    plan = run.plan
    levels = _floors(plan)
    to_come = planned(plan)
    if run.source is Source.HISTORY:
        to_come["training_rows"] = 0  # not known, and epochs are counted by their rows
    return {
        "id": run.id,
        "status": run.status,
        "reason": run.reason,
        "label": appearance.label,
        "batch_size": plan.first.batch_size,
        "color": appearance.color,
        "dash": appearance.dash,
        "panel": appearance.panel,
        "end": appearance.end,
        "group": _group(run),
        "seed": run.spec.seed,
        "loss_name": plan.loss_name,
        "metric_name": plan.metric_name,
        "metric_higher_is_better": plan.metric_higher_is_better,
        "floors": {kind: level for kind, (level, _) in levels.items()},
        "floor_notes": {kind: note for kind, (_, note) in levels.items()},
        "details": run_details(run),
        "plan": to_come,
        "progress": _progress(run, plan),
        "final": {key: number(value) for key, value in run.final.items()},
    }


def planned(plan: Plan) -> PlanPayload:
    """What training will come to."""
    return {
        "training_rows": plan.training_rows,
        "validation_rows": plan.validation_rows,
        "updates_per_epoch": plan.first.updates,
        "updates": plan.updates,
        "epochs": plan.epochs,
        "parameters": plan.size.parameters,
    }


def epoch_rows(thinned: DownsampledSeries, first: int = 0) -> EpochRows:
    """Epoch rows from `first` on, as lists; of a run with more than those also which of the `recorded` they are."""
    columns = {
        key: numbers(column[first:], whole=key in COUNTS)
        for key, column in thinned.rows.items()
        if key != "number" or thinned.stride > 1
    }
    return cast(EpochRows, {"from": first, "stride": thinned.stride, "recorded": thinned.recorded, **columns})


def update_rows(buckets: Bins, first: int = 0) -> UpdateRows:
    """Buckets of updates from `first` on, packed."""
    columns = {key: packed(column[first:]) for key, column in buckets.columns.items()}
    return cast(UpdateRows, {"from": first, "stride": buckets.stride, **columns})


def no_update_rows(buckets: Bins, first: int = 0) -> UpdateRows:
    """The same where no updates are sent: what the asker has of them stays."""
    return {"from": first, "stride": buckets.stride, "loss": "", "metric": ""}


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


def _floors(plan: Plan) -> dict[str, tuple[float, str]]:
    """By loss and metric the level drawn, and what it is: of the validation rows, without any of the training rows."""
    part = "val" if plan.validation_rows else "train"
    measures = {kind: METRICS[f"{part}_{kind}"] for kind in ("loss", "metric")}
    return {
        kind: (level, " ".join(floor_sentences(plan, measure)))
        for kind, measure in measures.items()
        if (level := measure.floor(plan)) is not None
    }


def _group(run: Run) -> str:
    """Runs with the same are one card: short, since every message of every run brings it."""
    experiment, *origin = replicate_key(run)
    return " ".join(filter(None, (experiment[:16], *origin)))


def _stretches(run: Run, on: Clocks) -> list[Stretch] | None:
    clock = on.for_run(run)
    return None if clock is None else list(pace(run.plan, clock).stretches)


def _progress(run: Run, plan: Plan) -> ProgressPayload:
    progress, spec = run.progress, run.spec
    if spec.budget_unit == "seconds":
        fraction = progress.seconds / spec.budget
    else:
        fraction = progress.updates / plan.updates if plan.updates else 0.0
    fraction = min(1.0, fraction)
    over = share_over(plan, progress)
    passed = progress.elapsed or progress.seconds  # of runs recorded before that was told, what training took
    left = passed * (1 - over) / over if over else None
    return {
        "updates": run.counted("updates"),
        "examples": run.counted("examples"),
        "epochs": round(progress.epochs, 4),
        "seconds": None if run.counted("seconds") is None else number(progress.seconds),
        "fraction": round(fraction, 4),
        "remaining_seconds": None if left is None or run.status.final else round(left, 3),
    }
