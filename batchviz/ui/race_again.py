"""Races that make equal what was not: which a page offers, and what a press does. Locks of a lesson hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batchviz.analysis.race_again import CHANGED_FIELDS, Change, RaceAgain, races_again
from batchviz.analysis.replicates import group_runs
from batchviz.experiment.records import Run
from batchviz.ui import locks


def offered(runs: Sequence[Run], *, lesson: bool = False) -> Iterator[RaceAgain]:
    """The races for these runs; `lesson`: only those that the opened link leaves free."""
    for race in races_again(group_runs(runs), runs_on_page=len(runs)):
        if not (lesson and _locked(race.change)):
            yield race


def _locked(change: Change) -> bool:
    fields = ("seeds",) if change is Change.SEEDS else CHANGED_FIELDS[change]
    return locks.locked("batch_size") or any(map(locks.locked, fields))
