"""A whole sweep of made-up runs with known constants: what is chosen, reported, reached, and answered."""

import math
from dataclasses import replace

import pytest

from batchviz.analysis.sweep.caveats import (
    LadderEnds,
    NothingStable,
    NotReached,
    RateAtEdge,
    Refused,
    UnderWay,
)
from batchviz.analysis.sweep.findings import sweep_findings
from batchviz.analysis.sweep.laws import Distrust
from batchviz.analysis.sweep.machine import OtherMachine, elsewhere
from batchviz.analysis.sweep.rates import Bracket, chosen_rates
from batchviz.analysis.sweep.targets import Refusal
from batchviz.analysis.sweep.to_target import Arrival
from batchviz.experiment.clock import Line
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import clock
from tests.analysis.sweep.made import ladder_clock, lawful, sweep_spec

CLOCK = ladder_clock(4e-6, 1e-6)
UPDATES = RunSpec(budget_unit="updates", budget=30_000, noise=0.0, dataset="teacher")
SIZES = (1, 4, 16, 64, 256, "full")


@pytest.fixture(scope="module")
def spec():
    return sweep_spec(SIZES, (0.001, 0.003, 0.01), base=UPDATES, report_seeds=10)


@pytest.fixture(scope="module")
def runs(spec):
    """S = 20 (1 + 16 / B) at the best rate, .003; 3 % of noise between seeds."""
    return lawful(spec, floor=20, critical=16, best=0.003, noise=0.03)


@pytest.fixture(scope="module")
def findings(spec, runs):
    return sweep_findings(spec, runs, CLOCK)


def test_rates_are_chosen_on_selection_seeds_and_everything_else_is_of_report_seeds(spec, findings):
    assert [best.learning_rate for best in findings.best_rates] == [0.003] * 6
    assert {best.bracket for best in findings.best_rates} == {Bracket.BRACKETED}
    assert {run.seed for cell in findings.cells for run in cell.runs} == {0, 1, 2}
    assert {run.seed for cell in findings.reported for run in cell.runs} == set(range(3, 13))
    seeds = {seed.seed for places in findings.to_target for place in places for seed in place.seeds}
    assert seeds == set(range(3, 13))


def test_what_is_reported_does_not_follow_selection_seeds(spec, runs):
    """Selection seeds at the best rate made ten times better: the choice may like them, no reported number moves."""
    lucky = [
        replace(run, final=run.final / 10) if run.seed < 3 and run.learning_rate == 0.003 else run
        for run in runs
    ]
    before, after = sweep_findings(spec, runs), sweep_findings(spec, lucky)
    assert [cell.mean for cell in before.reported] == [cell.mean for cell in after.reported]
    assert before.answer.learns == after.answer.learns


def test_targets_lie_between_the_pilots_start_and_its_end(spec, runs, findings):
    values = [target.value for target in findings.targets]
    pilot = next(r for r in runs if (r.batch_size, r.learning_rate, r.seed) == (16, 0.003, 0))
    assert len(values) == 3
    assert pilot.curve.values[0] > values[0] > values[1] > values[2] > pilot.final


def test_the_law_and_the_best_size_are_found(findings):
    """Loss 1 / (1 + u / S): the updates to a loss c are S (1 / c - 1)."""
    for target, laws in zip(findings.targets, findings.laws, strict=True):
        assert laws.hyperbola.trusted, laws.hyperbola.distrust
        assert laws.critical_batch_size == pytest.approx(16, rel=0.15)
        assert laws.hyperbola.floor == pytest.approx(20 * (1 / target.value - 1), rel=0.15)
    timed = findings.answer.timed[-1]
    assert timed.predicted == pytest.approx(math.sqrt(4 * 16), rel=0.15)
    assert timed.choice.best in (4, 16), "8 was not tried; both its neighbours take 11 % longer"
    assert {1, 256, 800} <= set(timed.choice.worse)
    assert {4, 16} <= set(timed.choice.alike)


def test_seconds_are_updates_on_the_clock(findings):
    for place in findings.to_target[0]:
        in_the_mean = 800 / math.ceil(800 / place.batch_size)
        assert place.seconds == pytest.approx(place.updates * (4e-6 + 1e-6 * in_the_mean), rel=0.02)
        assert place.examples == pytest.approx(place.updates * in_the_mean, rel=0.02)


def test_on_another_machine_the_same_updates_take_other_seconds_and_another_size_is_best(findings):
    slow_start = elsewhere(findings, OtherMachine(Line(1e-3, 1e-6), 68, 0.05, memory=1e6))
    assert slow_start.timed[-1].choice.best in (64, 256, 800)
    assert slow_start.timed[-1].predicted == pytest.approx(math.sqrt(1000 * 16), rel=0.15)
    assert [[p.updates for p in places] for places in slow_start.to_target] == [
        [p.updates for p in places] for places in findings.to_target
    ]
    assert 6000 < slow_start.largest < 1e6 / 136
    assert elsewhere(findings, OtherMachine(Line(1e-3, 1e-6), 68, 0.05, memory=10)).largest is None
    assert elsewhere(findings, OtherMachine(Line(1e-3, 1e-6), 68, 0.5)).timed[-1].predicted is None


