"""The rule behind every verdict, on real runs: how often it claims what is not, and how often it finds what is.

`replicates.json` holds where 200 seeds of five batch sizes ended on each of three data sets; `scripts/replicates.py`
makes it. Equal pairs are made of differences that were: centred, they keep their skew and their unequal spread, which
a batch size compared with itself has not. Trials draw from the 200 seeds with replacement, one after another, and the
rule looks at every number of them from 3 on.
"""

import functools
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from batchviz.analysis.evidence import LIKELY
from batchviz.analysis.limits import MIN_SEEDS, RACE_SEEDS
from batchviz.analysis.significance import critical_t, dissenters
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.spec import RunSpec
from scripts.replicates import DATASETS, SEEDS, SIZES, ended

RECORDED = json.loads((Path(__file__).parent / "replicates.json").read_text())
OFFERED = (3, 5, 10, 20)
TRIALS = 2000
ROOM = MAX_RUNS_SHOWN // 2
"""Seeds of two groups that a page can show."""
LOSSES = ("random", "teacher")
PAIRS_OF_SIZES = tuple(itertools.combinations(range(len(SIZES)), 2))
"""Ten: the levels are the same for fifteen."""


def scaled(dataset):
    """(sizes, seeds), on the scale that the rule compares."""
    values = np.array([RECORDED[dataset][str(size)] for size in SIZES])
    return np.log(values) if dataset in LOSSES else values


def centred(dataset):
    values = scaled(dataset)
    return values - values.mean(axis=1, keepdims=True)


def drawn(values, most, seed=0):
    """(..., trials, most): the same seeds of every batch size."""
    return values[..., np.random.default_rng(seed).integers(0, values.shape[-1], (TRIALS, most))]


def looks(differences, times=1):
    """(trials, numbers of seeds from MIN_SEEDS): whether a look at so many finds a difference, by NumPy alone."""
    found = []
    for seeds in range(MIN_SEEDS, differences.shape[-1] + 1):
        x = differences[..., :seeds]
        error = x.std(axis=-1, ddof=1) / np.sqrt(seeds)
        by_size = np.abs(x.mean(axis=-1)) > critical_t(seeds, 1, times) * error
        against = np.where(x.mean(axis=-1) < 0, (x >= 0).sum(axis=-1), (x <= 0).sum(axis=-1))
        found.append(by_size | (against <= dissenters(seeds, 1, times)))
    return np.stack(found, axis=-1)


@functools.cache
def false_claims(dataset, most=20, times=1):
    """(pairs, trials, looks)."""
    values = drawn(centred(dataset), most)
    return np.stack([looks(values[a] - values[b], times) for a, b in PAIRS_OF_SIZES])


def power(dataset, first, second, seeds):
    a, b = (drawn(scaled(dataset)[SIZES.index(size)], seeds) for size in (first, second))
    return looks(a - b)[..., -1].mean()


@pytest.mark.parametrize("dataset", DATASETS)
def test_at_each_offered_number_of_seeds_at_most_three_in_two_hundred_equal_pairs_are_called_clear(dataset):
    for seeds in OFFERED:
        shares = false_claims(dataset)[..., seeds - MIN_SEEDS].mean(axis=1)
        assert shares.max() <= 0.015, f"the worst pair of ten at {seeds} seeds"
        assert shares.mean() <= 0.01


@pytest.mark.parametrize("dataset", DATASETS)
def test_who_adds_seeds_one_by_one_and_always_looks_is_misled_as_rarely(dataset):
    assert false_claims(dataset).any(axis=-1).mean() <= 0.015, "at 3, 4, 5 ... 20 seeds"
    assert false_claims(dataset, ROOM).any(axis=-1).mean() <= 0.02, "as many as two groups have room for"
    at_offered = false_claims(dataset)[..., [seeds - MIN_SEEDS for seeds in OFFERED]]
    assert at_offered.any(axis=-1).mean() <= 0.01


@pytest.mark.parametrize("dataset", DATASETS)
def test_likely_is_said_of_fewer_than_one_in_ten_equal_pairs(dataset):
    assert false_claims(dataset, ROOM, LIKELY).any(axis=-1).mean() <= 0.1


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("groups", [2, 3, 4, 5])
def test_of_comparisons_of_equal_groups_six_in_a_hundred_ever_hold_a_clear_pair(dataset, groups):
    room = MAX_RUNS_SHOWN // groups
    ever = dict(
        zip(
            PAIRS_OF_SIZES, false_claims(dataset, ROOM)[..., : room - MIN_SEEDS + 1].any(axis=-1), strict=True
        )
    )
    shares = [
        np.any([ever[pair] for pair in itertools.combinations(of, 2)], axis=0).mean()
        for of in itertools.combinations(range(len(SIZES)), groups)
    ]
    assert np.mean(shares) <= 0.06


@pytest.mark.parametrize("dataset", LOSSES)
def test_ten_seeds_find_nine_in_ten_clear_differences(dataset):
    assert power(dataset, 1, "full", RACE_SEEDS) >= 0.9
    assert power(dataset, 1, "full", 20) >= 0.99


def test_the_plain_interval_would_not_do():
    """What the levels buy: at 1 % a look, the same pairs are called clear several times as often."""
    differences = drawn(centred("random"), 20)
    x = np.stack([a - b for a, b in itertools.combinations(differences, 2)])
    n = np.arange(1, 21)
    mean = x.cumsum(axis=-1) / n
    spread = np.sqrt(np.maximum((x**2).cumsum(axis=-1) / n - mean**2, 0) * n / np.maximum(n - 1, 1))
    called = np.abs(mean[..., 2:]) > stats.t.ppf(0.995, n[2:] - 1) * spread[..., 2:] / np.sqrt(n[2:])
    assert called.any(axis=-1).mean() > 0.06


@pytest.mark.parametrize(
    ("dataset", "size", "seed"), [("random", 1, 7), ("random", "full", 1), ("teacher", 32, 3)]
)
def test_the_recorded_runs_are_what_training_gives(dataset, size, seed):
    spec = RunSpec(dataset=dataset, batch_size=size, seed=seed)
    assert ended(spec, DATASETS[dataset]) == pytest.approx(RECORDED[dataset][str(size)][seed], rel=1e-3)


def test_the_recorded_runs_are_all_there():
    assert {(name, len(of), len(values)) for name, of in RECORDED.items() for values in of.values()} == {
        (name, len(SIZES), SEEDS) for name in DATASETS
    }
