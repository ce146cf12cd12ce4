"""The race that ships with the package: real runs, recorded by `python -m scripts.record_opening`, never edited.

An ordinary archive, read by the importer that reads everybody's. It plays on the first screen, before anything has
been trained; `experiment.presets` holds its settings, with which one press trains the same again.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from batchviz.experiment.records import Run
from batchviz.experiment.series import Series, merged
from batchviz.importers import archive

OPENING = Path(__file__).with_name("opening.batchviz.zip")


class RecordedRun(NamedTuple):
    """A run and every measurement of it, in the columns of SERIES["epochs"]."""

    run: Run
    rows: Series
    series: Mapping[str, Series]
    """All of it, by kind."""


class RecordedRace(NamedTuple):
    """Runs from one start, and what recorded them: date and versions, a sentence."""

    runs: tuple[RecordedRun, ...]
    note: str


@functools.cache
def opening() -> RecordedRace:
    """The race of the first screen."""
    with OPENING.open("rb") as file:
        imported = list(archive.read(file))
    runs = tuple(
        RecordedRun(
            Run(
                f"opening-{number}", 1, each.spec, each.status, each.reason, "", 0.0,
                progress=each.progress, final=each.final,
            ),
            merged(each.epochs, each.measured),
            {"epochs": each.epochs, "updates": each.updates, "measured": each.measured},
        )
        for number, each in enumerate(imported)
    )  # fmt: skip
    return RecordedRace(runs, imported[0].note)
