"""The paired verdict: against SciPy's paired test, and on really trained runs."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from batchviz.analysis.replicates import group_runs
from batchviz.analysis.significance import paired_difference
from batchviz.analysis.verdict import verdict
from batchviz.experiment import datasets
from batchviz.experiment.records import Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.text.verdict import verdict_text
from tests.analysis.recorded import made, replicates, together, training


def judged(*found, unit="epochs", metric="val_loss", budget=None):
    runs, series = together(*found)
    first, second = group_runs(runs)
    return verdict(first, second, series, unit, metric, budget)


def seeds(batch_size, ends, **fields):
    specs = [RunSpec(batch_size=batch_size, seed=seed, **fields) for seed in ends]
    return [made(spec, [1.0, ends[spec.seed]]) for spec in specs]


def test_the_interval_is_scipys_at_99_percent():
    a, b = dict(enumerate([0.1, 0.13, 0.11, 0.12])), dict(enumerate([0.2, 0.21, 0.22, 0.19]))
    found = judged(*seeds(8, a), *seeds(64, b))
    oracle = stats.ttest_rel(list(a.values()), list(b.values())).confidence_interval(0.99)
    assert (found.difference.low, found.difference.high) == pytest.approx((oracle.low, oracle.high), rel=1e-5)
    assert verdict_text(found) == (
        "B = 8 is better than B = 64: after 1 epoch its validation MSE is lower by 0.09 on average over 4 paired "
        f"seeds (99 % interval {min(abs(oracle.high), abs(oracle.low)):.3g} to {abs(oracle.low):.3g})."
    )


def test_higher_accuracy_is_better():
    pair = [
        *seeds(8, {0: 0.9, 1: 0.91, 2: 0.92}, dataset="digits"),
        *seeds(64, {0: 0.5, 1: 0.52, 2: 0.51}, dataset="digits"),
    ]
    assert verdict_text(judged(*pair, metric="val_metric")).startswith(
        "B = 8 is better than B = 64: after 1 epoch its validation accuracy is higher by"
    )


def test_a_difference_within_the_spread_is_not_distinguishable_and_more_seeds_are_offered():
    found = judged(*seeds(8, {0: 0.1, 1: 0.3, 2: 0.2}), *seeds(64, {0: 0.3, 1: 0.1, 2: 0.21}))
    assert "not distinguishable" in verdict_text(found)
    assert found.missing == ()
    assert {(spec.batch_size, spec.seed) for spec in found.more} == {(b, s) for b in (8, 64) for s in (3, 4)}


def test_while_more_seeds_train_no_further_ones_are_offered():
    runs = *seeds(8, {0: 0.1, 1: 0.3, 2: 0.2}), *seeds(64, {0: 0.3, 1: 0.1, 2: 0.21})
    waiting = made(RunSpec(batch_size=64, seed=3), [], status=Status.QUEUED)
    assert judged(*runs, waiting).more == ()


def test_a_verdict_names_what_was_imported():
    archive = [
        made(RunSpec(batch_size=64, seed=s), [1.0, 0.9], source=Source.ARCHIVE, title="B = 64")
        for s in range(3)
    ]
    found = judged(*seeds(8, {0: 0.1, 1: 0.11, 2: 0.12}), *archive)
    assert verdict_text(found).endswith("B = 64 was trained elsewhere and imported.")


def test_a_clear_difference_asks_for_nothing_more():
    found = judged(*seeds(8, {0: 0.1, 1: 0.11, 2: 0.1}), *seeds(64, {0: 0.9, 1: 0.92, 2: 0.91}))
    assert found.difference.distinguishable
    assert (found.missing, found.more) == ((), ())


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ([0], [0], {(8, 1), (8, 2), (64, 1), (64, 2)}),
        ([0, 1, 2], [0], {(64, 1), (64, 2)}),
        ([0, 1], [5, 6], {(8, 5), (64, 0), (64, 1)}),
        ([7, 8, 9], [7, 8], {(64, 9)}),
        ([0, 1], [1, 0], {(8, 2), (64, 2)}),
    ],
)
def test_fewer_than_three_shared_seeds_give_no_verdict_but_the_missing_runs(first, second, wanted):
    found = judged(*seeds(8, dict.fromkeys(first, 0.1)), *seeds(64, dict.fromkeys(second, 0.9)))
    assert found.difference is None
    assert verdict_text(found).startswith("No verdict: B = 8 and B = 64 share")
    assert {(spec.batch_size, spec.seed) for spec in found.missing} == wanted


def test_the_missing_runs_make_the_verdict_possible():
    specs = [RunSpec(dataset="teacher", batch_size=b, seed=0, rows=200, budget=5) for b in (8, 160)]
    runs, series = training(specs)
    first, second = group_runs(runs)
    missing = verdict(first, second, series, "epochs", "val_loss").missing
    runs, series = training([*specs, *missing])
    first, second = group_runs(runs)
    assert verdict(first, second, series, "epochs", "val_loss").difference.seeds == 3


def test_a_seed_that_diverged_is_not_asked_for_again_and_is_named():
    broken = made(RunSpec(batch_size=64, seed=0), [1, math.nan], status=Status.DIVERGED)
    found = judged(*seeds(8, {0: 0.1, 1: 0.1}), broken, *seeds(64, {1: 0.9}))
    assert {(spec.batch_size, spec.seed) for spec in found.missing} == {
        (b, s) for b in (8, 64) for s in (2, 3)
    }
    assert "B = 64 diverged with seed 0" in verdict_text(found)


def test_while_runs_train_nothing_more_is_asked_for():
    running = made(RunSpec(batch_size=64, seed=1), [1.0], status=Status.RUNNING)
    found = judged(*seeds(8, {0: 0.1}), *seeds(64, {0: 0.9}), running)
    assert found.missing == ()
    assert "still training" in verdict_text(found)


def test_imported_runs_cannot_be_trained_here():
    spec = RunSpec(dataset=datasets.imported_name("AbCdEf123456", 1000, 1))
    pair = [made(spec.replace(batch_size=b), source=Source.HISTORY, title=f"log {b}") for b in (8, 64)]
    found = judged(*pair)
    assert found.missing == ()
    assert "can only be imported" in verdict_text(found)


def test_what_cannot_be_compared_is_not():
    assert "different data" in verdict_text(judged(made(RunSpec(rows=500)), made(RunSpec())))
    assert "nothing in common" in verdict_text(judged(made(RunSpec(dataset="digits")), made(RunSpec())))
    runs, series = together(made())
    [group] = group_runs(runs)
    assert "same runs" in verdict_text(verdict(group, group, series, "epochs", "val_loss"))


def test_other_differences_are_named():
    found = judged(
        *seeds(8, {0: 0.1, 1: 0.11, 2: 0.12}),
        *seeds(64, {0: 0.9, 1: 0.8, 2: 0.85}, learning_rate=0.1, budget=20),
    )
    assert "They also differ in learning rate, so batch size alone does not explain it." in verdict_text(
        found
    )


def test_a_verdict_on_values_between_measurements_says_so():
    pair = *seeds(1, {0: 0.1, 1: 0.11, 2: 0.12}), *seeds("full", {0: 0.9, 1: 0.8, 2: 0.85})
    found = judged(*pair, unit="updates", budget=1)
    assert "B = 1 was not measured there: its value is read between 0 and 800 updates." in verdict_text(found)


def test_a_batch_size_compared_with_itself_is_called_indistinguishable():
    """200 trials of 1,200 really trained runs of as many seeds, every run used once: three against three.

    The least is 95 % of the trials. Chance is to speak up in 1 %, and one drawing of 200 cannot tell that from the 5 %
    of narrower intervals, so the same runs are then shared out twenty times more: 95 % intervals would call 4 %.
    """
    spec = RunSpec(rows=60, budget=2, batch_size=8, learning_rate=0.01)
    seeds = [spec.replace(seed=seed) for seed in range(3)]
    found = replicates(spec, range(1200))
    called = 0
    for trial in range(200):
        six = [
            (replace(run, spec=seeds[place % 3]), rows)
            for place, (run, rows) in enumerate(found[6 * trial : 6 * trial + 6])
        ]
        runs, series = together(*six)
        [first], [second] = group_runs(runs[:3]), group_runs(runs[3:])
        judged = verdict(first, replace(second, key="again"), series, "epochs", "val_loss")
        assert judged.difference.seeds == 3
        called += judged.difference.distinguishable
    assert called <= 10
    ends = np.array([rows["val_loss"][-1] for _, rows in found], np.float64)
    assert len(set(ends)) == 1200
    random, trials = np.random.default_rng(0), 20 * 200
    share = np.concatenate([random.permutation(ends) for _ in range(20)]).reshape(trials, 2, 3)
    called = sum(paired_difference(*map(dict, map(enumerate, pair))).distinguishable for pair in share)
    assert called <= 0.02 * trials


def test_known_differences_between_batch_sizes_are_found_on_real_runs():
    specs = [
        RunSpec(dataset="teacher", batch_size=b, seed=seed, rows=200, budget=5)
        for b in (1, 160)
        for seed in range(5)
    ]
    runs, series = training(specs)
    first, second = group_runs(runs)
    found = verdict(first, second, series, "epochs", "val_loss")
    assert verdict_text(found).startswith("B = 1 is better than B = 160")
    fewer = [replace(group, runs=group.runs[:3]) for group in (first, second)]
    assert verdict(*fewer, series, "epochs", "val_loss").difference.mean < 0
