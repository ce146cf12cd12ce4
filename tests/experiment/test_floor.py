"""The floor is that of the very rows of a run, and over many draws nobody who does not know their noise beats it."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from batchviz.analysis.metrics import METRICS
from batchviz.experiment.datasets import DATASETS, Unlearnable
from batchviz.experiment.floor import floor
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec

KNOWN = [("random", 0.1), ("teacher", 0.1), ("teacher", 1.0), ("friedman", 0.3), ("line", 0.3)]
SEEDS = range(60)
ROWS, SPLIT = 300, 0.2
CUT = 240


@functools.cache
def drawn(name, noise, seed, rows=ROWS):
    return tuple(values.astype(np.float64) for values in DATASETS[name].load(rows, noise, seed))


def truth(name, seed, x, rows=ROWS):
    """Conditional means, not read from the law: of the data set without its noise."""
    return np.full((rows, 1), 0.5) if name == "random" else drawn(name, 0.0, seed, rows)[1]


def scores(residuals):
    return float(np.mean(residuals**2)), float(np.mean(np.abs(residuals)))


def test_of_the_articles_rows_it_is_what_always_answering_one_half_scores():
    known = RunSpec()
    level = plan_for(known).floor
    _, y = drawn("random", 0.1, 0, rows=1000)
    assert level.validation.rows == 200
    assert (level.validation.loss, level.validation.metric) == pytest.approx(scores(y[800:] - 0.5), rel=1e-12)
    assert level.training.loss == pytest.approx(np.var(y[:800]), rel=1e-12)
    assert (round(level.validation.loss, 5), round(level.training.loss, 5)) == (0.08138, 0.08125)
    assert level.expected == (1 / 12, 1 / 4)
    other = plan_for(known.replace(data_seed=1)).floor
    assert other.validation.loss != level.validation.loss, "it follows the rows"


@pytest.mark.parametrize(("name", "noise"), KNOWN)
@pytest.mark.parametrize("split", [0.1, 0.5, 0.9])
def test_it_is_what_the_truth_scores_on_the_validation_rows(name, noise, split):
    for seed in range(5):
        level = floor(name, ROWS, noise, seed, split)
        x, y = drawn(name, noise, seed)
        residuals = (y - truth(name, seed, x))[math.floor(ROWS * (1 - split)) :]
        assert (level.validation.loss, level.validation.metric) == pytest.approx(scores(residuals), rel=1e-12)
        assert level.validation.rows == len(residuals)


@pytest.mark.parametrize(("name", "noise"), KNOWN)
def test_over_many_draws_it_is_what_is_expected(name, noise):
    levels = [floor(name, ROWS, noise, seed, SPLIT) for seed in SEEDS]
    for kind, expected in enumerate(levels[0].expected):
        values = np.array([(level.validation.loss, level.validation.metric)[kind] for level in levels])
        assert abs(values.mean() - expected) < 4 * values.std(ddof=1) / math.sqrt(len(values))


def ridge(x, y):
    """A model that learns: least squares on the training rows, with squares and products of the inputs."""

    def features(x):
        pairs = [x[:, i] * x[:, j] for i in range(x.shape[1]) for j in range(i, x.shape[1])]
        return np.column_stack([np.ones(len(x)), x, *pairs])

    train = features(x[:CUT])
    weights = np.linalg.solve(train.T @ train + 0.1 * np.eye(train.shape[1]), train.T @ y[:CUT])
    return features(x) @ weights


ANSWERS = {
    "the mean of the training rows": lambda x, y, law: np.full_like(y, y[:CUT].mean()),
    "their median": lambda x, y, law: np.full_like(y, np.median(y[:CUT])),
    "a little more": lambda x, y, law: law + 0.02,
    "a little less": lambda x, y, law: law - 0.02,
    "the law, shrunk": lambda x, y, law: 0.97 * law + 0.03 * y[:CUT].mean(),
    "the law and a slope": lambda x, y, law: law + 0.02 * (x[:, :1] - x[:CUT, :1].mean()),
    "the law, shaken": lambda x, y, law: law + 0.03 * np.sin(7 * x[:, -1:] + 3 * x[:, :1]),
    "least squares": lambda x, y, law: ridge(x, y),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(("name", "noise"), KNOWN)
def test_no_model_that_knows_nothing_of_the_noise_beats_it_beyond_chance(name, noise, answer):
    gains = []
    for seed in SEEDS:
        x, y = drawn(name, noise, seed)
        level = floor(name, ROWS, noise, seed, SPLIT)
        said = ANSWERS[answer](x, y, truth(name, seed, x))
        loss, metric = scores((y - said)[CUT:])
        gains.append((level.validation.loss - loss, level.validation.metric - metric))
    mean, error = np.mean(gains, axis=0), np.std(gains, axis=0, ddof=1) / math.sqrt(len(gains))
    assert (mean < 3 * error).all(), "it would be lower than the law more often than luck allows"


def test_a_model_that_knows_something_of_the_noise_beats_it():
    gains = []
    for seed in SEEDS:
        _, y = drawn("teacher", 0.3, seed)
        law = truth("teacher", seed, None)
        level = floor("teacher", ROWS, 0.3, seed, SPLIT)
        gains.append(level.validation.loss - scores((y - (law + 0.1 * np.sign(y - law)))[CUT:])[0])
    assert np.mean(gains) > 3 * np.std(gains, ddof=1) / math.sqrt(len(gains))


def test_of_random_targets_no_constant_goes_below_the_training_level_and_what_memorises_does():
    for seed in SEEDS:
        x, y = drawn("random", 0.1, seed)
        level = floor("random", ROWS, 0.1, seed, SPLIT).training
        for constant in np.linspace(0.4, 0.6, 41):
            loss, metric = scores(y[:CUT] - constant)
            assert loss >= level.loss - 1e-12
            assert metric >= level.metric - 1e-12
        assert scores((y - ridge(x, y))[:CUT])[0] < level.loss


def test_of_noisy_targets_the_training_level_is_that_of_the_law():
    _, y = drawn("friedman", 0.3, 4)
    level = floor("friedman", ROWS, 0.3, 4, SPLIT).training
    residuals = (y - truth("friedman", 4, None))[:CUT]
    assert (level.loss, level.metric, level.rows) == pytest.approx((*scores(residuals), CUT))


@pytest.mark.parametrize(
    ("name", "noise"), [("teacher", 0.0), ("friedman", 0.0), ("diabetes", 0.1), ("digits", 0.1)]
)
def test_without_noise_and_of_real_data_there_is_none(name, noise):
    assert floor(name, 200, noise, 0, SPLIT) is None


@pytest.mark.parametrize("name", ["own.abcdefgh.100x3.1", "elsewhere.abcdefgh.100.1"])
def test_nobody_knows_it_of_data_that_came_from_elsewhere(name):
    assert plan_for(RunSpec(dataset=name)).floor is None


def test_every_measure_has_the_level_of_the_rows_it_is_measured_on():
    plan = plan_for(RunSpec())
    level = plan.floor
    assert level.unlearnable is Unlearnable.RANDOM_TARGETS
    assert {key: metric.floor(plan) for key, metric in METRICS.items()} == {
        "val_loss": level.validation.loss,
        "val_metric": level.validation.metric,
        "train_loss": level.training.loss,
        "train_metric": level.training.metric,
        "loss": None,
        "metric": None,
    }
    without = plan_for(RunSpec(validation_split=0))
    assert METRICS["val_loss"].floor(without) is None
    assert METRICS["train_loss"].floor(without) == without.floor.training.loss


def test_a_training_loss_of_a_sample_of_the_rows_has_no_level():
    large = plan_for(RunSpec(rows=100_000, hidden=(1024, 1024)))
    assert METRICS["train_loss"].floor(large) is None
    assert METRICS["val_loss"].floor(large) is not None
