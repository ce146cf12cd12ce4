"""A finished run trained once more from its spec, for what is not recorded of every run: weights on their way.

Of the weights themselves nothing is kept, but what is drawn of them: arrows of batch gradients, the path over a loss of
two weights, the boundary between classes of two inputs.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.plan import Plan

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]

MAX_FRAMES = 60
MAX_PATH_FRAMES = 400
"""Of two weights, which cost nothing to keep: every update of a short run."""
MAX_FRAME_NUMBERS = 2_000_000
"""Frames x parameters, held while a run is trained again."""
MIN_FRAMES = 4


@dataclass(frozen=True)
class Boundary:
    """Which class a network of two inputs names where, at each frame."""

    x: Floats
    """(rows, 2), some of the training rows; none of a visitor's own data."""
    y: Whole
    """(rows,)"""
    low: Floats
    """(2,): the corner of the square; `high` is the opposite one."""
    high: Floats
    classes: NDArray[np.uint8]
    """(frames, side, side): at evenly spaced places from low to high, the second input first."""


@dataclass(frozen=True)
class Surface:
    """The loss of a network of two weights over all training rows, and where the run stood on it."""

    path: Floats
    """(frames, 2): the weight of the input, and the bias."""
    low: Floats
    high: Floats
    loss: Floats
    """(side, side): at evenly spaced places from low to high, the bias first."""


@dataclass(frozen=True)
class Arrows:
    """The gradients of an epoch's batches at the weights of some frames, in a plane; NaN where there are fewer."""

    frames: Whole
    """(arrows,): of which frames."""
    tips: Floats
    """(arrows, batches, 2): along the gradient over all training rows, and across it where the batches scatter most."""
    length: Floats
    """(arrows,): of the gradient over all training rows."""
    distance: Floats
    """(arrows,): root mean square distance of the batches from it, over all directions."""
    in_plane: Floats
    """(arrows,): the share of its square that lies in the plane."""
    examples: Whole
    """(arrows,): whose gradients a batch averages."""
    batches: Whole
    """(arrows,): of the epoch; `tips` holds the first of them."""


@dataclass(frozen=True)
class Inspection:
    """What was found at the frames: moments between updates."""

    updates: Whole
    """(frames,): updates made, rising from 0."""
    epochs: Floats
    """(frames,): passes over the training rows."""
    loss: Floats
    """(frames,): over the training rows, as the run's own training loss."""
    boundary: Boundary | None = None
    surface: Surface | None = None
    arrows: Arrows | None = None

    def to_bytes(self) -> bytes:
        """The arrays, compressed."""
        arrays = {name: getattr(self, name) for name in ("updates", "epochs", "loss")}
        for part in ("boundary", "surface", "arrows"):
            if (value := getattr(self, part)) is not None:
                arrays |= {f"{part}.{field.name}": getattr(value, field.name) for field in fields(value)}
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Inspection:
        """What `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as file:

            def part(name: str, kind: Any) -> Any:
                if f"{name}.{fields(kind)[0].name}" not in file:
                    return None
                return kind(**{field.name: file[f"{name}.{field.name}"] for field in fields(kind)})

            return cls(
                file["updates"], file["epochs"], file["loss"],
                part("boundary", Boundary), part("surface", Surface), part("arrows", Arrows),
            )  # fmt: skip


def frame_updates(plan: Plan, updates: int) -> tuple[int, ...]:
    """After which updates of a run that makes so many of them its weights are looked at: 0 first, rising.

    All of them if that is not too many; else the ends of epochs, all or evenly chosen, and some within the first.
    """
    parameters = plan.size.parameters
    most = MAX_PATH_FRAMES if parameters == 2 else MAX_FRAMES
    most = max(MIN_FRAMES, min(most, MAX_FRAME_NUMBERS // parameters))
    if updates < most:
        return tuple(range(updates + 1))
    ends = _epoch_ends(plan, updates)
    chosen = {ends[place] for place in _evenly(len(ends), 3 * most // 4)}
    within = np.geomspace(1, ends[0], most - 1 - len(chosen)).round().astype(int).tolist()
    return tuple(sorted({0, *chosen, *within}))


def _epoch_ends(plan: Plan, updates: int) -> list[int]:
    ends, made, number = list[int](), 0, 0
    while made < updates:
        made = min(updates, made + plan.epoch(number).updates)
        ends.append(made)
        number += 1
    return ends


def _evenly(count: int, most: int) -> Sequence[int]:
    """At most so many of 0 ... count - 1, the last among them."""
    if count <= most:
        return range(count)
    chosen: list[int] = np.linspace(0, count - 1, most).round().astype(int).tolist()
    return chosen
