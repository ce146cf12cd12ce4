"""A sweep in words: the answer, its parts, a finding over every figure, and the caveats, on known constants."""

import re
from dataclasses import replace

import pytest

from batchviz.analysis.sweep.findings import sweep_findings
from batchviz.experiment.spec import RunSpec
from batchviz.text.sweep import figures
from batchviz.text.sweep.answer import headline, parts
from batchviz.text.sweep.caveats import caveat_sentences
from tests.analysis.sweep.made import ladder_clock, lawful, sweep_spec

BASE = RunSpec(budget_unit="updates", budget=30_000, noise=0.0, dataset="teacher")
SIZES, RATES = (1, 4, 16, 64, 256, "full"), (0.001, 0.003, 0.01)


def found(clock=True, keep=lambda run: True, best=0.003, noise=0.03, **fields):
    spec = sweep_spec(SIZES, RATES, **{"base": BASE, "report_seeds": 10} | fields)
    runs = [run for run in lawful(spec, floor=20, critical=16, best=best, noise=noise) if keep(run)]
    return sweep_findings(spec, runs, ladder_clock(4e-6, 1e-6) if clock else None)


@pytest.fixture(scope="module")
def whole():
    return found()


def test_the_answer_is_a_set_with_its_seeds_the_measured_best_and_the_predicted_one(whole):
    said = headline(whole)
    best = whole.answer.timed[-1].choice.best
    assert said.startswith(
        f"To a validation MSE of {whole.targets[-1].value:g}, B = {best} took the least time here, "
    )
    assert "10 seeds do not tell" in said
    assert "are clearly worse" in said
    assert re.search(r"the best is expected near B = (7|8|9)", said)


def test_the_parts_are_never_mixed(whole):
    told = parts(whole)
    assert list(told)[:3] == ["What fits", "What is fast here", "What learns"]
    assert "MSE" not in told["What fits"] + told["What is fast here"]
    assert "second" not in told["What learns"]
    assert told["What is fast here"].startswith("Most examples a second: B = 800 (full), ")
    assert "about B = 4" in told["What is fast here"]
    assert told["What is fast here"].endswith("Clock of 21 September 2026: Test, 2 cores.")


def test_few_seeds_cannot_tell():
    said = headline(found(clock=False, report_seeds=3, noise=0.3))
    assert "but 3 seeds do not tell any other batch size from it" in said
    beside = list(caveat_sentences(found(report_seeds=3)))
    more = "10 report seeds would find any difference that goes the same way with all of them."
    assert f"3 seeds find only very large differences; {more}" in beside
    assert not any(more in each for each in caveat_sentences(found(report_seeds=10)))


def test_an_edge_is_part_of_the_answer():
    assert "is the highest one tried; a higher one may be better." in headline(found(best=0.05))


def test_before_anything_ended_nothing_is_claimed():
    none = found(keep=lambda run: False)
    assert headline(none) == "No answer yet: no run has ended with a loss."
    for figure in (figures.heat_map, figures.curves, figures.gap):
        assert figure(none) == figures.NOTHING_YET
    half = found(keep=lambda run: run.seed == 0)
    assert headline(half) == "No answer yet: at most one batch size has runs to compare."
    assert "18 of 114 runs have ended; this may change." in list(caveat_sentences(half))


def test_every_figure_has_a_finding(whole):
    assert figures.heat_map(whole) == "The best learning rate is 0.003 at every batch size."
    assert figures.curves(whole).startswith("At one learning rate, 0.003, the highest validation MSE is ")
    assert figures.steps_to_target(whole, 0).startswith(
        "From B = 1 to B = 800 (full) the batch is 800 times larger"
    )
    assert figures.cost(whole) == (
        "An update takes 4 µs and 1 µs for each example of its batch; "
        "at a batch size left out of the fit this is 0 % off at most."
    )
    assert figures.memory(whole) == "By the ledger, an example more takes 68–136 bytes."
    assert figures.equal(whole.equal_updates, whole).startswith("After 30,000 updates, ")
    assert figures.stable(whole) == "At no batch size does the grid show where the loss runs away."


def test_a_critical_batch_size_is_told_only_where_the_law_holds(whole):
    said = figures.law(whole.laws[0], whole)
    assert re.search(r"B_crit is about 1[5-7] \(95 % band 1\d to \d\d, largest residual", said)
    edge = found(best=0.05)
    assert "no B_crit: not every batch size had a learning rate of its own inside the grid" in figures.law(
        edge.laws[0], edge
    )


def test_sentences_are_whole_and_grammatical(whole):
    for findings in (whole, found(clock=False), found(report_seeds=3), found(best=0.05, targets=(0.5, 1e-9))):
        said = [headline(findings), *parts(findings).values(), *caveat_sentences(findings)]
        said += [figures.law(laws, findings) for laws in findings.laws]
        for sentence in said:
            assert sentence.endswith(".")
            assert "nan" not in sentence.lower().split()
            assert not re.search(r"B = \d+ are |None|\(\)| ,|\.\.", sentence), sentence


def test_what_was_not_measured_at_an_equal_budget_is_named(whole):
    places = tuple(
        replace(place, values={}) if place.batch_size in (4, 16) else place
        for place in whole.equal_updates.places
    )
    said = figures.equal(replace(whole.equal_updates, places=places), whole)
    assert said.endswith(" B = 4 and 16 were not measured there.")
