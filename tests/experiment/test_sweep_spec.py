"""A sweep is a value: it says which runs it is, in which order, and what is too much."""

from __future__ import annotations

import pytest

from batchviz.errors import SpecError
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint
from batchviz.experiment.limits import MAX_SWEEP_RUNS
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec


def sweep(**values):
    """A small one."""
    return SweepSpec.parse(
        {"batch_sizes": (1, 8, "full"), "learning_rates": (0.001, 0.01), "epochs": 2} | values
    )


def test_its_runs_are_every_size_at_every_rate_with_every_seed():
    spec = sweep(seeds=3, seed=5)
    runs = {(run.batch_size, run.learning_rate, run.seed) for run in spec.selection_specs}
    assert runs == {(size, rate, seed) for size, rate in spec.cells for seed in (5, 6, 7)}
    assert len(spec.selection_specs) == len(runs) == 18


def test_the_pilot_is_first_and_one_seed_of_every_cell_comes_before_the_second():
    spec = sweep(seeds=2)
    first, *others = spec.selection_specs
    assert first == spec.pilot == RunSpec(batch_size=8, learning_rate=0.01, budget=2)
    assert [run.seed for run in others] == [0] * 5 + [1] * 6
    sizes = [run.batch_size for run in others[5:]]
    assert sizes == ["full", "full", 8, 8, 1, 1]  # the cheap ones first


def test_at_equal_updates_the_small_batches_are_the_cheap_ones():
    spec = SweepSpec.parse({"batch_sizes": "full,1,8", "learning_rates": "0.1", "updates": 50, "seeds": 1})
    assert [run.batch_size for run in spec.selection_specs] == [8, 1, "full"]  # after the pilot


def test_what_is_reported_was_not_looked_at_when_rates_were_chosen():
    spec = sweep(seeds=3, report_seeds=2)
    reported = spec.report_specs({1: 0.001, "full": 0.01})
    assert {(run.batch_size, run.learning_rate) for run in reported} == {(1, 0.001), ("full", 0.01)}
    assert {run.seed for run in reported} == {3, 4} == set(spec.reported_seeds)
    assert not set(spec.selection_specs) & set(reported)
    assert spec.count_runs() == 18 + 6


def test_with_one_rate_nothing_is_chosen_and_the_first_seeds_are_reported():
    spec = sweep(learning_rates=(0.01,), report_seeds=7)
    assert not spec.selects
    assert spec.report_specs({1: 0.01}) == ()
    assert spec.reported_seeds == spec.selection_seeds == (0, 1, 2)
    assert spec.count_runs() == 9
    assert spec == sweep(learning_rates=(0.01,), report_seeds=3)


def test_equal_sweeps_are_equal_values_however_they_were_written():
    spec = sweep(seeds=3)
    assert spec == sweep(batch_sizes="full, 8, 1", learning_rates=["0.01", 0.001], batch_size=None)
    assert spec.hash == sweep(learning_rate=0.5).hash  # the base's own rate is not trained
    assert spec.hash != sweep(seeds=2).hash
    assert SweepSpec.model_validate_json(spec.model_dump_json()) == spec
    assert spec.replace(epochs=7) == sweep(epochs=7)


def test_without_a_grid_there_is_a_ladder_below_the_rows_around_the_base_rate():
    spec = SweepSpec.parse({"rows": 100, "learning_rate": 0.02})
    assert spec.batch_sizes == (1, 4, 16, 64, "full")
    assert spec.learning_rates == (0.002, 0.006, 0.02, 0.06, 0.2)
    ruled = SweepSpec.parse({"learning_rate_rule": "linear", "learning_rate": 0.02})
    assert ruled.learning_rates == (0.02,)


def test_its_updates_and_seconds_are_those_of_its_runs():
    spec = sweep(seeds=2, report_seeds=1)
    runs = [*spec.selection_specs, *spec.report_specs(dict.fromkeys(spec.batch_sizes, 0.01))]
    assert spec.updates == sum(plan_for(run).updates for run in runs)
    points = tuple(ClockPoint(size, s, s, s) for size, s in ((1, 1e-3), (8, 2e-3), (800, 9e-3)))
    clock = Clock("n", ClockPath.LOOP, "m", 0.0, points)
    seconds = {1: 1e-3, 8: 2e-3, "full": 9e-3}
    expected = sum(plan_for(run).updates * seconds[run.batch_size] for run in runs)
    assert spec.seconds(clock) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"batch_sizes": "1,900"},
            "Batch sizes: 900 is more than the 800 training rows. Expected at most 800",
        ),
        ({"batch_sizes": "800,full"}, "Batch sizes: 800 and full are the same here."),
        ({"batch_sizes": "8,1,8"}, "Batch sizes: 8 stands there twice; expected each once."),
        ({"learning_rates": "0.1,0.10"}, "Learning rates: 0.1 stands there twice"),
        (
            {"learning_rates": "0,0.1"},
            "Learning rates: got '0'; expected up to 16 numbers above 0, at most 1,000",
        ),
        ({"learning_rates": "2000"}, "; expected up to 16 numbers above 0, at most 1,000"),
        ({"learning_rates": "fast"}, "Learning rates: got"),
        (
            {"batch_sizes": "0"},
            '; expected up to 16 batch sizes, for example "1, 8, 32, full"',
        ),
        ({"batch_sizes": ""}, "Batch sizes: got []; expected up to 16 batch sizes"),
        ({"batch_sizes": list(range(1, 18))}, "Batch sizes: got [1, 2"),
        ({"batch_sizes": [True]}, "Batch sizes: got [True]; expected"),
        ({"seeds": 0}, "Seeds: got 0; expected a whole number from 1 to 20."),
        (
            {"targets": "0.4,0.3,0.2,0.1"},
            "Targets: got ['0.4', '0.3', '0.2', '0.1']; expected up to 3 losses above 0",
        ),
        (
            {"seconds": 5, "epochs": None},
            "Budget: a sweep gives every run equally many epochs, updates or examples.",
        ),
        ({"validation_split": 0}, "Validation split: a sweep compares validation losses."),
        ({"batch_schedule": "2:8"}, "Batch schedule: a sweep trains each run at one batch size."),
        ({"learning_rate_rule": "linear"}, "Learning rates: got 2 with the rule linear"),
        ({"batch_size": 8}, "Unknown setting batch_size; expected batch_sizes"),
        ({"batchsizes": 8}, "Unknown setting 'batchsizes'"),
        ({"seed": 2**31 - 3}, "Seed: the last of the sweep would be 2,147,483,650"),
        ({"epochs": 9000}, "Batch size 1: This run would take 7,200,000 updates"),
    ],
)
def test_what_cannot_be_a_sweep_is_explained(values, words):
    with pytest.raises(SpecError) as caught:
        sweep(**values)
    assert words in str(caught.value)


def test_a_grid_too_large_is_refused_with_its_number():
    with pytest.raises(SpecError) as caught:
        sweep(batch_sizes=range(1, 17), learning_rates=[0.001 * k for k in range(1, 17)], seeds=5)
    assert str(caught.value) == (
        "The sweep would be 1,328 runs: 16 batch sizes x 16 learning rates x 5 seeds, and 3 more at each size's best "
        f"rate. Expected at most {MAX_SWEEP_RUNS:,}; leave out batch sizes, rates or seeds."
    )
    with pytest.raises(
        SpecError, match="would take 102,600,000 updates in 54 runs; expected at most 100,000,000"
    ):
        sweep(epochs=6000, batch_sizes=(1, 8, 16), seeds=7, report_seeds=4)
