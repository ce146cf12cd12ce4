"""What runs are called."""

from dataclasses import replace

import pytest

from batchviz.analysis.differences import distinct, label, name, whole_label
from batchviz.experiment.spec import RunSpec
from batchviz.text.names import details
from tests.analysis.recorded import made


def test_a_run_is_called_by_its_batch_size_and_later_ones():
    assert label(RunSpec()) == "B = 32"
    assert label(RunSpec(batch_schedule="5:64, 8:full")) == "growing 32 to full"
    assert label(RunSpec(batch_size="full", batch_schedule="5:64, 8:8")) == "shrinking full to 8"
    assert label(RunSpec(batch_schedule="5:64, 8:8")) == "B = 32, then 64, 8"


def test_a_whole_label_has_every_batch_size():
    assert whole_label(RunSpec(batch_schedule="5:64, 8:full")) == "B = 32, 64 from epoch 5, full from epoch 8"


def test_what_else_was_set_is_told_short():
    assert details(RunSpec()) == "Adam, lr 0.001, 16 relu, seed 0"
    assert details(RunSpec(dataset="digits", dropout=0.5)).startswith("Digits, Adam")


def test_a_given_name_comes_before_the_title_of_an_import_and_that_before_the_batch_size():
    run = made()[0]
    assert name(run) == "B = 32"
    assert name(replace(run, title="log of Ada")) == "log of Ada"
    assert name(replace(run, title="log of Ada"), "my best") == "my best"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([], []),
        (["a", "b"], ["a", "b"]),
        (["T", "T", "T"], ["T", "T (2)", "T (3)"]),
        (["T", "T", "T (2)"], ["T", "T (3)", "T (2)"]),
        (["T (2)", "T", "T"], ["T (2)", "T", "T (3)"]),
        (["T (2)", "T", "T (2)", "T"], ["T (2)", "T", "T (2) (2)", "T (3)"]),
    ],
)
def test_labels_that_are_alike_are_numbered_until_each_is_its_own(labels, expected):
    assert distinct(labels) == expected