def test_a_size_that_does_not_arrive_is_shown_and_counts_as_longer(spec, runs):
    cut = [stopped_short(run) if run.batch_size == 1 else run for run in runs]
    found = sweep_findings(spec, cut, CLOCK)
    place = found.to_target[-1][0]
    assert (place.arrival, place.updates, place.at_least) == (Arrival.NONE, None, 100)
    assert found.laws[-1].critical_batch_size is None
    assert Distrust.ENDS_MISSING in found.laws[-1].hyperbola.distrust
    assert NotReached(place.target, (1,)) in found.answer.caveats
    assert 1 in found.answer.timed[-1].choice.at_least
    assert found.answer.timed[-1].choice.best != 1


def stopped_short(run):
    keep = run.curve.updates <= 100
    curve = replace(
        run.curve,
        updates=run.curve.updates[keep],
        examples=run.curve.examples[keep],
        values=run.curve.values[keep],
    )
    return replace(run, curve=curve, updates_end=100, final=float(curve.values[-1]))


def test_a_best_rate_on_the_edge_of_the_grid_is_named_and_no_law_is_believed(spec):
    runs = lawful(spec, floor=20, critical=16, best=0.02, noise=0.03)
    found = sweep_findings(spec, runs)
    assert {best.bracket for best in found.best_rates} == {Bracket.HIGH_EDGE}
    assert RateAtEdge(found.sizes, "highest") in found.answer.caveats
    assert all(laws.critical_batch_size is None for laws in found.laws)


def test_a_rate_above_which_runs_diverge_is_bracketed(spec):
    runs = lawful(spec, floor=20, critical=16, best=0.003, noise=0.03)
    runs = [diverged(run) if run.learning_rate == 0.01 else run for run in runs]
    found = sweep_findings(spec, runs)
    assert {best.bracket for best in found.best_rates} == {Bracket.BRACKETED}
    assert {(each.stable, each.diverged) for each in found.stable} == {(0.003, 0.01)}


def diverged(run):
    return replace(run, status=Status.DIVERGED, final=None)


def test_where_every_rate_diverges_nothing_is_chosen_and_the_others_go_on(spec, runs):
    broken = [diverged(run) if run.batch_size == 800 else run for run in runs]
    found = sweep_findings(spec, broken, clock())
    assert found.best_rates[-1].bracket is Bracket.ALL_DIVERGED
    assert NothingStable((800,)) in found.answer.caveats
    assert "full" not in chosen_rates(spec, broken)
    assert set(chosen_rates(spec, broken)) == {1, 4, 16, 64, 256}
    assert 800 not in found.answer.learns.alike
    everything = [diverged(run) for run in runs]
    nothing = sweep_findings(spec, everything, clock())
    assert (nothing.reported, nothing.answer.learns, nothing.answer.timed) == ((), None, ())


def test_a_target_below_the_floor_is_refused_and_so_is_one_above_the_start():
    spec = sweep_spec((8, 32), (0.001,), base=RunSpec(), targets=(5.0, 0.2, 0.05))
    found = sweep_findings(spec, lawful(spec, floor=20, critical=16, best=0.001))
    refused = {target.value: target.refusal for target in found.targets}
    assert refused == {5.0: Refusal.ABOVE_START, 0.2: None, 0.05: Refusal.BELOW_FLOOR}
    assert len(found.to_target) == 1
    assert Refused(0.05, Refusal.BELOW_FLOOR) in found.answer.caveats


def test_a_sweep_under_way_says_so_and_no_rate_is_final(spec, runs):
    assert sweep_findings(spec, []).answer.learns is None
    some = [run for run in runs if run.seed == 0]
    found = sweep_findings(spec, some)
    assert {best.bracket for best in found.best_rates} == {Bracket.NOT_YET}
    assert chosen_rates(spec, some) == {}
    assert found.targets, "the pilot has ended"
    selected = [run for run in runs if run.seed < 3]
    found = sweep_findings(spec, selected)
    assert UnderWay(54, 114) in found.answer.caveats
    assert found.answer.learns is None, "report seeds are still to come"


def test_the_best_size_at_an_end_of_the_ladder_is_named(spec):
    sizes = sweep_spec((8, 32, 128), (0.001, 0.003, 0.01), base=UPDATES)
    runs = lawful(sizes, floor=20, critical=16, best=0.003)
    assert LadderEnds(128, "largest") in sweep_findings(sizes, runs).answer.caveats


def test_equal_amounts_are_read_where_they_were_measured(findings):
    assert (findings.equal_updates.amount, findings.equal_examples.amount) == (30_000, 30_000)
    assert all(len(place.values) == 10 for place in findings.equal_updates.places)
    assert [bool(place.values) for place in findings.equal_examples.places][:1] == [True]
