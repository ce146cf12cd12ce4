"""What a class trained: a point a training over the batch size, and a line through the means of those trained here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from batchviz.figures.figure import PlotlyFigure
from batchviz.figures.palette import color
from batchviz.figures.sweep.over_batch_size import Line, Plane, Point, figure, mark


class Trained(NamedTuple):
    """One training that has ended, here or elsewhere."""

    batch_size: int
    loss: float


def class_points(here: Sequence[Trained], elsewhere: Sequence[Trained], loss_name: str) -> PlotlyFigure:
    """Trainings here are filled points, those from elsewhere open ones, which no mean counts in."""
    by_size: dict[int, list[float]] = {}
    for each in here:
        by_size.setdefault(each.batch_size, []).append(each.loss)
    means = [
        Point(size, sum(losses) / len(losses), min(losses), max(losses))
        for size, losses in sorted(by_size.items())
    ]
    others = [Point(each.batch_size, each.loss) for each in elsewhere]
    # What is drawn point by point below still makes room on the axes.
    room = Line(
        "", [*others, *(Point(each.batch_size, each.loss) for each in here)], marks=False, hidden=True
    )
    drawn = figure([Plane("", f"validation {loss_name}", [Line("mean", means, marks=False), room])])
    for trained, hollow in ((here, False), (elsewhere, True)):
        drawn["data"] += [
            mark(each.batch_size, each.loss, color(each.batch_size), hollow=hollow) for each in trained
        ]
    return drawn
