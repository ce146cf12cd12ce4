"""Who leads, by the mean over seeds, at a budget."""

import math

import pytest

from batchviz.analysis.ranking import rank
from batchviz.analysis.replicates import group_runs
from batchviz.experiment.records import Source, Status
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made, together


def ranking(*found, unit="epochs", measure="val_loss", budget=None):
    runs, series = together(*found)
    return rank(group_runs(runs), series, unit, measure, budget)


def order(found):
    return [place.group.label for place in found.places]


def seeds(batch_size, *ends, **given):
    return [made(RunSpec(batch_size=batch_size, seed=s), [1.0, end], **given) for s, end in enumerate(ends)]


def test_the_lowest_mean_over_seeds_leads():
    found = ranking(*seeds(8, 0.1, 0.9), *seeds(32, 0.3, 0.5), *seeds(64, 0.6, 0.7))
    assert order(found) == ["B = 32", "B = 8", "B = 64"]
    assert found.leader.mean == pytest.approx(0.4)


def test_the_highest_accuracy_leads():
    pair = [made(RunSpec(dataset="digits", batch_size=b), [0.1, end]) for b, end in ((8, 0.9), (32, 0.7))]
    assert order(ranking(*pair, measure="val_metric")) == ["B = 8", "B = 32"]
    assert order(ranking(*pair, measure="train_metric")) == ["B = 8", "B = 32"]
    assert order(ranking(*pair, measure="val_loss")) == ["B = 32", "B = 8"]


def test_a_group_with_a_diverged_seed_is_last_however_good_the_others_are():
    broken = made(RunSpec(batch_size=8, seed=9), [1, math.nan], status=Status.DIVERGED)
    found = ranking(*seeds(8, 0.01, 0.01), broken, *seeds(32, 0.5, 0.6))
    assert order(found) == ["B = 32", "B = 8"]
    assert [run.spec.seed for run in found.places[-1].broken] == [9]


def test_a_group_whose_every_seed_diverged_is_ranked_after_all():
    broken = made(RunSpec(batch_size=512), [1, math.inf], status=Status.DIVERGED)
    found = ranking(broken, *seeds(8, 0.9))
    assert order(found) == ["B = 8", "B = 512"]
    assert found.leader is None, "one value has nothing to lead"


def test_runs_under_way_have_no_place_yet():
    found = ranking(made(RunSpec(batch_size=8), [1, 0.1], status=Status.RUNNING), *seeds(32, 0.5))
    assert order(found) == ["B = 32"]
    assert [group.label for group in found.left_out] == ["B = 8"]


def test_what_does_not_know_the_unit_is_left_out_by_name():
    found = ranking(*seeds(8, 0.1, seconds=math.nan), *seeds(32, 0.5), unit="seconds")
    assert [group.label for group in found.left_out] == ["B = 8"]


def test_ends_are_compared_where_each_ended():
    found = ranking(made(RunSpec(batch_size=8), [1, 0.5, 0.1]), *seeds(32, 0.3), unit=None)
    assert order(found) == ["B = 8", "B = 32"]
    assert math.isnan(found.budget)


def test_what_was_not_measured_at_the_budget_has_no_place_however_likely_it_would_lead():
    small, large = (
        made(RunSpec(batch_size=1), [1.0, 0.1]),
        made(RunSpec(batch_size="full"), [1.0] * 9 + [0.9]),
    )
    found = ranking(small, large, unit="updates")
    assert (found.budget, order(found)) == (9, ["B = full"])
    assert [place.group.label for place in found.skipped] == ["B = 1"]
    assert found.left_out == ()
    assert found.leader is None
    assert ranking(small, large, unit="epochs").skipped == ()


def test_seeds_that_were_measured_there_keep_their_place():
    inside = made(RunSpec(batch_size=1, seed=1), [1.0, 0.5, 0.1], updates=[0, 9, 800], examples=[0, 9, 800])
    found = ranking(
        made(RunSpec(batch_size=1), [1.0, 0.1]),
        inside,
        made(RunSpec(batch_size="full", seed=1), [1.0] * 9 + [0.9]),
        unit="updates",
    )
    assert order(found) == ["B = 1", "B = full"]
    assert list(found.leader.at) == [1]
    assert [place.group.label for place in found.skipped] == ["B = 1"]


def test_no_runs_have_no_ranking():
    assert ranking().places == ()
    assert ranking().leader is None


def test_histories_are_ranked_where_they_were_validated_last():
    nan = math.nan
    every_second = [
        made(RunSpec(batch_size=b), [nan, nan, v + 1, nan, v, nan], source=Source.HISTORY, title=f"log {b}")
        for b, v in ((8, 1.0), (32, 2.0))
    ]
    for unit in ("epochs", None):
        found = ranking(*every_second, unit=unit)
        assert [place.mean for place in found.places] == [1, 2]
    assert ranking(*every_second).budget == 4
    other = made(RunSpec(batch_size=64), [nan, 3, 3, 3, 3, 3], source=Source.HISTORY, title="log 64")
    assert len(ranking(*every_second, other, unit=None).left_out) == 2, (
        "their last values are of other epochs"
    )
