"""How sure a leader is, against each of the others."""

import functools

import numpy as np
import pytest

from batchviz.analysis import standing as of_leaders
from batchviz.analysis.evidence import Grade
from batchviz.analysis.races import ComparedPairs, races_apart
from batchviz.analysis.ranking import rank
from batchviz.analysis.replicates import group_runs
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


def ranked(values, measure="val_loss", dataset="random"):
    """Ranking of groups whose seeds end at `values` (groups, seeds)."""
    of, rows = groups(len(values), len(values[0]), dataset)
    series = {
        run.id: rows | {measure: np.array([1, 1, end], np.float32)}
        for group, row in zip(of, values, strict=True)
        for run, end in zip(group.runs, row, strict=True)
    }
    return rank(of, series, "epochs", measure)


def standing(ranking):
    return of_leaders.standing(
        ranking, ComparedPairs(races_apart([place.group for place in ranking.places]), ranking)
    )


def found(values, **given):
    return standing(ranked(values, **given))


def labels(others):
    return [other.place.group.label for other in others]


def spread(level, seeds=10, seed=0):
    return level * np.exp(0.05 * np.random.default_rng(seed).normal(size=seeds))


def test_a_clear_leader_is_clearly_better_than_every_other():
    clear = found([spread(0.1), spread(0.5, seed=1), spread(0.7, seed=2)])
    assert labels(clear.graded(Grade.CLEAR)) == ["B = 4", "B = 16"]
    assert all(other.settled for other in clear.others)


def test_beside_a_tie_the_rest_is_told_apart():
    shared = found([spread(0.1), spread(0.1, seed=3), spread(0.7, seed=2)])
    assert labels(shared.graded(Grade.CLEAR)) == ["B = 16"]
    assert len(shared.graded(Grade.TIED)) == 1


def test_every_pair_on_the_page_counts():
    five = ranked([spread(0.1 * place, seed=place) for place in range(1, 6)])
    assert {other.evidence.pairs for other in standing(five).others} == {10}


def test_accuracy_is_better_when_higher():
    digits = {"measure": "val_metric", "dataset": "digits"}
    clear = found([np.linspace(0.1, 0.12, 10), np.linspace(0.5, 0.52, 10)], **digits)
    assert clear.leader.group.label == "B = 4"
    assert labels(clear.graded(Grade.CLEAR)) == ["B = 1"]


def test_too_few_seeds_settle_nothing():
    few = found([[0.1, 0.1], [0.5, 0.5]])
    assert labels(few.graded(Grade.TOO_FEW_SEEDS)) == ["B = 4"]


def test_a_mean_that_hangs_on_one_run_makes_no_clear_leader():
    """The first is better with nine seeds of ten, and one that went wrong gives the second the better mean."""
    for wrong, ahead in ((5.0, True), (0.4, False)):
        first = spread(0.1)
        first[0] = wrong
        [other] = (said := found([first, spread(0.12, seed=1)])).others
        assert said.leader.group.label == "B = 4"
        assert other.ahead is ahead
        assert other.grade is Grade.TIED


@pytest.mark.parametrize("seeds", [3, 10])
def test_of_equal_groups_the_luckiest_is_rarely_called_better(seeds):
    random = np.random.default_rng(seeds)
    trials = 150
    claims = sum(
        bool(found(np.exp(0.1 * random.normal(size=(5, seeds)))).graded(Grade.CLEAR)) for _ in range(trials)
    )
    assert claims <= 6, "1.5 % of ten pairs with one seed in common; plain 99 % intervals claim 6 %: about 9"
