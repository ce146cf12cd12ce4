"""Seconds on a clock: each update at what its batch size takes, against a sum over every single batch."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchviz.analysis.pace import Clocks, Pace, Stretch, network, pace, plan_seconds, throughput
from batchviz.experiment.clock import clock_key
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Source
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import clock, made

SHARED = json.loads((Path(__file__).parents[1] / "shared" / "pace.json").read_text())


def summed(spec: RunSpec, overhead: float, per_example: float, updates: int) -> float:
    """Batch after batch, as they are trained: sizes cut from the rows, micro-batches averaged."""
    schedule, total, made = plan_for(spec).schedule, 0.0, 0
    for number in range(10**6):
        epoch = schedule.epoch(number)
        sizes = [
            min(epoch.batch_size, epoch.rows - start) for start in range(0, epoch.rows, epoch.batch_size)
        ]
        for start in range(0, len(sizes), epoch.accumulation):
            if made == updates:
                return total
            group = np.array(sizes[start : start + epoch.accumulation], np.float64)
            total += float((overhead + per_example * group).sum()) / epoch.accumulation
            made += 1
    raise AssertionError("unreachable")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"batch_size": 1, "rows": 50},
        {"batch_size": 32, "rows": 333},  # a smaller last batch
        {"batch_size": "full"},
        {"batch_size": 32, "budget_unit": "updates", "budget": 61},  # a last epoch cut short
        {"batch_size": 8, "batch_schedule": "3:64, 6:full", "budget": 9},
        {"batch_size": 64, "batch_schedule": "2:8", "rows": 333, "budget": 4},
    ],
)
def test_seconds_are_the_sum_over_every_batch_at_its_size(fields: dict[str, object]) -> None:
    spec = RunSpec.parse(fields)
    total = plan_for(spec).updates
    assert total is not None
    counts = sorted({0, 1, total // 3, total // 2, total - 1, total})
    found = pace(plan_for(spec), clock()).seconds(counts)
    assert found == pytest.approx([summed(spec, 4e-6, 1e-7, count) for count in counts])


@pytest.mark.parametrize(
    ("fields", "examples", "seconds"),
    [
        ({"batch_size": 32}, 32, 4e-6 + 32e-7),
        ({"batch_size": "full"}, 800, 4e-6 + 800e-7),
        ({"batch_size": 8, "batch_schedule": "3:64"}, 8, 4e-6 + 8e-7),
        (
            {"batch_size": 8, "accumulation": 4},
            32,
            4e-6 + 8e-7,
        ),  # the clock's update is of such micro-batches
    ],
)
def test_throughput_is_examples_over_the_seconds_of_their_update(
    fields: dict[str, object], examples: int, seconds: float
) -> None:
    assert throughput(plan_for(RunSpec.parse(fields)), clock()) == pytest.approx(examples / seconds)


@pytest.mark.parametrize("updates", [0, 1, 5, 6, 7, 13, 20])
def test_an_update_of_fewer_micro_batches_takes_less(updates: int) -> None:
    """Full updates take what the clock of accumulation says, what is left over its share, at an epoch's end exactly."""
    spec = RunSpec.parse(
        {"batch_size": 8, "accumulation": 4, "rows": 250, "budget": 3}
    )  # 25 batches: 7 updates
    found = pace(plan_for(spec), clock()).seconds(updates)
    assert float(found) == pytest.approx(summed(spec, 4e-6, 1e-7, updates))


@given(
    seconds=st.floats(1e-6, 0.1), size=st.sampled_from([1, 7, 32, 800]), later=st.sampled_from(["", "3:50"])
)
@settings(max_examples=60)
def test_the_updates_within_a_time_are_the_last_that_fit(seconds: float, size: int, later: str) -> None:
    of = pace(plan_for(RunSpec.parse({"batch_size": size, "batch_schedule": later})), clock())
    fit = of.updates_within(seconds)
    assert of.seconds(fit) <= seconds * (1 + 2e-6)
    assert of.seconds(fit + 1) > seconds


def test_a_plan_takes_what_its_updates_take_and_a_budget_of_time_that_time() -> None:
    plan = plan_for(RunSpec(batch_size=8, budget=3))
    assert plan_seconds(plan, clock()) == pytest.approx(300 * (4e-6 + 8e-7))
    assert plan_seconds(plan, None) is None
    assert plan_seconds(plan_for(RunSpec(budget_unit="seconds", budget=2.5)), None) == 2.5


def test_rows_on_a_clock_forget_what_was_recorded() -> None:
    run, rows = made(RunSpec(batch_size=8), seconds=123.0)
    key = clock_key(run.spec)
    assert key is not None
    found = Clocks(measured={key: clock()}).on_clock(run, rows)
    epoch = 100 * (4e-6 + 8e-7)
    assert found["seconds"] == pytest.approx([0, epoch, 2 * epoch])
    assert rows["seconds"].tolist() == [0, 123, 246], "what it took is kept"
    assert all(found[name] is rows[name] for name in rows if name != "seconds")


def test_without_a_clock_no_second_is_known() -> None:
    run, rows = made(RunSpec(batch_size=8))
    assert np.isnan(Clocks().on_clock(run, rows)["seconds"]).all()
    assert list(Clocks().unknown([run]).values()) == [run]


def test_a_run_of_another_machine_is_on_the_clock_of_this_one() -> None:
    run, _ = made(RunSpec(), source=Source.ARCHIVE)
    assert network(run) == clock_key(RunSpec())


def test_a_history_whose_network_nobody_knows_has_no_clock() -> None:
    run, _ = made(RunSpec(), source=Source.HISTORY)
    assert network(run) is None
    assert Clocks().unknown([run]) == {}


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_python_counts_as_the_scripts_do(case: dict[str, list]) -> None:
    found = Pace(tuple(Stretch(*stretch) for stretch in case["stretches"]))
    for updates, seconds in case["seconds"]:
        expected = math.nan if seconds is None else seconds
        given_updates = math.nan if updates is None else updates
        assert float(found.seconds(given_updates)) == pytest.approx(expected, nan_ok=True)
