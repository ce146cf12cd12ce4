"""A small sweep, really trained: once for all tests that draw it."""

from __future__ import annotations

import functools

from batchviz.analysis.sweep.findings import SweepFindings, sweep_findings
from batchviz.analysis.sweep.rates import chosen_rates
from batchviz.analysis.sweep.runs import SweepRun, sweep_run
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from tests.analysis.recorded import clock, training

SPEC = SweepSpec.parse(
    {
        "base": RunSpec(dataset="teacher", rows=100, hidden=(), optimizer="sgd", budget=3),
        "batch_sizes": (4, 16, "full"),
        "learning_rates": (0.01, 0.1, 3.0),
        "seeds": 2,
        "report_seeds": 2,
    }
)
"""At the highest rate runs diverge."""


def sweep_runs(specs) -> list[SweepRun]:
    runs, series = training(list(specs))
    return [sweep_run(run, series[run.id]) for run in runs]


@functools.cache
def selection() -> tuple[SweepRun, ...]:
    return tuple(sweep_runs(SPEC.selection_specs))


@functools.cache
def all_runs() -> tuple[SweepRun, ...]:
    return selection() + tuple(sweep_runs(SPEC.report_specs(chosen_rates(SPEC, selection()))))


def findings(*, timed: bool = True) -> SweepFindings:
    """Of all its runs, on a made-up clock unless it is not `timed`."""
    return sweep_findings(SPEC, all_runs(), clock() if timed else None)
