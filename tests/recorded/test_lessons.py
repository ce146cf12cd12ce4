"""The recorded races of lessons: one for each that ships, small, and what Keras trains with its settings today."""

import re

import numpy as np
import pytest

from batchviz import lessons
from batchviz.lessons import Lesson
from batchviz.recorded.lessons import FILE, lesson_race
from scripts.record_lessons import trained


@pytest.mark.parametrize("lesson", lessons.all(), ids=lambda lesson: lesson.slug)
def test_every_lesson_has_the_race_of_its_own_runs(lesson: Lesson) -> None:
    race = lesson_race(lesson.members, every_update=lesson.layout.every_update)
    assert race is not None, "python -m scripts.record_lessons records it"
    assert len(race.runs) == len(lesson.members)
    assert re.fullmatch(
        r"Recorded on \d+ \w+ \d{4} with Keras [\d.]+, TensorFlow [\d.]+ and NumPy [\d.]+\.", race.note
    )
    for run in race.runs:
        assert (np.diff(run.updates) > 0).all()
        assert np.isfinite(run.values[0])


def test_another_race_has_none() -> None:
    lesson = lessons.get("budgets")
    changed = [spec.replace(learning_rate=0.5) for spec in lesson.members]
    assert lesson_race(changed) is None


def test_the_file_stays_small() -> None:
    assert FILE.stat().st_size < 60_000


def test_trained_again_it_is_the_same() -> None:
    lesson = lessons.get("batches")
    race = lesson_race(lesson.members)
    assert race is not None
    for recorded, now in zip(race.runs, trained(lesson).runs, strict=True):
        np.testing.assert_array_equal(recorded.updates, now.updates)
        np.testing.assert_allclose(recorded.values, now.values, rtol=0, atol=1e-5)
