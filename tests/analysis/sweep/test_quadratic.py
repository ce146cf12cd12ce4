"""Target finder, choice of the rate and law on two problems whose answers are known in closed form.

The noisy quadratic model (tests/analysis/sweep/quadratic.py), and isotropic least squares without label noise: there
a step of rate a over B examples leaves 1 - 2 a + a^2 (1 + (d + 1) / B) of the squared error in the mean, so the best
rate is B / (B + d + 1) and the updates from c0 to c are ln(c0 / c) / ln(1 + B / (d + 1)).
"""

import math

import numpy as np
import pytest

from batchviz.analysis.sweep.cells import Cell
from batchviz.analysis.sweep.crossing import crossing
from batchviz.analysis.sweep.laws import Distrust, fit_laws
from batchviz.analysis.sweep.rates import Bracket, best_rate
from batchviz.experiment.records import Status
from tests.analysis.sweep import quadratic
from tests.analysis.sweep.made import made_run, moments

INPUTS = 15


def cell(size, rate, at, loss):
    return Cell(size, rate, rate, 1, (made_run(size, rate, 0, loss, at),))


def best_by_closed_form(size):
    """Among all 100 rates; bounded by those whose noise alone keeps the loss above the target."""
    steps = [quadratic.steps_to_target(size, rate) for rate in quadratic.RATES]
    return int(np.argmin(steps)), min(steps)


@pytest.fixture(scope="module")
def chosen():
    """By batch size: the rate that the sweep chooses, and the updates that it finds there."""
    found = {}
    for size, steps in quadratic.STEPS.items():
        at = moments(2 * steps, 1.15)
        at = np.concatenate([at[at < steps / 4][::5], at[at >= steps / 4]])
        rates = [r for r in quadratic.RATES if r < 2 and quadratic.noise_alone(size, r) < quadratic.TARGET]
        row = [cell(size, rate, at, quadratic.loss(size, rate, at)) for rate in rates[-14:]]
        above = next(rate for rate in quadratic.RATES if rate > rates[-1])
        row.append(Cell(size, above, above, 1, (made_run(size, above, 0, [5, 9], status=Status.DIVERGED),)))
        best = best_rate(size, row, quadratic.TARGET)
        [run] = next(each for each in row if each.learning_rate == best.learning_rate).runs
        found[size] = best, crossing(run.curve, quadratic.TARGET).at
    return found


@pytest.mark.parametrize("size", [4, 1024, 65_536])
def test_the_closed_form_has_the_stated_steps(size):
    assert best_by_closed_form(size)[1] == quadratic.STEPS[size]


def test_the_sweep_finds_the_steps_of_the_noisy_quadratic_model_within_two_per_cent(chosen):
    assert {size: updates for size, (_, updates) in chosen.items()} == pytest.approx(
        quadratic.STEPS, rel=0.02
    )


def test_it_chooses_rates_whose_true_steps_are_the_best_within_two_per_cent(chosen):
    true = {size: quadratic.steps_to_target(size, best.learning_rate) for size, (best, _) in chosen.items()}
    assert true == pytest.approx(quadratic.STEPS, rel=0.02)
    assert {best.bracket for best, _ in chosen.values()} == {Bracket.BRACKETED}


def test_a_law_is_fitted_to_what_it_found_as_to_the_true_steps(chosen):
    laws = fit_laws(quadratic.TARGET, {size: updates for size, (_, updates) in chosen.items()})
    truth = fit_laws(quadratic.TARGET, quadratic.STEPS)
    assert laws.critical_batch_size is None
    assert Distrust.RESIDUALS in laws.hyperbola.distrust
    assert (laws.corner.floor, laws.corner.critical, laws.corner.power) == pytest.approx(
        (truth.corner.floor, truth.corner.critical, truth.corner.power), rel=0.05
    )


@pytest.mark.parametrize("size", [1, 4, 16, 64, 256])
def test_isotropic_least_squares_is_found_within_a_step_and_its_best_rate_exactly(size):
    best = size / (size + INPUTS + 1)
    rates = sorted({best, *(best * factor for factor in (0.25, 0.5, 0.8, 0.95, 1.05, 1.25, 1.6))})
    steps = math.log(1 / 0.01) / math.log(1 + size / (INPUTS + 1))
    updates = np.arange(int(2 * steps) + 3)
    row = [
        cell(size, rate, updates, np.abs(1 - 2 * rate + rate**2 * (1 + (INPUTS + 1) / size)) ** updates)
        for rate in rates
        if rate < 2 * best
    ]
    found = best_rate(size, row, 0.01)
    assert found.learning_rate == best
    [run] = next(each for each in row if each.learning_rate == best).runs
    assert 0 <= crossing(run.curve, 0.01).at - steps < 1


@pytest.mark.parametrize("size", [2, 16])
def test_the_closed_form_of_least_squares_is_what_gradients_of_normal_inputs_do(size):
    random, error = np.random.default_rng(0), np.full((20_000, INPUTS), 1 / math.sqrt(INPUTS))
    rate, left = size / (size + INPUTS + 1), []
    for _ in range(3):
        x = random.normal(size=(len(error), size, INPUTS))
        error = error - rate * np.einsum("nbi,nb->ni", x, np.einsum("nbi,ni->nb", x, error)) / size
        left.append((error**2).sum(axis=1).mean())
    factor = (INPUTS + 1) / (size + INPUTS + 1)
    assert left == pytest.approx([factor, factor**2, factor**3], rel=0.04)
