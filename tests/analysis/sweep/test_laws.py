"""Laws of the updates to a target against constants that are known, and against problems that have no such law."""

import math

import numpy as np
import pytest

from batchviz.analysis.sweep.laws import Distrust, fit_laws
from tests.analysis.sweep import quadratic

SIZES = tuple(2**k for k in range(12))


def hyperbola(floor, critical, sizes=SIZES, noise=0.0, seed=0):
    random = np.random.default_rng(seed)
    return {size: floor * (1 + critical / size) * math.exp(noise * random.normal()) for size in sizes}


@pytest.mark.parametrize("critical", [8, 40, 150])
def test_constants_of_a_noisy_law_are_recovered_within_fifteen_per_cent(critical):
    """Noise of 5 % a batch size, that of the mean of three seeds that differ by 9 %."""
    off = []
    for seed in range(20):
        law = fit_laws(0.1, hyperbola(120, critical, noise=0.05, seed=seed)).hyperbola
        off.append((abs(law.floor / 120 - 1), abs(law.critical / critical - 1)))
    assert np.quantile(off, 0.9, axis=0).max() <= 0.15


def test_the_band_holds_the_true_constant_about_as_often_as_it_says():
    held = 0
    for seed in range(100):
        low, high = fit_laws(0.1, hyperbola(120, 40, noise=0.05, seed=seed)).hyperbola.band
        held += low <= 40 <= high
    assert 88 <= held <= 100


@pytest.mark.parametrize("power", [0.8, 1.5, 3.0])
def test_a_corner_is_found_as_sharp_as_it_is(power):
    updates = {size: 100 * (1 + (30 / size) ** power) ** (1 / power) for size in SIZES}
    corner = fit_laws(0.1, updates).corner
    assert corner.power == pytest.approx(power, rel=0.01)
    assert (corner.floor, corner.critical) == (pytest.approx(100, rel=0.01), pytest.approx(30, rel=0.01))
    assert corner.trusted


def test_the_noisy_quadratic_model_has_a_sharper_corner_than_the_law_so_no_critical_batch_size_is_told():
    laws = fit_laws(quadratic.TARGET, quadratic.STEPS)
    assert laws.critical_batch_size is None
    assert laws.hyperbola.distrust == (Distrust.RESIDUALS,)
    assert 0.1 < laws.hyperbola.largest_residual < 0.2
    assert laws.corner.trusted
    assert laws.corner.power == pytest.approx(1.47, abs=0.03)
    assert laws.corner.largest_residual < 0.05


@pytest.mark.parametrize("inputs", [1, 10, 100])
@pytest.mark.parametrize("largest", [1, 3, 10, 30, 100, 300, 1000, 10_000])
def test_isotropic_least_squares_has_no_floor_so_no_critical_batch_size_is_told(inputs, largest):
    """S(B) = ln(c0 / c) / ln(1 + B / (d + 1)) on every ladder, however far it goes."""
    sizes = [int(1000 * (inputs + 1) * ratio) for ratio in np.geomspace(0.03, largest, 10)]
    updates = {size: math.log(1000) / math.log1p(size / 1000 / (inputs + 1)) for size in sizes}
    laws = fit_laws(0.1, updates)
    assert laws.critical_batch_size is None
    assert not laws.corner.trusted


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        (SIZES[:4], Distrust.TOO_FEW_SIZES),
        (SIZES[:6], Distrust.NO_FLOOR),  # up to 32, where B_crit is 40
        (SIZES[7:], Distrust.NO_RISE),  # from 128
    ],
)
def test_a_law_of_which_one_end_was_not_measured_is_not_believed(sizes, reason):
    laws = fit_laws(0.1, hyperbola(120, 40, sizes))
    assert laws.critical_batch_size is None
    assert reason in laws.hyperbola.distrust


def test_what_speaks_against_a_law_beforehand_is_kept():
    laws = fit_laws(0.1, hyperbola(120, 40), (Distrust.RATES_NOT_TUNED,))
    assert laws.hyperbola.distrust == (Distrust.RATES_NOT_TUNED,)
    assert laws.critical_batch_size is None
    assert fit_laws(0.1, hyperbola(120, 40)).critical_batch_size == pytest.approx(40, rel=1e-3)


@pytest.mark.parametrize("updates", [{}, {1: 5.0}, {1: 5.0, 2: 3.0}])
def test_one_or_two_batch_sizes_have_no_law(updates):
    laws = fit_laws(0.1, updates)
    assert (laws.hyperbola, laws.corner, laws.critical_batch_size) == (None, None, None)
