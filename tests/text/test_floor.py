"""What is said of a floor, word for word."""

from __future__ import annotations

import pytest

from batchviz.analysis.metrics import METRICS
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.text.floor import floor_note, floor_sentences


def said(metric="val_loss", **settings):
    return " ".join(floor_sentences(plan_for(RunSpec.parse(settings)), METRICS[metric]))


def test_of_the_articles_data():
    assert said() == (
        "Floor 0.0814: the MSE that a model that knew the true law would score on these 200 rows. "
        "The targets are random, so its answer is always 0.5. "
        "Over many draws of such rows the floor averages 1/12 (0.0833). "
        "A validation curve below the floor is luck, not learning. "
        "A training loss below 0.0812, that of the best constant answer on the 800 training rows, is memorising."
    )
    assert said("val_metric") == (
        "Floor 0.243: the MAE that a model that knew the true law would score on these 200 rows. "
        "The targets are random, so its answer is always 0.5. "
        "Over many draws of such rows the floor averages 1/4 (0.25). "
        "A validation curve below the floor is luck, not learning."
    )


def test_of_noisy_targets():
    assert said(dataset="teacher", noise=1.82) == (
        "Floor 3.83: the MSE that a model that knew the true law would score on these 200 rows. "
        "What is left is the noise in their targets (standard deviation 1.82). "
        "Over many draws of such rows the floor averages 3.31. "
        "A validation curve below the floor is luck, not learning. "
        "A training loss below 3.35, that of the true law on the 800 training rows, is memorising."
    )


def test_of_training_rows():
    assert said("train_loss") == (
        "Floor 0.0812: MSE of the best constant answer on the 800 training rows. "
        "What ends below it has memorised rows, not learned."
    )
    assert said("train_loss", dataset="teacher", noise=0.5, validation_split=0).endswith(
        "MSE of the true law on the 1,000 training rows. What ends below it has memorised noise, not learned."
    )


@pytest.mark.parametrize("settings", [{"dataset": "digits"}, {"dataset": "teacher", "noise": 0}])
def test_where_there_is_none_nothing_is_said(settings):
    assert said(**settings) == ""


def test_a_sampled_training_loss_is_not_measured_against_all_rows():
    assert "training loss" not in said(rows=100_000, hidden=(1024, 1024))


def test_runs_of_the_same_rows_have_one_note_and_others_their_own():
    plans = [plan_for(RunSpec(batch_size=size, data_seed=seed)) for size in (1, 8) for seed in (0, 3)]
    note = floor_note(plans, METRICS["val_metric"])
    assert note.count("Floor ") == 2
