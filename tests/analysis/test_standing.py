"""How sure a leader is: false claims are rare, also when the leader was picked for its luck."""

import functools

import numpy as np
import pytest

from batchviz.analysis.ranking import rank
from batchviz.analysis.replicates import group_runs
from batchviz.analysis.significance import standing
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made

SIZES = (1, 4, 16, 64, 256)


@functools.cache
def groups(count, seeds, dataset):
    """Groups of runs that ended; what they ended at is given anew each time."""
    pairs = [
        made(RunSpec(batch_size=size, seed=seed, dataset=dataset))
        for size in SIZES[:count]
        for seed in range(seeds)
    ]
    return group_runs([run for run, _ in pairs]), pairs[0][1]


def found(values, measure="val_loss", dataset="random"):
    """Standing of groups whose seeds end at `values` (groups, seeds)."""
    of, rows = groups(len(values), len(values[0]), dataset)
    series = {
        run.id: rows | {measure: np.array([1, 1, end], np.float32)}
        for group, row in zip(of, values, strict=True)
        for run, end in zip(group.runs, row, strict=True)
    }
    return standing(rank(of, series, "epochs", measure))


def labels(places):
    return [place.group.label for place in places]


def test_a_clear_leader_is_better_than_every_other_without_widening():
    clear = found([[0.10, 0.11, 0.12], [0.50, 0.52, 0.51], [0.70, 0.71, 0.73]])
    assert labels(clear.better_than) == ["B = 4", "B = 16"]
    assert (clear.not_distinguishable, clear.pairs) == ((), 1)


def test_beside_a_tie_the_intervals_are_widened_for_all_pairs():
    shared = found([[0.10, 0.11, 0.12], [0.11, 0.10, 0.125], [0.70, 0.71, 0.722]])
    assert labels(shared.better_than) == ["B = 16"]
    assert labels(shared.not_distinguishable) == ["B = 4"]
    assert shared.pairs == 3


def test_accuracy_is_better_when_higher():
    clear = found([[0.10, 0.11, 0.12], [0.50, 0.52, 0.51]], "val_metric", dataset="digits")
    assert clear.leader.group.label == "B = 4"
    assert labels(clear.better_than) == ["B = 1"]


def test_too_few_seeds_settle_nothing():
    few = found([[0.1, 0.1], [0.5, 0.5]])
    assert labels(few.inconclusive) == ["B = 4"]
    assert (few.better_than, few.not_distinguishable) == ((), ())


@pytest.mark.parametrize("seeds", [3, 5])
def test_of_equal_groups_the_luckiest_is_called_better_in_about_one_of_a_hundred_trials(seeds):
    random = np.random.default_rng(seeds)
    trials = 150
    claims = sum(bool(found(0.5 + 0.1 * random.normal(size=(5, seeds))).better_than) for _ in range(trials))
    assert claims <= 6, (
        "the nominal 1 %, with three standard errors of room; unwidened pairs claim 6 %: about 9"
    )
