"""The arithmetic of a spec, against counting it out batch by batch as Keras would."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from batchviz.errors import SpecError
from batchviz.experiment.plan import OversizedBatch, SplitRounding, UnevenAccumulation, plan_for
from batchviz.experiment.schedule import BatchSchedule, split_at
from batchviz.experiment.spec import RunSpec
from tests.strategies import specs

MAX_COUNTED = 20_000


def plan(**settings):
    return plan_for(RunSpec.parse(settings))


def batches_of(rows, batch_size):
    """One epoch as Keras cuts it: full batches, then what is left."""
    sizes = []
    while rows > 0:
        sizes.append(min(batch_size, rows))
        rows -= sizes[-1]
    return sizes


def counted(spec, rows):
    """(epochs, updates, examples) by taking one update after the other until the budget is used up."""
    updates = examples = epoch = 0
    spent = {"epochs": lambda: epoch, "updates": lambda: updates, "examples": lambda: examples}[
        spec.budget_unit
    ]
    while spent() < spec.budget:
        size = spec.batch_size
        for from_epoch, later in spec.batch_schedule:
            size = later if epoch + 1 >= from_epoch else size
        sizes = batches_of(rows, rows if size == "full" else size)
        for start in range(0, len(sizes), spec.accumulation):
            if spec.budget_unit != "epochs" and spent() >= spec.budget:
                break
            updates += 1
            examples += sum(sizes[start : start + spec.accumulation])
        epoch += 1
    return examples / rows, updates, examples


@given(specs(rows=97, dataset="random", model="mlp"))
@example(RunSpec(rows=97, batch_size=20, accumulation=3, budget_unit="updates", budget=7))
@example(RunSpec(rows=97, batch_size=20, accumulation=3, budget_unit="examples", budget=155))
@settings(max_examples=150)
def test_the_plan_is_what_counting_gives(spec):
    assume(spec.budget_unit != "seconds")
    planned = plan_for(spec)
    assume(planned.updates <= MAX_COUNTED and planned.epochs <= 500)
    epochs, updates, examples = counted(spec, planned.training_rows)
    assert (planned.updates, planned.examples) == (updates, examples)
    assert planned.epochs == pytest.approx(epochs, rel=1e-12)


@given(st.integers(1, 5000), st.integers(1, 6000), st.integers(1, 40))
def test_an_epoch_is_what_cutting_it_gives(rows, batch_size, accumulation):
    spec = RunSpec(
        rows=rows + 1, validation_split=1 / (rows + 1), batch_size=batch_size, accumulation=accumulation
    )
    first = plan_for(spec).first
    sizes = batches_of(plan_for(spec).training_rows, batch_size)
    assert (first.batches, first.last_batch) == (len(sizes), sizes[-1])
    groups = [sizes[i : i + accumulation] for i in range(0, len(sizes), accumulation)]
    assert (first.updates, first.last_update) == (len(groups), sum(groups[-1]))


def test_the_articles_run_takes_25_updates_an_epoch():
    planned = plan()
    assert (planned.training_rows, planned.validation_rows) == (800, 200)
    assert (planned.first.updates, planned.first.last_batch) == (25, 32)
    assert (planned.epochs, planned.updates, planned.examples) == (10, 250, 8000)


@pytest.mark.parametrize(
    ("rows", "split", "training"),
    [(1000, 0.2, 800), (1000, 0.9, 99), (1000, 0.1, 900), (442, 0.2, 353), (10, 0.0, 10), (3, 0.5, 1)],
)
def test_the_split_is_that_of_keras_in_floating_point(rows, split, training):
    assert split_at(rows, split) == training


def test_a_row_lost_to_floating_point_is_explained():
    assert plan(validation_split=0.9).notes == (SplitRounding(1000, 0.9, 99),)
    assert plan(validation_split=0.2).notes == ()


@pytest.mark.parametrize(
    ("split", "words"), [(0.9999, "leaves no training rows"), (1e-17, "leaves no validation rows")]
)
def test_a_split_that_leaves_nothing_is_refused(split, words):
    with pytest.raises(SpecError, match=words):
        plan(validation_split=split)


def test_without_a_split_there_are_no_validation_rows_and_nothing_to_say():
    planned = plan(validation_split=0)
    assert (planned.training_rows, planned.validation_rows, planned.notes) == (1000, 0, ())


def test_a_batch_larger_than_the_training_set_is_the_full_batch_and_said():
    large, full = plan(batch_size=5000), plan(batch_size="full")
    assert large.first == full.first
    assert large.updates == full.updates == 10
    assert large.notes == (OversizedBatch(0, 5000, 800),)
    assert full.notes == ()
    assert plan(batch_size=800).notes == ()


def test_a_later_batch_that_is_too_large_is_said_with_its_epoch():
    assert plan(batch_schedule="3:5000").notes == (OversizedBatch(2, 5000, 800),)


def test_accumulation_that_does_not_divide_is_said():
    planned = plan(accumulation=7)
    assert planned.first.updates == 4
    assert planned.notes == (UnevenAccumulation(0, 25, 7, 32, 128),)
    assert plan(accumulation=5).notes == ()


def test_a_schedule_past_the_end_is_refused():
    with pytest.raises(SpecError, match="at epoch 3, but the run ends after 2 epochs"):
        plan(budget=50, budget_unit="updates", batch_schedule="3:64")
    assert plan(budget=51, budget_unit="updates", batch_schedule="3:64").updates == 51


def test_a_schedule_changes_the_batch_size_from_its_epoch_on():
    planned = plan(batch_schedule="3:64, 5:full")
    assert [stretch.number for stretch in planned.schedule.stretches()] == [0, 2, 4]
    assert [planned.epoch(number).batch_size for number in range(6)] == [32, 32, 64, 64, 800, 800]
    assert planned.updates == 2 * 25 + 2 * 13 + 6 * 1


@pytest.mark.parametrize(
    ("rule", "rate"), [("fixed", 0.1), ("linear", 0.1 * 128 / 32), ("sqrt", 0.1 * (128 / 32) ** 0.5)]
)
def test_the_learning_rate_follows_the_rule(rule, rate):
    assert plan(
        learning_rate=0.1, batch_size=128, learning_rate_rule=rule
    ).first.learning_rate == pytest.approx(rate)


def test_the_rule_counts_the_examples_of_an_update_not_of_a_micro_batch():
    one = plan(learning_rate_rule="linear", batch_size=64)
    two = plan(learning_rate_rule="linear", batch_size=32, accumulation=2)
    assert one.first.learning_rate == two.first.learning_rate
    beyond = plan(learning_rate_rule="linear", batch_size=5000)
    assert beyond.first.learning_rate == pytest.approx(0.001 * 800 / 32)


def test_without_a_rate_the_schedule_gives_the_factor_of_the_rule():
    schedule = BatchSchedule(800, 128, ((2, "full"),), rule="sqrt", base_batch_size=32)
    assert [schedule.epoch(number).learning_rate for number in range(2)] == [2.0, 5.0]


def test_a_budget_in_seconds_promises_no_updates():
    planned = plan(budget_unit="seconds", budget=3)
    assert (planned.epochs, planned.updates, planned.examples) == (None, None, None)


# The ledger of the article's network, by hand: 10 x 16 + 16 and 16 + 1 weights, 17 layer outputs an example.
WEIGHTS = 10 * 16 + 16 + 16 + 1


@pytest.mark.parametrize(
    ("settings", "slots"),
    [
        ({"optimizer": "sgd"}, 0),
        ({"optimizer": "momentum"}, 1),
        ({"optimizer": "nesterov"}, 1),
        ({"optimizer": "rmsprop"}, 1),
        ({"optimizer": "adam"}, 2),
        ({"optimizer": "adamw"}, 2),
        ({"optimizer": "sgd", "accumulation": 2}, 1),
        ({"optimizer": "adam", "accumulation": 5}, 3),
    ],
)
def test_the_memory_ledger_is_the_closed_form(settings, slots):
    memory = plan(**settings).memory
    assert WEIGHTS == 193
    assert (memory.parameters, memory.gradients, memory.slots) == (4 * 193, 4 * 193, 4 * 193 * slots)
    assert memory.activations_low == 4 * 32 * 17
    assert memory.activations_high == 2 * memory.activations_low
    assert memory.low == 4 * 193 * (2 + slots) + 4 * 32 * 17
    assert memory.high - memory.low == 4 * 32 * 17


def test_adam_keeps_388_numbers_for_the_articles_network():
    assert plan().memory.slots == 4 * (388 - 2), "two a weight; the count of steps and the rate are no slots"


def test_the_ledger_holds_the_largest_batch_of_a_schedule():
    assert plan(batch_schedule="3:64, 5:16").memory.activations_low == 4 * 64 * 17
    assert plan(batch_size=5000).memory.activations_low == 4 * 800 * 17


@pytest.mark.parametrize(
    ("dataset", "names", "higher"),
    [("random", ("MSE", "MAE"), False), ("digits", ("Cross-entropy", "Accuracy"), True)],
)
def test_loss_and_metric_are_named_for_the_task(dataset, names, higher):
    planned = plan(dataset=dataset)
    assert (planned.loss_name, planned.metric_name) == names
    assert planned.metric_higher_is_better is higher
