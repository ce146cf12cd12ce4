"""What src/inspection is told: the frames of a run that was looked into, and what was found at each."""

from __future__ import annotations

from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment import datasets
from batchviz.experiment.inspection import Arrows, Boundary, Inspection, Surface
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.figures.palette import CATEGORIES, color

MAX_CLASSES_DRAWN = len(CATEGORIES)
DIGITS = 4
"""Significant ones of a number: a screen shows fewer."""


class BoundaryPayload(TypedDict):
    """Which class is named where."""

    points: list[list[float]]
    """[first input, second input, class]."""
    low: list[float]
    high: list[float]
    side: int
    runs: list[list[int]]
    """A frame: class, how many places in a row, class, ..., from the lowest row up."""
    colors: list[dict[str, str]]
    """Of the classes; beyond so many they repeat."""


class SurfacePayload(TypedDict):
    """The loss over two weights."""

    path: list[list[float]]
    low: list[float]
    high: list[float]
    side: int
    loss: list[float]
    """From the lowest row up."""


class ArrowsPayload(TypedDict):
    """Batch gradients at some frames, one entry each."""

    frames: list[int]
    tips: list[list[list[float]]]
    length: list[float]
    distance: list[float]
    inPlane: list[float]
    examples: list[int]
    batches: list[int]


class InspectionPayload(TypedDict):
    """A run; src/inspection/frames.js says the same."""

    updates: list[int]
    epochs: list[float]
    loss: list[float]
    lossName: str
    color: dict[str, str]
    trainingRows: int
    parameters: int
    boundary: BoundaryPayload | None
    surface: SurfacePayload | None
    arrows: ArrowsPayload | None


def payload(spec: RunSpec, inspection: Inspection) -> InspectionPayload:
    """A run that was looked into."""
    plan = plan_for(spec)
    return {
        "updates": inspection.updates.tolist(),
        "epochs": _short(inspection.epochs),
        "loss": _short(inspection.loss),
        "lossName": plan.loss_name,
        "color": color(plan.first.batch_size, plan.training_rows),
        "trainingRows": plan.training_rows,
        "parameters": plan.size.parameters,
        "boundary": _boundary(spec, inspection.boundary) if inspection.boundary else None,
        "surface": _surface(inspection.surface) if inspection.surface else None,
        "arrows": _arrows(inspection.arrows) if inspection.arrows else None,
    }


def _boundary(spec: RunSpec, boundary: Boundary) -> BoundaryPayload:
    classes = datasets.find(spec.dataset).outputs
    points = [[*_short(place), int(label)] for place, label in zip(boundary.x, boundary.y, strict=True)]
    return {
        "points": points,
        "low": _short(boundary.low),
        "high": _short(boundary.high),
        "side": boundary.classes.shape[1],
        "runs": [_run_lengths(frame.ravel()) for frame in boundary.classes],
        "colors": list(CATEGORIES[: min(classes, MAX_CLASSES_DRAWN)]),
    }


def _surface(surface: Surface) -> SurfacePayload:
    return {
        "path": [_short(place) for place in surface.path],
        "low": _short(surface.low),
        "high": _short(surface.high),
        "side": len(surface.loss),
        "loss": _short(surface.loss.ravel()),
    }


def _arrows(arrows: Arrows) -> ArrowsPayload:
    return {
        "frames": arrows.frames.tolist(),
        "tips": [[_short(tip) for tip in tips if np.isfinite(tip).all()] for tips in arrows.tips],
        "length": _short(arrows.length),
        "distance": _short(arrows.distance),
        "inPlane": _short(arrows.in_plane),
        "examples": arrows.examples.tolist(),
        "batches": arrows.batches.tolist(),
    }


def _run_lengths(values: NDArray[np.uint8]) -> list[int]:
    starts = np.flatnonzero(np.diff(values, prepend=values[:1] + 1))
    lengths = np.diff(starts, append=len(values))
    pairs: list[int] = np.stack([values[starts].astype(int), lengths], axis=1).ravel().tolist()
    return pairs


def _short(values: NDArray[Any]) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values.tolist()]
