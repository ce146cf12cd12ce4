"""The statement above the chart: computed from what was recorded, in sentences that hold."""

import itertools
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from batchviz.analysis.comparison import compare
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.pace import Clocks
from batchviz.analysis.units import UNITS
from batchviz.experiment import datasets
from batchviz.experiment.records import Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.text.comparison import detail, headline, lead, sentences, statement
from tests.analysis.recorded import clocks, made, together


def said(*found, timed=False, **asked):
    runs, series = together(*found)
    return statement(compare(runs, series, clocks=clocks(runs) if timed else Clocks(), **asked))


def seeds(batch_size, ends, **given):
    fields = {name: given.pop(name) for name in list(given) if name in RunSpec.model_fields}
    return [
        made(RunSpec(batch_size=batch_size, seed=seed, budget=1, **fields), [1.0, end], **given)
        for seed, end in enumerate(ends)
    ]


CLEAR = (*seeds(8, np.linspace(0.1, 0.2, 10)), *seeds(64, np.linspace(0.4, 0.6, 10)))


def test_without_runs_there_is_nothing_to_say():
    assert said() == "No runs are chosen yet."


def test_one_run_is_told_and_not_ranked():
    assert said(*seeds(8, [0.1])) == (
        "After 1 epoch, B = 8 has validation MSE 0.1. Add runs of another batch size to compare."
    )


def test_one_group_shows_what_another_seed_does():
    assert said(*seeds(8, [0.1, 0.3])) == (
        "After 1 epoch, B = 8 has validation MSE 0.2, the mean of 2 seeds, which lie between 0.1 and 0.3. "
        "These runs differ in the seed alone: their spread is what another seed does."
    )


def test_a_clear_leader_is_named_with_measure_budget_effect_and_seeds():
    assert said(*CLEAR).startswith(
        "After 1 epoch, B = 8 has the lowest validation MSE (0.15, the mean of 10 seeds), 3.38 times lower than B = 64 "
        "(10 of 10 seeds): a clear difference."
    )
    assert said(*CLEAR, metric="train_loss", unit="examples").startswith(
        "After 800 examples, B = 8 has the lowest training MSE (0.05, the mean of 10 seeds), "
    )


def test_the_highest_accuracy_is_the_best():
    pair = (*seeds(8, [0.9], dataset="digits"), *seeds(64, [0.5], dataset="digits"))
    assert "B = 8 has the highest validation accuracy (0.9, one seed)" in said(*pair, metric="val_metric")
    assert "B = 64 has the lowest validation cross-entropy" in said(*pair)


def test_one_seed_tells_the_effect_and_settles_nothing():
    assert said(*seeds(8, [0.1]), *seeds(64, [0.5])).startswith(
        "After 1 epoch, B = 8 has the lowest validation MSE (0.1, one seed), 5 times lower than B = 64 (one seed): too "
        "few seeds to settle anything. 9 more seeds of each "
        "would find any difference that goes the same way with all 10."
    )


def test_seeds_that_go_both_ways_are_called_unsettled():
    found = said(*seeds(8, [0.1, 0.3, 0.2]), *seeds(64, [0.3, 0.1, 0.21]))
    assert "1.61 % lower than B = 64 (2 of 3 seeds): not settled yet." in found
    assert "7 more seeds of each" in found


def test_a_shared_lead_is_told_apart_from_the_rest():
    steady = np.linspace(0.1, 0.2, 10)
    wavering = steady * np.where(np.arange(10) % 2, 0.9, 1.13)
    found = said(*seeds(8, steady), *seeds(16, wavering), *seeds(64, 7 * steady))
    assert "(0.15, the mean of 10 seeds), clearly lower than B = 64. " in found
    assert "Clear: 7 times lower than B = 64 (10 of 10 seeds). " in found
    assert (
        "Not distinguishable: 0.839 % lower than B = 16 (5 of 10 seeds). Against B = 16, 10 seeds find "
        in found
    )


def test_three_groups_without_a_clear_difference_are_told_grade_by_grade():
    found = said(*seeds(8, [0.1, 0.3, 0.2]), *seeds(16, [0.3, 0.1, 0.25]), *seeds(64, [0.4, 0.2, 0.3]))
    assert "; against the others not settled yet. B = 8 is " in found
    assert found.lower().count("not settled yet") == 1, "said once"


