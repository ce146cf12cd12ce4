"""`python -m scripts.record_lessons`: train the race of every lesson once, and write it to batchviz/recorded.

Keras trains the first seed of each run as a worker does. Date and versions are written beside it, and shown with it. A
race that is in the file already stays as it is; `--anew` trains all of them.
"""

from __future__ import annotations

import sys

import numpy as np

from batchviz import lessons
from batchviz.experiment.moments import of_a_race
from batchviz.experiment.records import Report
from batchviz.experiment.series import SERIES, join, merged
from batchviz.experiment.spec import RunSpec
from batchviz.lessons import Lesson
from batchviz.recorded.lessons import FILE, LessonRace, RecordedLosses, key, lesson_race, write
from scripts.record_opening import origin

MOST_UPDATES = 400
"""Of a run whose every update is shown: its first ones."""


def trained(lesson: Lesson) -> LessonRace:
    """The race of a lesson, trained now, in this process. Each run is measured where the others end as well."""
    moments = of_a_race(lesson.members)
    runs = [
        _train(spec, set(measured), every_update=lesson.layout.every_update)
        for spec, measured in zip(lesson.members, moments, strict=True)
    ]
    return LessonRace(tuple(runs), origin())


def _train(spec: RunSpec, measure_at: set[int], *, every_update: bool) -> RecordedLosses:
    from batchviz.training import run_spec

    reports: list[Report] = []
    run_spec(spec, reports.append, measure_at=measure_at)
    series = {kind: join((report.series[kind] for report in reports), kind) for kind in SERIES}
    if every_update:
        losses = series["updates"]["loss"][:MOST_UPDATES]
        updates = np.arange(1, len(losses) + 1)
        examples, values = updates * min(int(spec.schedule.epoch(0).batch_size), spec.schedule.rows), losses
    else:
        rows = merged(series["epochs"], series["measured"])
        updates, examples, values = rows["updates"], rows["examples"], rows["val_loss"]
    return RecordedLosses(updates.astype(np.int32), examples.astype(np.int32), values.astype(np.float32))


def main() -> None:
    """Train, write, and say how large the file is."""
    races = {}
    for lesson in lessons.all():
        kept = (
            None
            if "--anew" in sys.argv[1:] or not FILE.exists()
            else lesson_race(lesson.members, every_update=lesson.layout.every_update)
        )
        races[key(lesson.members, every_update=lesson.layout.every_update)] = kept or trained(lesson)
        print(lesson.slug, "kept" if kept else "trained")
    write(FILE, races)
    print(f"{FILE}: {FILE.stat().st_size:,} bytes, {len(races)} races")


if __name__ == "__main__":
    main()
