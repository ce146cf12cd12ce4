"""The verdict on two groups, and the further seeds it asks for, on made-up and on really trained runs."""

import math
from dataclasses import replace

import numpy as np
import pytest

from batchviz.analysis.comparison import compare
from batchviz.analysis.evidence import Grade
from batchviz.analysis.limits import RACE_SEEDS
from batchviz.analysis.replicates import group_runs
from batchviz.analysis.verdict import NoVerdict, verdict
from batchviz.experiment import datasets
from batchviz.experiment.limits import MAX_RUNS_SHOWN
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


def ends(batch_size, values, **fields):
    return seeds(batch_size, dict(enumerate(values)), **fields)


def asked(found):
    return {(spec.batch_size, spec.seed) for spec in found.top_up.specs}


def both(*numbers):
    return {(size, seed) for size in (8, 64) for seed in numbers}


def test_ten_seeds_that_agree_are_a_clear_difference_told_as_a_ratio():
    found = judged(*ends(8, np.linspace(0.1, 0.2, 10)), *ends(64, np.linspace(0.4, 0.6, 10)))
    assert found.better is found.first
    assert verdict_text(found) == (
        "After 1 epoch, the validation MSE of B = 8 is 3.38 times lower than that of B = 64 (10 of 10 seeds): a clear "
        "difference (99 % interval: 3 to 4 times lower)."
    )
    assert found.top_up is None


def test_higher_accuracy_is_better_and_told_in_points():
    pair = [
        *ends(8, np.linspace(0.9, 0.92, 10), dataset="digits"),
        *ends(64, np.linspace(0.5, 0.53, 10), dataset="digits"),
    ]
    found = judged(*pair, metric="val_metric")
    assert found.better is found.first
    assert verdict_text(found).startswith(
        "After 1 epoch, the validation accuracy of B = 8 is 39.5 points higher than that of B = 64 (10 of 10 seeds)"
    )


def test_a_large_difference_with_three_seeds_is_told_and_not_settled():
    found = judged(*ends(8, [0.1, 0.125, 0.15]), *ends(64, [0.9, 1.156, 1.5]))
    assert found.better is None
    assert found.ahead is found.first
    assert verdict_text(found) == (
        "After 1 epoch, the validation MSE of B = 8 is 9.41 times lower than that of B = 64 (3 of 3 seeds): likely a "
        "difference, not yet a clear one. 3 seeds find only differences that are 100 times the spread between seeds; "
        "7 more seeds of each would find any difference that goes the same way with all 10."
    )


def test_ten_seeds_that_go_both_ways_say_what_they_rule_out_and_what_twenty_would_find():
    random = np.random.default_rng(0)
    found = judged(*ends(8, np.exp(random.normal(0, 0.1, 10))), *ends(64, np.exp(random.normal(0, 0.1, 10))))
    assert found.evidence.grade is Grade.TIED
    assert "not distinguishable with 10 seeds; ruled out (99 %) is more than" in verdict_text(found)
    assert asked(found) == both(*range(10, 20))
    assert found.top_up.finds < 1.4


def test_the_same_seed_for_seed_is_called_the_same():
    found = judged(*ends(8, [0.1, 0.2, 0.3]), *ends(64, [0.1, 0.2, 0.3]))
    assert "B = 8 and B = 64 have the same validation MSE with all 3 seeds." in verdict_text(found)


def test_further_seeds_are_expected_to_take_what_the_groups_runs_took():
    quick, slow = (
        [
            (replace(run, started=100.0, finished=100.0 + took), rows)
            for run, rows in ends(size, [0.1, 0.2, 0.3])
        ]
        for size, took in ((8, 0.5), (64, 2.0))
    )
    found = judged(*quick, *slow).top_up
    assert (found.seeds, found.more, len(found.specs)) == (RACE_SEEDS, 7, 14)
    assert found.seconds == pytest.approx(7 * 0.5 + 7 * 2.0)


def test_a_page_without_room_for_ten_gets_as_many_seeds_as_fit():
    pair = *ends(8, [0.1, 0.3, 0.2]), *ends(64, [0.3, 0.1, 0.21])
    runs, series = together(*pair)
    first, second = group_runs(runs)
    fits = verdict(first, second, series, None, "val_loss", runs_on_page=MAX_RUNS_SHOWN - 6).top_up
    assert fits.seeds == 6
    assert verdict(first, second, series, None, "val_loss", runs_on_page=MAX_RUNS_SHOWN - 1).top_up is None


def test_while_more_seeds_train_no_further_ones_are_offered():
    runs = *ends(8, [0.1, 0.3, 0.2]), *ends(64, [0.3, 0.1, 0.21])
    waiting = made(RunSpec(batch_size=64, seed=3), [], status=Status.QUEUED)
    found = judged(*runs, waiting)
    assert found.top_up is None
    assert "still training" in verdict_text(found)


def test_a_comparison_asks_for_further_seeds_of_those_that_are_not_settled():
    steady = np.linspace(0.1, 0.2, 10)
    wavering = steady * np.where(np.arange(10) % 2, 0.9, 1.12)
    runs, series = together(*ends(8, steady), *ends(64, wavering), *ends(128, 10 * steady))
    found = compare(runs, series).top_up
    assert {spec.batch_size for spec in found.specs} == {8, 64}
    assert found.seeds == 20
    runs, series = together(*ends(8, steady), *ends(128, 10 * steady))
    assert compare(runs, series).top_up is None


