"""Inside a worker: a run trained once more, its gradients put into a plane, and the whole made one value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from batchviz.analysis.gradients import in_a_plane
from batchviz.experiment.datasets import FetchOwn
from batchviz.experiment.inspection import Arrows, Inspection
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec

if TYPE_CHECKING:
    from batchviz.training.inspecting import BatchGradients


def inspected(
    spec: RunSpec, updates: int, fetch_own: FetchOwn | None, should_stop: Callable[[], bool]
) -> Inspection:
    """Train a spec for so many updates and look inside. Raises BatchVizError where that cannot be done."""
    from batchviz.training import inspecting

    frames = inspecting.frames_of(spec, updates, fetch_own, should_stop)
    measured = [
        (frame, gradients)
        for frame in inspecting.arrow_frames(frames)
        if (gradients := inspecting.batch_gradients(spec, frames, frame, fetch_own)) is not None
    ]
    schedule = plan_for(spec).schedule
    epochs = [schedule.reached("updates", made).epochs for made in frames.updates]
    return Inspection(
        np.array(frames.updates, np.int32),
        np.array(epochs, np.float32),
        np.array(frames.loss, np.float32),
        inspecting.boundary(spec, frames, fetch_own),
        inspecting.surface(spec, frames, fetch_own),
        _arrows(measured) if measured else None,
    )


def _arrows(measured: list[tuple[int, BatchGradients]]) -> Arrows:
    planes = [in_a_plane(gradients.full, gradients.each) for _, gradients in measured]
    tips = np.full((len(planes), max(len(plane.tips) for plane in planes), 2), np.nan, np.float32)
    for place, plane in zip(tips, planes, strict=True):
        place[: len(plane.tips)] = plane.tips
    return Arrows(
        np.array([frame for frame, _ in measured], np.int32),
        tips,
        np.array([plane.length for plane in planes], np.float32),
        np.array([plane.distance for plane in planes], np.float32),
        np.array([plane.share for plane in planes], np.float32),
        np.array([gradients.examples for _, gradients in measured], np.int32),
        np.array([gradients.batches for _, gradients in measured], np.int32),
    )
