"""What the sentence says, and what it leaves unsaid."""

from dataclasses import replace

import pytest

from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.text.playground import describe
from tests.analysis.recorded import made


def run(batch_size=32, seed=0, val_loss=0.1, status=Status.DONE, **fields) -> Run:
    spec = RunSpec(batch_size=batch_size, seed=seed, **fields)
    updates = plan_for(spec).updates or 100
    return Run(
        id=spec.hash[:12], attempt=1, spec=spec, status=status, reason="", owner="me", created=0.0,
        progress=Progress(updates=updates), final={"val_loss": val_loss, "train_loss": val_loss},
    )  # fmt: skip


def told(runs) -> str:
    """The sentence on runs that all started at 0.9."""
    return describe(
        runs, {r.id: made(r.spec, [0.9, r.final["val_loss"]])[1] for r in runs if r.final}
    ).sentence


def offered(runs) -> str:
    return describe(runs, {r.id: made(r.spec, [0.9, r.final["val_loss"]])[1] for r in runs if r.final}).offer


def test_what_is_not_settled_is_offered_to_be_trained_with_its_time():
    took = {"started": 10.0, "finished": 10.5}
    runs = [replace(each, **took) for size in (8, 64) for each in replicates(size, [0.1, 0.2, 0.1])]
    assert offered(runs) == "Train 7 more seeds of each, within about 7 s"
    assert offered([*runs[:-1], replace(runs[-1], status=Status.RUNNING)]) == "", "while anything trains"
    near = [0.1 + 0.01 * (seed % 3) for seed in range(10)]
    sizes = {8: near, 64: [*near[1:], near[0]], 512: [loss + 5 for loss in near]}
    settled = [replace(each, **took) for size, losses in sizes.items() for each in replicates(size, losses)]
    assert offered(settled).startswith("Train 10 more seeds of B = 8 and B = 64,")
    assert offered(runs[:1]) == "", "one setting is compared with nothing"
    assert offered([]) == ""


def test_seeds_that_were_stopped_are_counted_where_others_of_theirs_finished():
    runs = [*replicates(8, [0.1, 0.2]), run(8, seed=5, status=Status.STOPPED), run(64, status=Status.STOPPED)]
    assert told(runs).endswith("B = 64 and 1 further seed did not finish: stopped.")


def replicates(batch_size, losses, **fields):
    return [run(batch_size, seed, loss, **fields) for seed, loss in enumerate(losses)]


def test_nothing_is_said_of_nothing():
    assert describe([], {}) == ("", "")


def test_one_run_is_told_with_its_budget_and_the_floor():
    said = told([run()])
    assert said == (
        "After 10 epochs, B = 32 took 250 updates and ended at validation MSE 0.1, from 0.9 before the first update; "
        "on these rows the true law would score 0.0814."
    )


def test_running_runs_are_not_judged():
    said = told([run(1), run(32, status=Status.RUNNING)])
    assert "Still training 1 run, 1 finished" in said


def test_one_seed_names_the_budget_and_the_effect_and_settles_nothing():
    said = told([run(1, val_loss=0.01), run("full", val_loss=5.0)])
    assert "In the same 10 epochs, B = 1 took 8,000 updates and B = full took 10" in said
    assert said.endswith(
        "The validation MSE of B = 1 is 500 times lower than that of B = full (one seed): too few seeds to settle "
        "anything."
    )


def test_only_seeds_that_both_have_are_counted():
    said = told([run(1, seed=0), run(1, seed=1, val_loss=0.2), run("full", seed=1), run("full", seed=2)])
    assert "2 times higher than that of B = full (one seed)" in said
    assert "They share no seed, so nothing is compared" in told([run(1), run("full", seed=1)])


def test_ten_paired_seeds_carry_a_clear_difference():
    losses = [0.1 + 0.01 * seed for seed in range(10)]
    said = told(replicates(1, losses) + replicates("full", [6 * loss for loss in losses]))
    assert "B = 1 is 6 times lower than that of B = full (10 of 10 seeds): a clear difference" in said
    assert "99 % interval" in said


def test_a_difference_within_the_spread_is_not_settled():
    runs = replicates(8, [0.10, 0.30, 0.20]) + replicates(64, [0.30, 0.10, 0.21])
    assert "(2 of 3 seeds): not settled yet" in told(runs)


def test_who_leads_against_the_pair_is_named():
    runs = [
        one for place, size in enumerate((8, 32, 64)) for one in replicates(size, [0.3 - 0.1 * (place == 1)])
    ]
    assert told(runs).endswith(
        " On average B = 32 ended lowest; against the others too few seeds to settle anything."
    )


def test_other_differences_between_the_runs_are_named_and_stop_the_verdict():
    runs = replicates(1, [0.1] * 3) + replicates("full", [0.6, 0.61, 0.62], learning_rate=0.1)
    said = told(runs)
    assert "also differ in learning rate" in said
    assert "lower" not in said


def test_runs_of_one_batch_size_differ_in_something_else():
    said = told([run(), run(optimizer="sgd")])
    assert said == "Equal budget: 10 epochs. At the same batch size the runs differ in optimiser."
    said = told([run(), run(optimizer="sgd", learning_rate=0.1)])
    assert "in optimiser and learning rate, so none of these alone explains a difference." in said


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (run(8, budget=20), "different budgets"),
        (run(8, dataset="teacher"), "different data"),
    ],
)
def test_runs_of_different_budgets_or_data_are_not_ranked(other, said):
    text = told([run(), other])
    assert said in text
    assert "cannot be ranked" in text


def test_runs_that_did_not_finish_are_set_aside_by_name():
    said = told([run(8), run(512, status=Status.DIVERGED)])
    assert "B = 512 did not finish: diverged" in said
    assert said.startswith("After 10 epochs, B = 8")


def test_replicates_of_one_setting_show_what_another_seed_does():
    assert "3 seeds of one setting" in told(replicates(8, [0.1, 0.2, 0.3]))


def test_a_run_without_a_value_does_not_break_the_sentence():
    assert told([replace(run(8), final={}), run(16)])


def test_what_a_history_does_not_say_is_not_said():
    runs = [replace(run(size), source=Source.HISTORY, progress=Progress(epochs=10)) for size in (8, 64)]
    assert told(runs[:1]).startswith(
        "After 10 epochs, B = 8 ended at validation MSE 0.1, from 0.9 before the first update;"
    )
    assert "updates" not in told(runs)
    known = [replace(one, final={**one.final, "updates": 1000}) for one in runs]
    assert "B = 8 took 1,000 updates and B = 64 took 1,000." in told(known)


def test_nobody_is_lowest_where_all_ended_the_same():
    runs = [each for size in (4, 16, 64) for each in replicates(size, [0.2, 0.1, 0.3])]
    said = told(runs)
    assert "have the same validation MSE" in said
    assert "lowest" not in said
