"""The article's experiment, really trained: the budget decides the winner."""

import pytest

from batchviz.analysis.comparison import compare
from batchviz.analysis.metrics import METRICS
from batchviz.experiment.spec import RunSpec
from batchviz.text.comparison import headline, statement
from tests.analysis.recorded import training

SIZES = (1, 32, "full")
SEEDS = range(3)


def article(**budget):
    return training([RunSpec(batch_size=b, seed=seed, **budget) for b in SIZES for seed in SEEDS])


def leader(runs, series, metric, unit):
    found = compare(runs, series, metric=metric, unit=unit)
    return found.ranking.leader.group.label, found


@pytest.mark.parametrize("metric", METRICS)
def test_at_equal_epochs_one_example_at_a_time_leads_and_at_equal_updates_the_full_batch(metric):
    epochs, updates = article(), article(budget_unit="updates", budget=250)
    first, found = leader(*epochs, metric, "epochs")
    assert (first, found.cut.budget) == ("B = 1", 10)
    assert found.exact == (), "the epochs were measured"
    second, found = leader(*updates, metric, "updates")
    assert (second, found.cut.budget) == ("B = full", 250)
    assert found.exact == ()


@pytest.mark.parametrize("metric", ["val_loss", "train_loss", "val_metric", "train_metric"])
def test_the_page_says_that_the_ranking_changes_with_the_budget(metric):
    runs, series = article()
    _, found = leader(runs, series, metric, None)
    assert (
        "Whether the ranking changes with the budget is not settled: at equal updates (10 updates each) B = full is "
    ) in statement(found)


@pytest.mark.parametrize("unit", ["updates", "examples", "epochs"])
@pytest.mark.parametrize("budget", [{}, {"budget_unit": "updates", "budget": 250}])
def test_at_every_equal_budget_of_a_race_all_is_measured(budget, unit):
    runs, series = article(**budget)
    _, found = leader(runs, series, "val_loss", unit)
    assert (found.ranking.skipped, found.exact) == ((), ())
    assert {len(place.at) for place in found.ranking.places} == {3}
    assert len(found.ranking.places) == 3
    for first in found.groups:
        for second in found.groups:
            assert all(not place.skipped for place in found.verdict(first, second).places)


def test_at_equal_updates_it_says_what_was_not_measured_and_offers_to_measure_it():
    alone = [training([RunSpec(batch_size=b, seed=seed)]) for b in SIZES for seed in SEEDS]
    runs = [run for of, _ in alone for run in of]
    found = compare(runs, {k: v for _, of in alone for k, v in of.items()}, unit="updates")
    assert headline(found).startswith("After 10 updates, only B = full has a value")
    assert "B = 1 and B = 32 were not measured after 10 updates" in statement(found)
    assert {(spec.budget_unit, spec.budget) for spec in found.exact} == {("updates", 10)}
    runs, series = training(found.exact)
    exact, found = leader(runs, series, "val_loss", "updates")
    assert exact == "B = full"
    assert found.exact == ()
    assert "not measured" not in statement(found)


def test_a_running_mean_inside_an_epoch_is_not_measured():
    runs, series = article()
    found = compare(runs, series, metric="loss", unit="updates")
    assert "B = 1 and B = 32 were not measured after 10 updates" in statement(found)
