"""What runs say of a question: by the evidence of a comparison where it is measured, exactly where it is counted."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from batchviz import lessons
from batchviz.experiment.clock import clock_key
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series
from batchviz.lessons import Lesson, Measure, Question
from batchviz.lessons.outcome import Recorded, Relation, outcome
from tests.analysis.recorded import clock, made

ENDS = {8: 0.2, 64: 0.4, 512: 0.8}


def budgets() -> Lesson:
    return lessons.get("budgets")


def race(lesson: Lesson, ends: Mapping[int, Sequence[float]]) -> Recorded:
    """Runs that end at these values, one a seed."""
    runs, epochs = [], {}
    for size, values in ends.items():
        for seed, value in enumerate(values):
            spec = lesson.base.replace(batch_size=size, seed=seed)
            run, rows = made(spec, (1.0, value), run_id=f"B{size}seed{seed}")
            runs.append(run)
            epochs[run.id] = rows
    return Recorded(runs, epochs)


def noisy(end: float, seeds: int = 10, noise: float = 0.01) -> list[float]:
    random = np.random.default_rng(int(end * 1000))
    return list(end * (1 + noise * random.normal(size=seeds)))


def relations(lesson: Lesson, question: Question, recorded: Recorded) -> dict[tuple[str, str], Relation]:
    found = outcome(lesson, question, recorded)
    assert found is not None
    return {(pair.first, pair.second): pair.relation for pair in found.pairs}


def test_a_clear_difference_settles_a_pair() -> None:
    recorded = race(budgets(), {size: noisy(end) for size, end in ENDS.items()})
    assert set(relations(budgets(), budgets().predict, recorded).values()) == {Relation.LOWER}


def test_ten_seeds_that_do_not_tell_two_apart_are_a_tie_and_three_are_open() -> None:
    for seeds, relation in ((10, Relation.SAME), (3, Relation.OPEN)):
        random = np.random.default_rng(1)
        alike = {size: 0.4 * (1 + 0.05 * random.normal(size=seeds)) for size in ENDS}
        assert set(relations(budgets(), budgets().predict, race(budgets(), alike)).values()) == {relation}


def test_one_seed_settles_nothing_however_large_the_difference() -> None:
    recorded = race(budgets(), {size: [end] for size, end in ENDS.items()})
    assert set(relations(budgets(), budgets().predict, recorded).values()) == {Relation.OPEN}


def test_a_run_that_diverged_is_last() -> None:
    recorded = race(budgets(), {size: noisy(end) for size, end in ENDS.items()})
    runs: list[Run] = [
        made(run.spec, (1.0, math.inf), run_id=run.id, status=Status.DIVERGED)[0]
        if run.id == "B8seed3"
        else run
        for run in recorded.runs
    ]
    broken = Recorded(runs, recorded.epochs)
    found = relations(budgets(), budgets().predict, broken)
    assert found["8", "64"] is Relation.HIGHER
    assert found["64", "512"] is Relation.LOWER


def test_without_runs_nothing_is_known() -> None:
    found = outcome(budgets(), budgets().predict, Recorded())
    assert found is not None
    assert not found.is_known
    assert {pair.relation for pair in found.pairs} == {Relation.OPEN}


def test_a_question_with_a_right_option_has_no_outcome() -> None:
    assert outcome(budgets(), budgets().why, Recorded()) is None


def asked(measure: Measure, sizes: Sequence[int], kind: str = "pick") -> Question:
    options = [{"key": str(size), "text": f"B = {size}", "spec": {"batch_size": size}} for size in sizes]
    scale = {"low": 0, "high": 9999} if kind == "place" else {}
    return Question.model_validate(
        {"key": "see", "kind": kind, "text": "?", "measure": measure, "options": options, **scale}
    )


@pytest.mark.parametrize(
    ("measure", "values"),
    [
        (Measure.UPDATES_PER_EPOCH, {"8": 180, "64": 23, "512": 3}),
        (Measure.UPDATES, {"8": 1800, "64": 230, "512": 30}),
        (Measure.LAST_BATCH, {"8": 5, "64": 29, "512": 413}),
    ],
)
def test_what_is_counted_is_exact(measure: Measure, values: Mapping[str, int]) -> None:
    # 1,437 of 1,797 digits are trained on: floor(1797 * .8).
    found = outcome(budgets(), asked(measure, (8, 64, 512)), Recorded())
    assert found is not None
    assert found.values == values


def test_equal_counts_are_a_tie() -> None:
    found = relations(budgets(), asked(Measure.UPDATES_PER_EPOCH, (480, 512)), Recorded())
    assert found == {("480", "512"): Relation.SAME}


def test_spread_is_the_standard_deviation_over_updates_and_its_ratio_is_paired() -> None:
    lesson = budgets()
    runs: list[Run] = []
    updates: dict[str, Series] = {}
    for size, spread in ((8, 0.4), (64, 0.1), (512, 0.05)):
        for seed in range(10):
            run, _ = made(lesson.base.replace(batch_size=size, seed=seed), run_id=f"B{size}seed{seed}")
            random = np.random.default_rng([size, seed])
            runs.append(run)
            updates[run.id] = {"loss": (2 + spread * random.normal(size=400)).astype(np.float32)}
    recorded = Recorded(runs, {}, updates)
    found = outcome(lesson, asked(Measure.SPREAD, (8, 64)), recorded)
    ratio = outcome(lesson, asked(Measure.SPREAD_RATIO, (64,), "place"), recorded)
    assert found is not None
    assert ratio is not None
    expected = {
        size: np.mean(
            [np.std(updates[f"B{size}seed{seed}"]["loss"].astype(float), ddof=1) for seed in range(10)]
        )
        for size in (8, 64)
    }
    assert found.values == pytest.approx({"8": expected[8], "64": expected[64]})
    assert [pair.relation for pair in found.pairs] == [Relation.HIGHER]
    assert ratio.values["64"] == pytest.approx(4, rel=0.05)


def test_seconds_are_those_of_the_clock_and_within_its_scatter_nothing_is_settled() -> None:
    lesson = budgets()
    known = clock(overhead=1e-3, per_example=1e-5)
    recorded = Recorded(clocks={clock_key(lesson.base) or "": known})
    ratio = outcome(lesson, asked(Measure.UPDATE_SECONDS_RATIO, (512,), "place"), recorded)
    assert ratio is not None
    assert ratio.values == pytest.approx({"512": 6.12e-3 / 1.08e-3})  # to the first member, B = 8
    found = relations(lesson, asked(Measure.SECONDS, (8, 512, 1024)), recorded)
    # 180 ms and 14 ms; then 3 ms + 14.37 ms against 2 ms + 14.37 ms, less than the clock's repeats differ
    assert found["8", "512"] is Relation.HIGHER
    assert found["512", "1024"] is Relation.OPEN
    unknown = outcome(lesson, asked(Measure.SECONDS, (8, 64)), Recorded())
    assert unknown is not None
    assert not unknown.is_known


def test_equal_seconds_are_told_by_the_runs_that_end_there_and_by_nothing_else() -> None:
    lesson = budgets()
    question = asked(Measure.VALIDATION_LOSS_AT_EQUAL_SECONDS, (8, 512))
    full = race(lesson, {size: noisy(end) for size, end in ENDS.items()})
    before = outcome(lesson, question, full)
    assert before is not None
    assert not before.is_known
    ending = {}
    runs = []
    for size, updates, end in ((8, 100, 0.9), (512, 30, 0.5)):
        for seed, value in enumerate(noisy(end)):
            spec = lesson.base.replace(batch_size=size, seed=seed, budget_unit="updates", budget=updates)
            run, rows = made(spec, (1.0, value), run_id=f"E{size}seed{seed}")
            runs.append(run)
            ending[run.id] = rows
    found = outcome(lesson, question, Recorded(full.runs, full.epochs, equal=Recorded(runs, ending)))
    assert found is not None
    assert found.values == pytest.approx({"8": 0.9, "512": 0.5}, rel=0.02)
    assert [pair.relation for pair in found.pairs] == [Relation.HIGHER]


def test_a_rate_is_chosen_by_seeds_that_report_nothing() -> None:
    lesson = lessons.get("own-rate")
    # Rate 0.004 is best for the three that choose; the ten that report would rather have 0.016.
    ends = {0.001: (0.9, 0.9), 0.004: (0.3, 0.6), 0.016: (0.5, 0.2)}
    runs, epochs = [], {}
    for size, factor in ((8, 1.0), (64, 2.0)):
        for rate, (choosing, reporting) in ends.items():
            for seed in range(lesson.seeds):
                end = factor * (choosing if seed < 3 else reporting) * (1 + 0.001 * (seed % 4))
                spec = lesson.base.replace(batch_size=size, learning_rate=rate, seed=seed)
                run, rows = made(spec, (2.0, end), run_id=f"B{size}at{rate}seed{seed}")
                runs.append(run)
                epochs[run.id] = rows
    [question] = lesson.also
    found = outcome(lesson, question, Recorded(runs, epochs))
    assert found is not None
    assert found.rates == {"8": 0.004, "64": 0.004}
    assert found.values == pytest.approx({"8": 0.6, "64": 1.2}, rel=0.01)
    assert len(found.seeds["8"]) == 10
    assert [pair.relation for pair in found.pairs] == [Relation.LOWER]


def test_what_keras_prints_is_told_against_the_loss_at_the_end_of_that_epoch() -> None:
    lesson = lessons.get("keras-traps")
    runs, epochs = [], {}
    for seed in range(10):
        run, rows = made(lesson.base.replace(batch_size=8, seed=seed), (2.0, 0.5, 0.2), run_id=f"seed{seed}")
        epochs[run.id] = {
            **rows,
            "loss": np.array([np.nan, 0.9, 0.3], np.float32),
            "train_loss": np.array([2.0, 0.6, 0.25], np.float32),
        }
        runs.append(run)
    found = outcome(lesson, lesson.predict, Recorded(runs, epochs))
    assert found is not None
    assert found.values == pytest.approx({"8": 1.5})