def test_a_verdict_names_what_was_imported():
    archive = [
        made(RunSpec(batch_size=64, seed=s), [1.0, 0.9], source=Source.ARCHIVE, title="B = 64")
        for s in range(3)
    ]
    found = judged(*seeds(8, {0: 0.1, 1: 0.11, 2: 0.12}), *archive)
    assert verdict_text(found).endswith("B = 64 was trained elsewhere and imported.")


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ([0], [0], both(*range(1, 10))),
        ([0, 1, 2], [0], {(64, 1), (64, 2)} | both(*range(3, 10))),
        ([0, 1], [5, 6], {(8, 5), (8, 6), (64, 0), (64, 1)} | both(2, 3, 4, 7, 8, 9)),
        ([7, 8, 9], [7, 8], {(64, 9)} | both(*range(7))),
        ([0, 1], [1, 0], both(*range(2, 10))),
    ],
)
def test_the_further_seeds_are_those_that_one_has_and_then_new_ones(first, second, wanted):
    found = judged(*seeds(8, dict.fromkeys(first, 0.1)), *seeds(64, dict.fromkeys(second, 0.9)))
    assert found.evidence is None or found.evidence.grade is Grade.TOO_FEW_SEEDS
    assert asked(found) == wanted


def test_without_a_shared_seed_nothing_is_compared():
    found = judged(*seeds(8, {0: 0.1}), *seeds(64, {1: 0.9}))
    assert found.reason is NoVerdict.NO_SHARED_SEED
    assert verdict_text(found).startswith("B = 8 and B = 64 share no seed with a value: nothing is compared.")


def test_the_further_seeds_make_the_difference_clear():
    specs = [RunSpec(dataset="teacher", batch_size=b, seed=0, rows=200, budget=5) for b in (8, 160)]
    runs, series = training(specs)
    first, second = group_runs(runs)
    further = verdict(first, second, series, "epochs", "val_loss").top_up
    runs, series = training([*specs, *further.specs])
    first, second = group_runs(runs)
    found = verdict(first, second, series, "epochs", "val_loss")
    assert found.evidence.seeds == further.seeds == RACE_SEEDS
    assert found.better is first


def test_a_seed_that_diverged_is_not_asked_for_again_and_is_named():
    broken = made(RunSpec(batch_size=64, seed=0), [1, math.nan], status=Status.DIVERGED)
    found = judged(*seeds(8, {0: 0.1, 1: 0.1}), broken, *seeds(64, {1: 0.9}))
    assert asked(found) == both(*range(2, 11)), "seed 0 would diverge again"
    assert "B = 64 diverged with seed 0" in verdict_text(found)


def test_while_runs_train_nothing_more_is_asked_for():
    running = made(RunSpec(batch_size=64, seed=1), [1.0], status=Status.RUNNING)
    found = judged(*seeds(8, {0: 0.1}), *seeds(64, {0: 0.9}), running)
    assert found.top_up is None
    assert "still training" in verdict_text(found)


def test_imported_runs_cannot_be_trained_here():
    spec = RunSpec(dataset=datasets.imported_name("AbCdEf123456", 1000, 1))
    pair = [made(spec.replace(batch_size=b), source=Source.HISTORY, title=f"log {b}") for b in (8, 64)]
    found = judged(*pair)
    assert found.top_up is None
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


def test_a_verdict_where_one_was_not_measured_says_so():
    pair = *seeds(1, {0: 0.1, 1: 0.11, 2: 0.12}), *seeds("full", {0: 0.9, 1: 0.8, 2: 0.85})
    found = judged(*pair, unit="updates", budget=1)
    assert found.evidence is None
    assert "Left out: 3 runs of B = 1, not measured there." in verdict_text(found)


def test_a_batch_size_compared_with_itself_is_not_called_different():
    """120 trials of 1,200 really trained runs of as many seeds, every run used once: five against five."""
    spec = RunSpec(rows=60, budget=2, batch_size=8, learning_rate=0.01)
    five = [spec.replace(seed=seed) for seed in range(5)]
    found = replicates(spec, range(1200))
    called = 0
    for trial in range(120):
        ten = [
            (replace(run, spec=five[place % 5]), rows)
            for place, (run, rows) in enumerate(found[10 * trial : 10 * trial + 10])
        ]
        runs, series = together(*ten)
        [first], [second] = group_runs(runs[:5]), group_runs(runs[5:])
        judged = verdict(first, replace(second, key="again"), series, "epochs", "val_loss")
        assert judged.evidence.seeds == 5
        called += judged.evidence.clear
    assert called <= 2


def test_known_differences_between_batch_sizes_are_found_on_real_runs():
    specs = [
        RunSpec(dataset="teacher", batch_size=b, seed=seed, rows=200, budget=5)
        for b in (1, 160)
        for seed in range(RACE_SEEDS)
    ]
    runs, series = training(specs)
    first, second = group_runs(runs)
    assert verdict(first, second, series, "epochs", "val_loss").better is first
