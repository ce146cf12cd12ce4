"""What a class has trained so far, as one chart and one verdict: found once for all screens that ask."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from batchviz.analysis.comparison import compare
from batchviz.experiment.class_grid import ClassGrid
from batchviz.experiment.classroom import Classroom, Point
from batchviz.experiment.plan import plan_for
from batchviz.figures.class_points import Trained, class_points
from batchviz.figures.figure import PlotlyFigure
from batchviz.text import classroom as words
from batchviz.text.comparison import headline
from batchviz.ui import resources
from batchviz.web import series_cache

MAX_KEPT = 16


@dataclass(frozen=True)
class Collected:
    """The chart of a class."""

    figure: PlotlyFigure
    headline: str
    alt: str
    here: int
    """Points that have ended."""
    elsewhere: int
    """Trainings that other programs sent with their batch size."""


_kept: LRUCache[tuple[object, ...], Collected] = LRUCache(MAX_KEPT)
_lock = threading.Lock()


def collect(classroom: Classroom, grid: ClassGrid, points: Sequence[Point]) -> Collected:
    """The chart and the verdict. Raises StoreError."""
    store = resources.store()
    sent = [each for each in store.class_points.elsewhere(classroom.code) if each.batch_size]
    key = (
        classroom.code,
        classroom.created,
        tuple(points),
        classroom.trained,
        tuple(each.changed for each in sent),
    )
    with _lock:  # whoever comes meanwhile finds it
        if key not in _kept:
            runs = store.runs.by_id([point.run for point in points])
            over = [run for run in runs.values() if run.status.final]
            comparison = compare(over, series_cache.epochs(store, over))
            name = plan_for(grid.base).loss_name
            here = [
                Trained(run.plan.first.batch_size, run.final["val_loss"])
                for run in over
                if "val_loss" in run.final
            ]
            there = [
                Trained(each.batch_size or 0, each.epochs[-1].get("val_loss", each.epochs[-1]["loss"]))
                for each in sent
            ]
            sentence = headline(comparison) if over else words.NO_POINTS
            alt = words.grid_alt(sentence, len(here), len(there))
            _kept[key] = Collected(class_points(here, there, name), sentence, alt, len(here), len(there))
        return _kept[key]
