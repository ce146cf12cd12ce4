"""The data sets are what they say; their laws are what the best possible answer reaches, in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits

from batchviz.experiment.datasets import DATASETS, FRIEDMAN_DEVIATION, FRIEDMAN_MEAN, Unlearnable

MANY = 100_000


def load(name, rows=None, noise=0.1, seed=0):
    data = DATASETS[name]
    x, y = data.load(rows or data.rows, noise, seed)
    return x, y


def errors(y, answer):
    """(MSE, MAE) in float64."""
    difference = y.astype(np.float64) - np.asarray(answer, np.float64)
    return float(np.mean(difference**2)), float(np.mean(np.abs(difference)))


@pytest.mark.parametrize("name", DATASETS)
def test_arrays_have_the_shapes_and_types_that_are_announced(name):
    data = DATASETS[name]
    x, y = load(name, rows=50)
    assert x.shape == (50, data.inputs)
    assert x.dtype == np.float32
    if data.task == "classification":
        assert (y.shape, y.dtype) == ((50,), np.int32)
    else:
        assert (y.shape, y.dtype) == ((50, data.outputs), np.float32)
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()


@pytest.mark.parametrize("name", DATASETS)
def test_the_most_rows_are_there(name):
    x, y = load(name, rows=DATASETS[name].max_rows)
    assert len(x) == len(y) == DATASETS[name].max_rows


def test_measured_data_is_that_of_scikit_learn():
    """In the order in which seed 0 draws it, to the last bit: runs of earlier versions were trained on the same."""
    digits, order = load_digits(), np.random.default_rng(0).permutation(1797)
    x, y = load("digits")
    np.testing.assert_array_equal(x, (digits.data[order] / 16).astype(np.float32))
    np.testing.assert_array_equal(y, digits.target[order])
    diabetes, order = load_diabetes(scaled=False), np.random.default_rng(0).permutation(442)
    for ours, theirs in zip(load("diabetes"), (diabetes.data, diabetes.target[:, None]), strict=True):
        standardised = (theirs[order] - theirs.mean(axis=0)) / theirs.std(axis=0)
        np.testing.assert_array_equal(ours, standardised.astype(np.float32))


@pytest.mark.parametrize("name", DATASETS)
def test_a_seed_is_a_draw(name):
    one, again, other = load(name, seed=3), load(name, seed=3), load(name, seed=4)
    np.testing.assert_array_equal(one[0], again[0])
    np.testing.assert_array_equal(one[1], again[1])
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize("name", DATASETS)
def test_noise_moves_the_targets_only_where_its_slider_is_offered(name):
    quiet, loud = load(name, noise=0.0), load(name, noise=1.0)
    np.testing.assert_array_equal(quiet[0], loud[0])
    assert np.array_equal(quiet[1], loud[1]) != DATASETS[name].noisy


def test_the_best_answer_to_random_numbers_is_one_half():
    x, y = load("random", rows=MANY)
    law = DATASETS["random"].law
    assert law.expected(0.1) == (1 / 12, 1 / 4)
    assert errors(y, law.answer(MANY, 0)) == errors(y, 0.5) == pytest.approx((1 / 12, 1 / 4), rel=0.01)
    assert errors(y, 0.45) > errors(y, 0.5) < errors(y, 0.55)
    # Independent of the inputs: no linear answer explains more than chance would.
    correlations = np.corrcoef(np.column_stack([x, y]).T)[-1, :-1]
    assert np.abs(correlations).max() < 4.5 / math.sqrt(MANY)
    assert 0 <= x.min() < 0.001 < 0.999 < x.max() < 1


@pytest.mark.parametrize("name", ["teacher", "friedman"])
@pytest.mark.parametrize("noise", [0.1, 1.0, 3.0])
def test_the_true_function_reaches_the_noise_floor_and_no_less(name, noise):
    _, truth = load(name, rows=MANY, noise=0.0)
    _, y = load(name, rows=MANY, noise=noise)
    law = DATASETS[name].law
    assert law.unlearnable is Unlearnable.NOISY_TARGETS
    np.testing.assert_array_equal(law.answer(MANY, 0), truth)
    assert errors(y, truth) == pytest.approx(law.expected(noise), rel=0.02)


@pytest.mark.parametrize("name", ["diabetes", "digits"])
def test_nobody_knows_the_law_of_real_data(name):
    assert DATASETS[name].law is None


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_teacher_has_mean_0_and_variance_1(seed):
    _, truth = load("teacher", rows=MANY, noise=0.0, seed=seed)
    assert truth.mean() == pytest.approx(0, abs=0.05)
    assert truth.std() == pytest.approx(1, rel=0.03)


def test_friedmans_mean_and_deviation_are_those_of_quadrature():
    nodes, weights = np.polynomial.legendre.leggauss(60)
    points, weights = (nodes + 1) / 2, weights / 2
    sine = np.sin(np.pi * np.outer(points, points))
    mean_sine, mean_square = weights @ sine @ weights, weights @ sine**2 @ weights
    mean = 10 * mean_sine + 20 / 12 + 10 / 2 + 5 / 2
    variance = 100 * (mean_square - mean_sine**2) + 400 * (1 / 80 - 1 / 144) + 100 / 12 + 25 / 12
    assert pytest.approx(mean, abs=5e-5) == FRIEDMAN_MEAN
    assert pytest.approx(math.sqrt(variance), abs=5e-5) == FRIEDMAN_DEVIATION


def test_friedman_hides_five_useless_inputs():
    x, truth = load("friedman", rows=20_000, noise=0.0)
    assert truth.mean() == pytest.approx(0, abs=0.03)
    assert truth.std() == pytest.approx(1, rel=0.02)
    formula = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    np.testing.assert_allclose(truth[:, 0], (formula - FRIEDMAN_MEAN) / FRIEDMAN_DEVIATION, atol=1e-5)


def test_diabetes_is_442_patients_standardised():
    x, y = load("diabetes")
    assert len(x) == 442
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-5)
    assert errors(y, y.astype(np.float64).mean())[0] == pytest.approx(1, abs=1e-5), "a constant has MSE 1"


def test_digits_are_1797_pictures_of_ten_digits():
    x, y = load("digits")
    assert len(x) == 1797
    assert (x.min(), x.max()) == (0, 1)
    assert np.unique(y).tolist() == list(range(10))
    assert DATASETS["digits"].image == (8, 8, 1)
    assert math.prod(DATASETS["digits"].image) == DATASETS["digits"].inputs


def test_real_rows_are_shuffled_so_that_the_last_ones_are_a_fair_sample():
    _, y = load("digits")
    shares = np.bincount(y[-360:], minlength=10) / 360
    np.testing.assert_allclose(shares, 0.1, atol=0.05)


def test_three_in_ten_of_the_mislabelled_digits_are_another_digit():
    x, y = load("mislabelled", rows=500, seed=4)
    right_x, right_y = load("digits", rows=500, seed=4)
    np.testing.assert_array_equal(x, right_x)
    assert (y != right_y).sum() == 150
    assert set(np.unique(y)) == set(range(10))
