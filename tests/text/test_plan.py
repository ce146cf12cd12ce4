"""What is said of a plan, word for word."""

from __future__ import annotations

import pytest

from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.text.plan import described, notes


def plan(**settings):
    return plan_for(RunSpec.parse(settings))


@pytest.mark.parametrize(
    ("settings", "paragraphs"),
    [
        ({}, []),
        (
            {"validation_split": 0.9},
            [
                "Keras computes the split in floating point and rounds down: 0.9 of 1,000 rows leaves 99 for "
                "training."
            ],
        ),
        (
            {"batch_size": 5000},
            [
                "Batch size 5,000 is larger than the 800 training rows: as in Keras, every batch holds all 800 "
                "rows, so this is full-batch training."
            ],
        ),
        (
            {"batch_schedule": "3:5000"},
            [
                "From epoch 3: Batch size 5,000 is larger than the 800 training rows: as in Keras, every batch "
                "holds all 800 rows, so this is full-batch training."
            ],
        ),
        (
            {"accumulation": 7},
            [
                "25 micro-batches an epoch do not divide into groups of 7 x 32: the last update of an epoch "
                "averages the 128 examples that are left. (Keras' own gradient_accumulation_steps would carry them "
                "into the next epoch.)"
            ],
        ),
    ],
)
def test_a_setting_that_does_not_fit_exactly_is_explained(settings, paragraphs):
    assert notes(plan(**settings)) == paragraphs


def test_the_runs_that_facts_are_about_are_named():
    assert described(RunSpec(), 1) == "B = 32, Adam, lr 0.001, 16 relu, seed 0"
    assert (
        described(RunSpec(batch_size="full", seed=5), 3) == "B = full, Adam, lr 0.001, 16 relu, seeds 5 to 7"
    )


def test_every_stretch_of_a_schedule_is_explained_in_order():
    said = notes(plan(accumulation=7, batch_schedule="2:5000, 4:16"))
    assert [text.split(":")[0] for text in said[1:]] == ["From epoch 2", "From epoch 2", "From epoch 4"]