def test_a_mean_that_hangs_on_one_run_is_told_seed_by_seed():
    found = said(*seeds(8, [0.1, 0.1, 0.1, 0.4]), *seeds(64, [0.12, 0.121, 0.122, 0.1]))
    assert "B = 64 has the lowest" in found
    assert "(1 of 4 seeds): not settled yet" in found


def test_a_clear_difference_against_the_better_mean_is_not_claimed_for_it():
    steady = np.full(20, 0.1)
    steady[0] = 0.5
    found = said(*seeds(8, steady), *seeds(64, np.linspace(0.108, 0.109, 20)))
    assert "B = 64 has the lowest" in found
    assert "higher than B = 8, seed by seed" not in found or "a clear difference" not in found


def test_seeds_that_are_not_shared_are_told():
    few = made(RunSpec(batch_size=128, seed=99, budget=1), [1.0, 0.8])
    found = said(*CLEAR, few)
    assert "It shares no seed with B = 128, so nothing is compared there." in found
    assert "The means stand on different numbers of seeds: B = 128 has only one, others up to 10." in found


def test_nowhere_is_chance_made_an_explanation():
    for runs in (
        CLEAR,
        (*seeds(8, [0.1]), *seeds(64, [0.5])),
        (*seeds(8, [0.1, 0.3]), *seeds(64, [0.3, 0.1])),
    ):
        assert "hance" not in said(*runs)


def test_another_budget_that_changes_the_leader_is_said():
    updates = np.array([0, 2, 8, 12, 16])  # 12 take as long as the full batch's two
    small = made(
        RunSpec(batch_size=100, budget=2), [1.0, 0.7, 0.5, 0.3, 0.1], updates=updates, examples=updates * 100
    )
    large = made(RunSpec(batch_size="full", budget=2), [1.0, 0.4, 0.3])
    found = said(small, large)
    assert "After 2 epochs, B = 100 has the lowest" in found
    assert (
        "Whether the ranking changes with the budget is not settled: at equal updates (2 updates each) B = full is "
        "2.33 times lower than B = 100 (one seed): too few seeds to settle anything."
    ) in found
    worse = made(RunSpec(batch_size="full", budget=2), [1.0, 0.99, 0.98])
    assert "At equal updates B = 100 is lowest, too, 1.4 times lower than B = full (one seed): " in said(
        small, worse
    )


def test_other_differences_take_the_explanation_away_from_the_batch_size():
    pair = (*seeds(8, [0.1]), *seeds(64, [0.5], learning_rate=0.1, hidden="32"))
    assert (
        "The runs also differ in hidden widths and learning rate, so batch size alone explains nothing"
        in said(*pair)
    )
    same = (*seeds(8, [0.1]), *seeds(8, [0.5], learning_rate=0.1, hidden="32"))
    assert "The runs differ in hidden widths and learning rate, so none of these alone" in said(*same)
    single = (*seeds(8, [0.1]), *seeds(8, [0.5], learning_rate=0.1))
    assert "alone explains" not in said(*single), "one difference can be the reason"


@pytest.mark.parametrize(
    ("change", "word"),
    [({"rows": 500}, "rows"), ({"dataset": "teacher"}, "data"), ({"data_seed": 2}, "data seed")],
)
def test_different_data_is_not_ranked(change, word):
    found = said(*seeds(8, [0.1]), *seeds(64, [0.5], **change))
    assert found.startswith(
        f"These runs learn from different data ({word}), so their values cannot be ranked."
    )
    assert "lowest" not in found


def test_regression_and_classification_are_not_mixed():
    found = said(*seeds(8, [0.1]), *seeds(64, [0.5], dataset="digits"))
    assert found.startswith("These runs mix regression and classification")
    assert "lowest" not in found


def test_ends_of_different_budgets_are_not_ranked_but_equal_budgets_are():
    pair = made(RunSpec(batch_size=8, budget=2)), made(RunSpec(batch_size=64, budget=1), [1, 0.3])
    assert said(*pair) == (
        "These runs had different budgets (2 epochs and 1 epoch), so their ends cannot be ranked. "
        "Choose an equal budget to compare them."
    )
    assert said(*pair, unit="epochs").startswith("After 1 epoch, B = 64 has the lowest")


def test_stopped_runs_are_named_and_compared_at_an_equal_budget_only():
    pair = made(RunSpec(batch_size=8)), made(RunSpec(batch_size=64), [1, 0.3], status=Status.STOPPED)
    assert said(*pair).startswith(
        "B = 64 was stopped early, so the ends cannot be ranked. Choose an equal budget"
    )
    found = said(*pair, unit="epochs")
    assert found.startswith("After 1 epoch, B = 64 has the lowest")
    assert "B = 64 was stopped early." in found


