"""What a sweep claims where nothing differs, and which rate it finds when asked three times: on real runs.

`real.json` holds 200 seeds of one experiment, and 30 seeds of two batch sizes at five rates each; `real.py` makes it.
"""

import itertools

import numpy as np
import pytest

from batchviz.analysis.sweep.answer import learns, timed
from batchviz.analysis.sweep.cells import Cell
from batchviz.analysis.sweep.findings import sweep_findings
from batchviz.analysis.sweep.laws import Laws
from batchviz.analysis.sweep.rates import best_rate
from batchviz.analysis.sweep.to_target import to_target
from tests.analysis.sweep import real
from tests.analysis.sweep.made import ladder_clock, sweep_spec

TRIALS = 200
LADDER = (2, 4, 8, 16, 32, 64, 128)
TARGET = 0.3


def null_rows(random, seeds, sizes=LADDER):
    """Cells of a sweep whose batch sizes are all the same one, each under seeds of its own."""
    drawn = iter(random.permutation(real.ALIKE))
    return [
        Cell(
            size, 0.01, 0.01, seeds, tuple(real.alike(size, seed, int(next(drawn))) for seed in range(seeds))
        )
        for size in sizes
    ]


def certain_of(best):
    """Whether the seeds tell this rate from every other one of the grid."""
    return best.learning_rate is not None and not best.rivals


@pytest.mark.parametrize("seeds", [3, 10, 20])
def test_of_sweeps_in_which_nothing_differs_at_most_one_in_twenty_claims_a_difference(seeds):
    """In the final loss or in the seconds to a target, between any two of seven sizes."""
    random = np.random.default_rng(seeds)
    wrong = 0
    for _ in range(TRIALS):
        row = null_rows(random, seeds)
        by_loss = learns(row)
        places = [to_target(TARGET, cell, None) for cell in row]
        by_time = timed(
            TARGET, places, lambda size, updates: 1e-5 * updates, None, Laws(TARGET, None, None), None
        )
        assert by_loss is not None
        assert by_time is not None
        wrong += bool(by_loss.worse or by_time.choice.worse)
    assert wrong <= 0.05 * TRIALS


def test_a_whole_sweep_in_which_nothing_differs_says_that_it_cannot_tell():
    spec = sweep_spec(LADDER, (0.01,), base=real.BASE, seeds=10)
    [*row] = null_rows(np.random.default_rng(1), 10)
    runs = [run for cell in row for run in cell.runs]
    found = sweep_findings(spec, runs, ladder_clock(1e-5, 0.0))
    assert found.answer.learns.alike == LADDER
    assert all(each.choice.worse == () for each in found.answer.timed)
    assert all(laws.critical_batch_size is None for laws in found.laws)


def test_a_difference_that_is_there_is_found_with_ten_seeds():
    """Of batch size 64 at a third of its best rate and at a tenth, beside the best."""
    row = [
        Cell(size, rate, rate, 10, tuple(real.tuned(64, rate, seed) for seed in range(10)))
        for size, rate in ((8, 0.03), (16, 0.003), (32, 0.001))
    ]
    found = learns(row)
    assert (found.best, found.worse) == (8, (16, 32))


@pytest.mark.parametrize("size", real.SIZES)
@pytest.mark.parametrize("first", range(0, real.TUNED, 9)[:3])
def test_three_disjoint_seed_sets_give_the_same_rate_or_say_that_they_cannot_tell(size, first):
    found = [tuned_rate(size, range(first + 3 * k, first + 3 * k + 3)) for k in range(3)]
    for one, other in itertools.combinations(found, 2):
        if one.learning_rate != other.learning_rate:
            assert not (certain_of(one) and certain_of(other))
            assert one.learning_rate in other.rivals or other.learning_rate in one.rivals


def test_two_sets_of_seeds_hardly_ever_name_two_rates_and_are_both_certain():
    """200 pairs of disjoint sets of three seeds of each size."""
    random, contradictions, certain = np.random.default_rng(0), 0, 0
    for _ in range(100):
        for size in real.SIZES:
            drawn = random.permutation(real.TUNED)
            one, other = tuned_rate(size, drawn[:3]), tuned_rate(size, drawn[3:6])
            contradictions += (
                certain_of(one) and certain_of(other) and one.learning_rate != other.learning_rate
            )
            certain += certain_of(one)
    assert contradictions <= 2
    assert certain > 0


def test_many_seeds_find_the_rate_that_all_of_them_together_find():
    assert tuned_rate(64, range(15)).learning_rate == tuned_rate(64, range(15, 30)).learning_rate == 0.03
    assert tuned_rate(4, range(15)).learning_rate == tuned_rate(4, range(15, 30)).learning_rate == 0.003


def tuned_rate(size, seeds):
    row = [
        Cell(size, rate, rate, len(seeds), tuple(real.tuned(size, rate, int(seed)) for seed in sorted(seeds)))
        for rate in real.RATES
    ]
    return best_rate(size, row)


def test_the_recorded_runs_are_what_training_gives():
    run = real.trained(real.BASE.replace(seed=7))
    # What is measured beside the epochs' ends may be others by now.
    at, losses = real.recorded()["updates"], real.recorded()["alike"][7]
    both, now, then = np.intersect1d(run.curve.updates, at, return_indices=True)
    assert {20 * epoch for epoch in range(9)} <= set(both)
    assert run.curve.values[now] == pytest.approx(np.array(losses)[then], rel=1e-3)
    assert (run.batch_size, run.learning_rate, run.seed, run.rate_used) == (16, 0.01, 7, 0.01)
    assert run.final == run.curve.values[-1]
    assert (run.updates_end, run.examples_end) == (160, 2560)
    assert run.gap > 0
    assert run.peak_bytes > 1e8
    assert run.reported
