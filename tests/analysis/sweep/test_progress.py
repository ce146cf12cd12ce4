"""How long a sweep takes before it begins, and when it is over."""

import dataclasses

import pytest

from batchviz.analysis.race import Machine
from batchviz.analysis.sweep.progress import MIN_ENDED, expected, progress
from batchviz.experiment.clock import clock_key
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Run, Status
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import clock
from tests.analysis.sweep.made import sweep_spec

SPEC = sweep_spec(sizes=(8, 32), rates=(0.01, 0.1), seeds=2, report_seeds=3)
MACHINE = Machine({clock_key(RunSpec()) or "": clock()}, overhead=0.1, workers=2)


def runs(ended: int, took: float = 1.0, specs=SPEC.selection_specs) -> list[Run]:
    """Those of the selection, the first so many of them done one after another."""
    return [
        Run(
            id=spec.hash[:12], attempt=1, spec=spec, status=Status.DONE if i < ended else Status.QUEUED, reason="",
            owner="ada", created=100.0, progress=Progress(), final={},
            started=100.0 + i if i < ended else None, finished=100.0 + i + took if i < ended else None,
        )
        for i, spec in enumerate(specs)
    ]  # fmt: skip


def test_a_sweep_takes_its_updates_and_what_runs_take_beside_them_on_all_workers():
    each = [MACHINE.seconds(plan_for(SPEC.base.replace(batch_size=size))) for size in (8, 32)]
    found = expected(SPEC, MACHINE)
    assert found.updates == pytest.approx(7 * sum(each) / 2)
    assert found.all == pytest.approx((7 * sum(each) + 14 * 0.1) / 2)


def test_what_is_not_known_is_not_told():
    assert expected(SPEC, Machine()) == expected(SPEC, dataclasses.replace(MACHINE, clocks={}))
    assert expected(SPEC, Machine()).updates is None
    assert expected(SPEC, dataclasses.replace(MACHINE, overhead=0.0)).all is None


def test_a_few_runs_must_have_ended_before_the_time_of_the_others_is_told():
    assert progress(SPEC, runs(MIN_ENDED - 1), MACHINE, 0.0).seconds is None
    assert progress(SPEC, runs(MIN_ENDED), MACHINE, 0.0).seconds is not None


def test_runs_that_existed_before_tell_nothing_of_the_time():
    assert progress(SPEC, runs(8), MACHINE, since=1000.0).seconds is None


def test_alike_runs_take_as_long_as_those_that_ended_the_reporting_ones_included():
    alike = sweep_spec(sizes=(8,), rates=(0.01, 0.1), seeds=2, report_seeds=3)
    found = progress(alike, runs(3, took=2.0, specs=alike.selection_specs), MACHINE, 0.0)
    assert (found.ended, found.runs) == (3, 7)
    assert found.seconds == pytest.approx(4 * 2.0 / 2)


def test_nothing_is_left_of_a_sweep_that_is_over_and_stopped_runs_did_not_end():
    one = sweep_spec(sizes=(8, 32), rates=(0.01,), seeds=2)
    done = runs(4, specs=one.selection_specs)
    assert progress(one, done, MACHINE, 0.0).seconds == 0
    stopped = [dataclasses.replace(run, status=Status.STOPPED) for run in done[:1]]
    assert progress(one, [*stopped, *done[1:]], MACHINE, 0.0).ended == 3