def test_runs_under_way_are_counted_and_not_judged():
    running = made(RunSpec(batch_size=512, budget=1), [1.0], status=Status.RUNNING)
    assert "1 of 21 runs is still training (B = 512) and not compared yet." in said(*CLEAR, running)
    assert said(running) == "These runs are still training. They are compared when they have ended."


def test_broken_runs_are_named_and_rank_last():
    diverged = made(RunSpec(batch_size=512, budget=1), [1, math.nan], status=Status.DIVERGED)
    failed = made(RunSpec(batch_size=256, budget=1), [], status=Status.FAILED)
    found = said(*CLEAR, diverged, failed)
    assert "B = 512 diverged and ranks last." in found
    assert "B = 256 failed and ranks last." in found
    partly = made(RunSpec(batch_size=64, seed=7, budget=1), [1, math.nan], status=Status.DIVERGED)
    assert "B = 64 diverged with 1 of 10 seeds and ranks last." in said(*CLEAR, partly)


def test_only_broken_runs_have_no_leader():
    pair = [made(RunSpec(batch_size=b, budget=1), [1, math.nan], status=Status.DIVERGED) for b in (8, 64)]
    assert "nothing leads" in said(*pair)


def test_without_validation_rows_another_measure_is_advised():
    runs = [made(RunSpec(batch_size=b, validation_split=0, budget=1), [math.nan] * 2) for b in (8, 64)]
    assert said(*runs).startswith(
        "No rows were held out, so there is no validation MSE. Choose a measure of training."
    )


def history(identity="AbCdEf123456", title="log of Ada", **fields):
    spec = RunSpec(dataset=datasets.imported_name(identity, 1000, 1), budget=1, **fields)
    missing = {"seconds": [math.nan] * 2, "train_loss": [math.nan] * 2}
    return made(spec, [1, 0.4], source=Source.HISTORY, title=title, **missing)


def test_imported_runs_say_what_is_not_known_of_them():
    found = said(history(batch_size=8), history(batch_size=64, title="log of Bob"))
    assert "log of Ada" in found
    assert (
        "were imported from a history: model, optimiser, first weights and order of examples are not known and may "
        "differ." in found
    )
    assert "The networks of these runs are not known here" in said(history(), unit="seconds")
    assert "different data" in said(history(), *CLEAR)


def test_an_archives_runs_do_not_pass_for_runs_trained_here():
    archive = made(RunSpec(batch_size=64, budget=1), [1, 0.3], source=Source.ARCHIVE, title="B = 64")
    assert "B = 64 was trained elsewhere and imported." in said(*seeds(8, [0.5]), archive)
    assert "elsewhere" not in said(*seeds(8, [0.5]))


def test_what_a_run_took_never_ranks_it():
    """Recorded seconds say the opposite of the clock here: a compiled run beside one that was not."""
    one = made(RunSpec(batch_size=1, budget=2), [1.0, 0.3, 0.2], seconds=1e-3)
    full = made(RunSpec(batch_size="full", budget=2), [1.0, 0.5, 0.4], seconds=5.0)
    unknown = said(one, full, unit="seconds")
    assert unknown.startswith(
        "No seconds yet: what an update takes in BatchViz's compiled loop on this machine"
    )
    assert "leads" not in unknown
    assert "B = 1 has" not in unknown
    found = said(one, full, unit="seconds", timed=True)
    assert "After 0.000168 seconds" in found, "two updates of full batch, whatever the runs took"


def test_runs_trained_elsewhere_are_on_the_clock_of_this_machine_and_that_is_said():
    archive = made(RunSpec(batch_size=64, budget=1), [1, 0.3], source=Source.ARCHIVE)
    pair = (*seeds(8, [0.5]), archive)
    said_so = "was trained elsewhere; these are seconds of this machine."
    assert said_so in said(*pair, unit="seconds", timed=True)
    assert said_so not in said(*pair, unit="epochs", timed=True)


def test_runs_without_a_clock_are_left_out_until_it_is_measured():
    found = (*seeds(8, [0.5]), *seeds(64, [0.4]), *seeds(64, [0.3], hidden="64"))
    runs, series = together(*found)
    text = statement(compare(runs, series, unit="seconds", clocks=clocks(runs[:2])))
    assert "Left out until their clock is measured: B = 64, hidden 64." in text
    assert "no value at this budget" not in text
    stranger = said(*seeds(8, [0.5]), history(), unit="seconds", timed=True)
    assert "different data" in stranger


