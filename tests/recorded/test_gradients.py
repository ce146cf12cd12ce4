"""The gradients that ship: those of the lesson on noise, near the law, and drawn as they are."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from batchviz import lessons
from batchviz.analysis.gradients import expected_noise
from batchviz.experiment.plan import plan_for
from batchviz.figures.gradients import Panel, noise_law, panels
from batchviz.recorded.gradients import gradients


def test_they_are_those_of_the_lesson_which_calls_for_them() -> None:
    lesson, found = lessons.get("noise"), gradients()
    assert lesson.mechanism == "gradients"
    assert found.spec == lesson.base, "python -m scripts.record_gradients"
    assert found.batch_sizes == tuple(member.batch_size for member in lesson.members)
    assert (found.rows, found.parameters) == (
        plan_for(lesson.base).training_rows,
        plan_for(lesson.base).size.parameters,
    )
    assert re.match(r"Recorded on \d+ \w+ \d{4} with Keras", found.note)


def test_their_noise_follows_the_law() -> None:
    found = gradients()
    law = [expected_noise(found.variance, size, found.rows) for size in found.batch_sizes]
    assert found.noise == pytest.approx(law, rel=0.03)


def test_every_batch_is_drawn_in_the_frame_and_told_in_words() -> None:
    found = gradients()
    drawn = [Panel(*each) for each in zip(found.batch_sizes, found.tips, found.noise, strict=True)]
    for panel, picture in zip(drawn, panels(drawn, found.length), strict=True):
        svg = ElementTree.fromstring(picture)
        assert len(list(svg.iter("circle"))) == len(panel.tips) == found.rows // panel.batch_size
        assert f"batches of {panel.batch_size}:" in str(svg.get("aria-label"))
        for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", picture):
            assert 0 <= float(x) <= 320
            assert 0 <= float(y) <= 150
    assert "by the law" in noise_law(drawn, found.variance, found.rows)
    assert np.isfinite(found.length)
