"""What was not equal between batch sizes is found, and the races that make it equal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from batchviz.analysis.comparison import compare
from batchviz.analysis.confound import OneRate, OwnRates, UnequalAmounts
from batchviz.analysis.race_again import Change, races_again
from batchviz.analysis.races import races_apart
from batchviz.analysis.replicates import group_runs
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress
from batchviz.experiment.spec import RunSpec
from batchviz.text.caveats import confound
from batchviz.text.comparison import statement
from batchviz.text.playground import describe
from tests.analysis.recorded import made, together, training

SIZES = (1, 8, 32, 128, "full")


def race(sizes=SIZES, seeds=1, **settings):
    specs = [RunSpec(batch_size=size, seed=seed, **settings) for size in sizes for seed in range(seeds)]
    return [ended(spec, [1.0, 0.5, 0.4 + 0.01 * i]) for i, spec in enumerate(specs)]


def ended(spec, losses):
    run, series = made(spec, losses)
    plan = plan_for(spec)
    return replace(run, progress=Progress(updates=plan.updates, examples=plan.examples)), series


def found(recorded, unit=None):
    runs, series = together(*recorded)
    comparison = compare(runs, series, unit=unit)
    return [c for c in comparison.caveats if isinstance(c, UnequalAmounts | OneRate | OwnRates)]


def offers(recorded, runs_on_page=0):
    runs, _ = together(*recorded)
    return {offer.change: offer for offer in races_again(group_runs(runs), runs_on_page=runs_on_page)}


def test_equal_epochs_are_unequal_updates_at_one_rate():
    amounts, rate = found(race(budget=2))
    assert confound(amounts) == "Not equal: B = 1 took 1,600 updates, B = full only 2."
    assert (
        confound(rate) == "One learning rate for all (0.001): what suits one batch size may not suit another."
    )


def test_at_equal_updates_it_is_the_examples_that_differ():
    amounts, _ = found(race(budget_unit="updates", budget=2))
    assert confound(amounts) == "Not equal: B = full saw 1,600 examples, B = 1 only 2."


def test_a_rule_gives_each_its_own_rate():
    _, rates = found(race(budget=2, learning_rate_rule="linear", base_batch_size=32, learning_rate=0.1))
    assert confound(rates) == (
        "Each at its own learning rate, by the linear rule: 0.00313 at B = 1, 2.5 at B = full."
    )


def test_where_all_average_as_many_examples_nothing_is_unequal():
    assert found([made(RunSpec(optimizer=name, budget=2), [1.0, 0.5, 0.4]) for name in ("adam", "sgd")]) == []


def test_a_growing_batch_beside_a_constant_one_is_unequal_updates_and_by_a_rule_unequal_rates():
    def pair(**settings):
        return [
            ended(RunSpec(batch_size=32, budget=10, batch_schedule=changes, **settings), [1.0, 0.5, 0.4])
            for changes in ("", "6:256")
        ]

    amounts, rate = found(pair())
    assert confound(amounts) == "Not equal: B = 32 took 250 updates, growing 32 to 256 only 145."
    assert isinstance(rate, OneRate)
    _, rates = found(pair(learning_rate_rule="linear"))
    assert confound(rates) == (
        "Each at its own learning rate, by the linear rule: 0.001 at B = 32, 0.001 to 0.008 at growing 32 to 256."
    )
    said = describe(*together(*pair())).sentence
    assert said.startswith("In the same 10 epochs, B = 32 took 250 updates and growing 32 to 256 took 145.")
    assert "(one seed): too few seeds to settle anything" in said or "the same validation MSE" in said


def test_a_race_again_changes_one_thing_and_keeps_the_rest():
    again = offers(race(seeds=2))
    assert set(again) == set(Change)
    same = again[Change.UPDATES].specs
    assert {plan_for(spec).updates for spec in same} == {250}
    assert [(spec.batch_size, spec.seed) for spec in same[:6]] == [*((size, 0) for size in SIZES), (1, 1)]
    linear = again[Change.LINEAR].specs
    rates = {spec.batch_size: plan_for(spec).first.learning_rate for spec in linear}
    assert rates == pytest.approx({1: 0.001 / 32, 8: 0.001 / 4, 32: 0.001, 128: 0.004, "full": 0.025})
    assert {(spec.budget_unit, spec.budget) for spec in linear} == {("epochs", 10)}
    assert {spec.seed for spec in again[Change.SEEDS].specs} == set(range(2, 10))


def test_the_race_that_was_made_equal_is_not_offered_again():
    assert Change.UPDATES not in offers(race(budget_unit="updates", budget=250))
    assert Change.LINEAR not in offers(race(learning_rate_rule="linear"))


def test_one_batch_size_is_no_race():
    assert offers(race(sizes=(32,))) == {}


def test_what_the_page_has_no_room_for_is_not_trained():
    again = offers(race(seeds=10), runs_on_page=MAX_RUNS_SHOWN - 14)
    assert len(again[Change.LINEAR].specs) == 10, "two seeds of each"
    assert offers(race(seeds=10), runs_on_page=MAX_RUNS_SHOWN) == {}


def test_two_races_on_one_page_are_told_one_by_one():
    recorded = [*race(sizes=(1, "full"), budget=2), *race(sizes=(1, "full"), budget_unit="updates", budget=2)]
    runs, series = together(*recorded)
    assert len(races_apart(group_runs(runs))) == 2
    said = describe(runs, series).sentence
    assert "2 epochs: In the same 2 epochs, B = 1 took 1,600 updates and B = full took 2." in said
    assert "2 updates: In the same 2 updates, B = 1 saw 2 examples and B = full saw 1,600." in said
    told = statement(compare(runs, series))
    assert "2 epochs: After 2 epochs," in told
    assert "2 updates: After 2 updates," in told


def test_what_is_on_the_page_is_not_offered_and_one_thing_is_changed_at_a_time():
    plain = race(budget=10)
    equal = race(budget_unit="updates", budget=250)
    again = offers([*plain, *equal])
    assert set(again) == {Change.LINEAR, Change.SEEDS}
    assert {spec.budget_unit for spec in again[Change.LINEAR].specs} == {"epochs"}


def test_where_a_batch_size_has_two_rates_the_rate_is_no_confound():
    both = [*race(sizes=(1, 32), budget=2), *race(sizes=(1, 32), budget=2, learning_rate=0.1)]
    assert [type(said) for said in found(both)] == [UnequalAmounts]


def test_raced_again_by_the_linear_rule_sgd_ends_alike_at_every_batch_size():
    plain = [
        RunSpec(dataset="teacher", optimizer="sgd", learning_rate=0.01, batch_size=size, budget=10)
        for size in (1, 8, 32)
    ]
    before, _ = training(plain)
    linear = next(r for r in races_again(group_runs(before)) if r.change is Change.LINEAR)
    after, _ = training(linear.specs)
    fixed, ruled = ([run.final["val_loss"] for run in runs] for runs in (before, after))
    assert max(fixed) > 1.5 * min(fixed), "one learning rate for all looks like an effect of the batch size"
    assert max(ruled) < 1.02 * min(ruled), "and with the rule there is none"