def test_a_budget_of_time_is_called_time_on_this_machine():
    spec = RunSpec(batch_size=8, budget_unit="seconds", budget=2.0)
    assert said(made(spec, [1.0, 0.2])).startswith("After 2 s of training on this machine, B = 8 has")


def test_sixty_four_runs_are_told_in_a_few_words():
    ends = 0.5 + 0.01 * np.random.default_rng(0).normal(size=(16, 4))
    many = [
        made(RunSpec(batch_size=b + 1, seed=s, budget=1), [1, ends[b, s]])
        for b in range(16)
        for s in range(4)
    ]
    found = said(*many, *seeds(512, [0.9, 0.91, 0.92, 0.93]))
    assert "clearly lower than B = 512. Clear: 1.87 times lower than B = 512 (4 of 4 seeds)." in found
    assert re.search(
        r"Not settled yet: \S+ % lower than B = \d+ \(\d of 4 seeds\), "
        r"(\S+ % lower than B = \d+ \(\d of 4\),? (and )?){3}11 more\.",
        found,
    )
    assert len(found) < 700


def test_what_users_wrote_is_quoted_as_it_is():
    runs, series = together(*CLEAR)
    text = statement(compare(runs, series, names={run.id: "<b>x</b>" for run in runs[:10]}))
    assert "<b>x</b> has the lowest" in text


CASTS = {
    "nothing": [],
    "clear": CLEAR,
    "one": CLEAR[:1],
    "imports": [history(), history(title="log of Bob")],
    "mixed": [*CLEAR, *seeds(64, [0.5], dataset="digits"), history()],
    "budgets": [made(RunSpec(batch_size=8, budget=2)), made(RunSpec(budget_unit="updates", budget=50), [1, 0.5, 0.3])],
    "states": [
        made(RunSpec(batch_size=b, budget=1), [1, math.nan][:n], status=status)
        for b, n, status in zip((1, 2, 4, 8, 16, 32), (2, 2, 2, 1, 0, 0), Status, strict=True)
    ],
    "no rows": [made(RunSpec(batch_size=b), []) for b in (8, 64)],
    "start only": [made(RunSpec(batch_size=b), [1.0], status=Status.STOPPED) for b in (8, 64)],
}  # fmt: skip


@pytest.mark.parametrize("cast", CASTS)
@pytest.mark.parametrize("metric", METRICS)
def test_every_statement_is_whole_sentences_without_numbers_that_are_none(cast, metric):
    for unit, series_known in itertools.product((None, *UNITS), (True, False)):
        runs, series = together(*CASTS[cast])
        found = compare(runs, series if series_known else {}, metric=metric, unit=unit)
        assert sentences(found)[0] == headline(found)
        for sentence in sentences(found):
            assert re.fullmatch(r"\S.*[.]", sentence), sentence
            assert "nan" not in sentence.lower().split(), sentence
            assert "–" not in sentence, sentence
            assert "  " not in sentence, sentence
            assert " ." not in sentence, sentence
        assert len(found.table.rows) == len(found.groups)


def test_over_the_chart_stands_who_leads_and_who_is_left_out_and_under_it_what_that_rests_on():
    """A phone shows some ten lines before the chart is off its screen."""
    broken = made(RunSpec(batch_size=2, budget=1), [1.0, math.nan], status=Status.DIVERGED)
    runs, series = together(*CLEAR, *seeds(512, np.linspace(0.11, 0.19, 10)), broken)
    found = compare(runs, series)
    over, under = lead(found), detail(found)
    assert over[0] == headline(found)
    assert any("diverged" in sentence for sentence in over)
    assert not any(sentence.startswith(("Clear:", "Not equal:", "One learning rate")) for sentence in over)
    assert [sentence.partition(":")[0] for sentence in under if ": " in sentence] == [
        *("Clear", "Not distinguishable", "One learning rate for all (0.001)"),
    ]
    apart = compare(*together(*seeds(8, [0.1]), *seeds(8, [0.1], dataset="digits")))
    assert (lead(apart), detail(apart)) == (sentences(apart), ())


def test_a_run_is_not_judged_by_the_order_in_which_it_was_chosen():
    runs, series = together(*CLEAR)
    again = compare([replace(run) for run in runs[::-1]], series)
    assert statement(again) == statement(compare(runs, series))
