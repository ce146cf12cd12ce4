"""Whoever leads, every surface that names a leader names the same one: all of them read one Comparison."""

import math
import re

import numpy as np
import pytest

from batchviz.analysis.comparison import compare
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.figures.comparison import overlay
from batchviz.text.comparison import headline, lead_over, statement
from batchviz.text.evidence import effect
from batchviz.text.numbers import number
from batchviz.text.playground import describe
from batchviz.text.verdict import verdict_text
from tests.analysis.recorded import made, together

TRIALS = 200
SIZES = (1, 8, 64, "full")


def recorded(random):
    """Some runs as a page may hold them: mostly one experiment, now and then with what takes a ranking away."""
    chance = random.random
    sizes = [size for size in SIZES if chance() < 0.7] or [32]
    seeds = int(random.choice([1, 2, 3, 4, 10, 12]))
    odd = {"learning_rate": 0.1} if chance() < 0.1 else {"dataset": "teacher"} if chance() < 0.1 else {}
    scale, noise = float(random.choice([0.0, 0.3, 3.0])), float(random.choice([0.01, 0.1]))
    runs = []
    for place, size in enumerate(sizes):
        level = 1 + scale * random.random()
        for seed in range(seeds):
            if chance() < 0.05:
                continue
            status = Status.DONE if chance() < 0.95 else Status(random.choice(list(Status)))
            end = math.nan if status is Status.DIVERGED else level * float(np.exp(noise * random.normal()))
            spec = RunSpec(batch_size=size, seed=seed, budget=1, **(odd if place == 0 else {}))
            runs.append(made(spec, [3.0, end], status=status))
    return together(*runs)


def leader_in_headline(comparison):
    match = re.search(r"(B = \S+) has the lowest", headline(comparison))
    return match and match[1]


def leader_in_table(comparison):
    """The lowest mean; groups of which a seed broke come last."""
    rows = [row for row in comparison.table.rows if row.at_budget.seeds]
    return (
        min(rows, key=lambda row: (row.survivors, row.at_budget.mean)).group.label if len(rows) > 1 else None
    )


PAIR = r"of (B = \S+) is (.+?) (lower|higher) than that of (B = \S+) \((.*?)\): (.*?)[.;(]"
"""The words on a pair, in the Playground and in the box: first, size, way, second, seeds, grade."""


def leader_in_playground(sentence):
    if match := re.search(r"On average (B = \S+) ended lowest", sentence):
        return match[1]
    match = re.search(PAIR, sentence)
    return match and (match[1] if match[3] == "lower" else match[4])


@pytest.fixture(scope="module")
def trials():
    random = np.random.default_rng(0)
    return [recorded(random) for _ in range(TRIALS)]


def test_headline_table_picture_and_playground_name_the_same_leader_or_none(trials):
    named = both = 0
    for runs, series in trials:
        comparison = compare(runs, series)
        leader, sentence = leader_in_headline(comparison), describe(runs, series).sentence
        other = leader_in_playground(sentence)
        assert leader == (comparison.leader and comparison.leader.label)
        assert None in (leader, other) or leader == other, (headline(comparison), sentence)
        named, both = named + bool(leader), both + bool(leader and other)
        if leader:
            assert leader_in_table(comparison) == leader, headline(comparison)
            mean = comparison.ranking.places[0].mean
            assert f"({number(mean)}, " in headline(comparison)
            if len(comparison.leader.where(Status.DONE)) == len(comparison.leader.runs):
                assert f"{leader}: from 3 to {number(mean)}." in overlay(comparison).alt
    assert named > TRIALS / 3
    assert both > TRIALS / 20


def test_the_verdict_on_smallest_and_largest_is_that_of_the_playground(trials):
    judged = 0
    for runs, series in trials:
        sentence = describe(runs, series).sentence
        if (match := re.search(PAIR, sentence)) is None:
            continue
        comparison = compare([run for run in runs if run.status is not Status.STOPPED], series)
        by_label = {group.label: group for group in comparison.groups}
        verdict = comparison.verdict(by_label[match[1]], by_label[match[4]])
        judged += 1
        assert re.search(PAIR, verdict_text(verdict)).groups() == match.groups()
    assert judged > TRIALS / 20


def test_headline_box_and_table_give_a_pair_one_effect_and_one_grade(trials):
    """The leader against each other, wherever it is said: the words come from one value."""
    told = 0
    for runs, series in trials:
        comparison = compare(runs, series)
        for group in comparison.groups:
            cell = lead_over(comparison, group)
            if not cell:
                continue
            verdict = comparison.verdict(comparison.leader, group)
            assert cell.startswith(effect(verdict.evidence))
            if cell.endswith(", clear"):
                assert verdict.better is comparison.leader
                assert "clear" in headline(comparison)
            assert (verdict.better is comparison.leader) == cell.endswith(", clear")
            told += 1
    assert told > TRIALS / 3


def test_a_pair_is_judged_alike_whether_its_race_stands_alone_or_beside_another():
    def race(**settings):
        ends = enumerate(0.1 * 1.06 ** np.arange(5))
        return [
            made(RunSpec(batch_size=size, seed=seed, budget=1, **settings), [3.0, end * (1 + 0.002 * seed)])
            for (_, end), size in zip(ends, (1, 8, 32, 128, "full"), strict=True)
            for seed in range(10)
        ]

    plain, linear = race(), race(learning_rate_rule="linear")
    alone = compare(*together(*plain))
    both = compare(*together(*plain, *linear))
    pair = alone.groups[0], alone.groups[-1]
    same = [group for group in both.groups if group.spec.learning_rate_rule == "fixed"]
    judged, beside = alone.verdict(*pair), both.verdict(same[0], same[-1])
    assert judged.evidence == beside.evidence
    assert "a clear difference" in verdict_text(beside)
    assert describe(*together(*plain, *linear)).sentence.count("a clear difference") == 2
    told = statement(both)
    assert "Fixed rate: After 1 epoch, B = 1 has the lowest" in told
    assert "Linear rule: After 1 epoch, B = 1 has the lowest" in told
    across = both.verdict(same[0], next(g for g in both.groups if g.spec.learning_rate_rule == "linear"))
    assert (judged.evidence.pairs, across.evidence.pairs) == (10, 45)
