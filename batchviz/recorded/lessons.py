"""The races of lessons as they ship with the package: one seed each, recorded by `python -m scripts.record_lessons`.

They play in a lesson until its own race has begun. Nothing is ever told from them: what comes of a lesson is measured.
They are kept by the settings of their runs, so that a lesson whose race was changed has none until it is recorded anew.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.spec import RunSpec

FILE = Path(__file__).with_name("lessons.npz")


class RecordedLosses(NamedTuple):
    """One run: its losses at rising updates, and the examples seen until then; arrays of one length."""

    updates: NDArray[np.int32]
    examples: NDArray[np.int32]
    values: NDArray[np.float32]


class LessonRace(NamedTuple):
    """A race, a run a member, and what recorded it: date and versions, a sentence."""

    runs: tuple[RecordedLosses, ...]
    note: str


def key(members: Sequence[RunSpec], *, every_update: bool) -> str:
    """What a race is kept under: its runs, and whether their losses are those of updates or those on held-out rows."""
    race = f"{every_update} {' '.join(spec.hash for spec in members)}"
    return hashlib.sha256(race.encode()).hexdigest()[:16]


@functools.cache
def _races() -> Mapping[str, LessonRace]:
    races = {}
    with np.load(FILE, allow_pickle=False) as file:
        for name in file["races"].tolist():
            runs = [
                RecordedLosses(*(file[f"{name}_{number}_{column}"] for column in RecordedLosses._fields))
                for number in range(int(file[f"{name}_runs"]))
            ]
            races[name] = LessonRace(tuple(runs), str(file[f"{name}_note"]))
    return races


def lesson_race(members: Sequence[RunSpec], *, every_update: bool = False) -> LessonRace | None:
    """The recorded race of these runs, in their order; None where there is none."""
    return _races().get(key(members, every_update=every_update))


def write(path: Path, races: Mapping[str, LessonRace]) -> None:
    """The file of these races."""
    arrays: dict[str, NDArray[Any]] = {"races": np.array(list(races))}
    for name, race in races.items():
        arrays[f"{name}_note"], arrays[f"{name}_runs"] = np.array(race.note), np.array(len(race.runs))
        for number, run in enumerate(race.runs):
            arrays |= {f"{name}_{number}_{column}": values for column, values in run._asdict().items()}
    np.savez_compressed(path, allow_pickle=False, **arrays)
