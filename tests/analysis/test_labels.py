"""Groups are called by what differs, in few words."""

import itertools

import pytest

from batchviz.analysis.replicates import group_runs
from batchviz.experiment.records import Source
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made


def labels(*specs):
    return [group.label for group in group_runs([made(spec)[0] for spec in specs])]


@pytest.mark.parametrize(
    ("field", "values", "expected"),
    [
        ("learning_rate", (0.001, 0.01, 0.1), ["lr 0.001", "lr 0.01", "lr 0.1"]),
        ("optimizer", ("adam", "momentum", "sgd"), ["Adam", "SGD momentum 0.9", "SGD"]),
        ("hidden", ((16,), (64, 32), ()), ["hidden 16", "hidden 64-32", "hidden none"]),
        ("activation", ("relu", "tanh"), ["relu", "tanh"]),
        ("batch_norm", (False, True), ["not normalised", "batch norm"]),
        ("learning_rate_rule", ("fixed", "linear"), ["fixed rate", "linear rule"]),
        ("rows", (500, 1000), ["rows 500", "rows 1000"]),
        ("budget", (1, 20), ["1 epoch", "20 epochs"]),
    ],
)
def test_runs_of_one_batch_size_are_called_by_what_differs_alone(field, values, expected):
    assert sorted(labels(*(RunSpec(**{field: value}) for value in values))) == sorted(expected)


def test_growing_shrinking_and_accumulation_have_short_names():
    found = labels(
        RunSpec(),
        RunSpec(batch_schedule="4:64, 7:256"),
        RunSpec(batch_size=256, batch_schedule="4:64, 7:32"),
        RunSpec(batch_size=8, accumulation=4),
    )
    assert found == ["accumulated 4 x 8", "B = 32", "growing 32 to 256", "shrinking 256 to 32"]


def test_two_courses_between_the_same_sizes_are_told_whole():
    found = labels(RunSpec(), RunSpec(batch_schedule="3:256"), RunSpec(batch_schedule="6:256"))
    assert found == ["B = 32", "B = 32, 256 from epoch 3", "B = 32, 256 from epoch 6"]


def test_batch_size_comes_first_where_it_differs_and_more_only_where_it_is_shared():
    found = labels(*(RunSpec(batch_size=b, learning_rate=r) for b, r in ((8, 0.1), (32, 0.1), (32, 0.01))))
    assert found == ["B = 8", "B = 32, lr 0.01", "B = 32, lr 0.1"]


def test_accumulation_that_all_share_names_nobody():
    assert labels(*(RunSpec(batch_size=b, accumulation=2) for b in (8, 16))) == ["B = 8", "B = 16"]


def test_what_a_history_does_not_know_is_no_part_of_its_label():
    here, there = made(RunSpec())[0], made(RunSpec(learning_rate=0.1), source=Source.HISTORY)[0]
    assert [group.label for group in group_runs([here, there])] == ["B = 32", "B = 32 (2)"]


def test_labels_of_any_mixture_are_all_different_and_short():
    grid = itertools.product((8, 32), (0.001, 0.01), ("adam", "sgd"), ("", "5:128"))
    found = labels(
        *(RunSpec(batch_size=b, learning_rate=r, optimizer=o, batch_schedule=s) for b, r, o, s in grid)
    )
    assert len(set(found)) == 16
    assert max(map(len, found)) <= 36
