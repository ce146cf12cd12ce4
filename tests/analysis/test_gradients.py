"""The scatter of batch gradients: the exact law, by counting every batch there is; and the plane they are drawn in."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from batchviz.analysis.gradients import expected_noise, scatter
from batchviz.experiment.order import order

RANDOM = np.random.default_rng(5)
EACH = RANDOM.normal(size=(7, 4)) + 0.5


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
def test_the_law_is_exact_over_all_batches_without_repeats(size: int) -> None:
    full = EACH.mean(axis=0)
    variance = float(np.mean(np.sum((EACH - full) ** 2, axis=1)))
    every = [EACH[list(rows)].mean(axis=0) for rows in itertools.combinations(range(7), size)]
    noise = float(np.mean([np.sum((batch - full) ** 2) for batch in every]))
    assert expected_noise(variance, size, 7) == pytest.approx(noise, abs=1e-12)


def test_the_noise_of_the_samplers_batches_comes_near_it() -> None:
    found = scatter(EACH, [order(7, seed=1, epoch=epoch) for epoch in range(3000)], [1, 2, 3])
    assert [arrows.noise for arrows in found.arrows] == pytest.approx(
        [arrows.law for arrows in found.arrows], rel=0.05
    )
    assert found.arrows[0].noise == pytest.approx(found.variance)  # every row once


def test_arrows_point_along_the_full_gradient_in_the_mean_and_across_it_in_none() -> None:
    found = scatter(EACH, [order(7, seed=0, epoch=0)], [1])
    assert found.arrows[0].tips.mean(axis=0) == pytest.approx(
        [np.linalg.norm(EACH.mean(axis=0)), 0], abs=1e-12
    )
    assert found.length == pytest.approx(np.linalg.norm(EACH.mean(axis=0)))


def test_the_plane_holds_all_the_noise_of_two_weights_and_the_largest_part_of_more() -> None:
    visit = [order(7, seed=0, epoch=0)]
    assert scatter(EACH[:, :2], visit, [1]).in_plane == pytest.approx(1)
    wide = EACH * np.array([1, 1, 1, 20])
    assert scatter(wide, visit, [1]).in_plane > scatter(EACH, visit, [1]).in_plane
