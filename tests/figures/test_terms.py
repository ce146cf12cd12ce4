"""The pictures of terms: well-formed, in the colours of the page, told in words, and drawn from true numbers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.figures.terms import PICTURES, points, term_picture
from batchviz.figures.terms.svg import HEIGHT, WIDTH


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_whole_told_in_words_and_stays_in_its_frame(name: str) -> None:
    svg = ElementTree.fromstring(term_picture(name))
    assert svg.get("role") == "img"
    assert len(str(svg.get("aria-label"))) > 40
    assert not re.search(r"#[0-9a-f]{6}", re.sub(r"light-dark\([^)]*\)", "", term_picture(name)))
    for mark in svg.iter():
        for axis, end in (("x", WIDTH), ("cx", WIDTH), ("y", HEIGHT), ("cy", HEIGHT)):
            assert 0 <= float(mark.get(axis, 0)) <= end
        for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", mark.get("points", "")):
            assert -1 <= float(x) <= WIDTH + 1
            assert -1 <= float(y) <= HEIGHT + 1


def test_the_rows_are_dealt_in_the_samplers_order() -> None:
    told = ", ".join(str(row + 1) for row in order(14, seed=0, epoch=0))
    assert told in term_picture("batch")
    assert told in term_picture("epoch")
    assert ", ".join(str(row + 1) for row in order(14, seed=0, epoch=1)) in term_picture("epoch")


def test_updates_and_memory_are_those_of_the_plan() -> None:
    assert (
        "100 at batch size 8, 25 at batch size 32, 7 at batch size 128, 1 at batch size 800"
        in term_picture("updates")
    )
    memory = plan_for(RunSpec(batch_size=32)).memory
    assert f"{memory.activations_high:,} at batch size 32" in term_picture("memory")


def test_the_gradient_is_that_of_finite_differences() -> None:
    data, weights = points.rows(), np.array([0.4, -0.2])
    by_differences = [
        (points.loss(data, weights + step) - points.loss(data, weights - step)) / 2e-6
        for step in np.eye(2) * 1e-6
    ]
    assert points.gradient(data, weights) == pytest.approx(by_differences, rel=1e-6)


def test_the_noise_that_is_drawn_follows_the_law_it_is_drawn_with() -> None:
    """E|g_B - G|^2 = tr S / B * (N - B) / (N - 1): 400 shuffles come within a fifth of it."""
    data = points.rows()
    full = points.gradient(data, np.zeros(2))
    each = np.array([points.gradient(data, np.zeros(2), np.array([row])) for row in range(24)])
    variance = np.mean(np.sum((each - full) ** 2, axis=1))
    told = dict(re.findall(r"([\d.]+) at batch size (\d+)", term_picture("noise_law")))
    assert len(told) == 5
    for value, size in told.items():
        law = variance / int(size) * (24 - int(size)) / 23
        assert float(value) == pytest.approx(law, rel=0.2)
