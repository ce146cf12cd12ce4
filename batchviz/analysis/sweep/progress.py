"""How far a sweep has come, and when it is over: as its own ended runs took, weighted by what each had to do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from batchviz.analysis.race import Machine
from batchviz.experiment.expected import training_seconds
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.records import Run, Status
from batchviz.experiment.sweep_spec import SweepSpec

MIN_ENDED = 3
"""Runs from which the time of the others is told: the first one waits for TensorFlow and the compiler."""
BESIDE = 0.02
"""Seconds that a run takes beside its updates where nothing tells more."""


@dataclass(frozen=True)
class Progress:
    """Runs: `ended` by themselves, of all `runs`; `seconds` until all have, None while nothing tells."""

    ended: int
    runs: int
    training: int
    seconds: float | None


@dataclass(frozen=True)
class Expected:
    """Seconds of a sweep none of whose runs exists yet; None where nothing tells."""

    updates: float | None
    """Of all updates, on the clock."""
    all: float | None
    """Until all runs have ended."""


def expected(spec: SweepSpec, machine: Machine) -> Expected:
    """From the clock of the network, and from what the last runs here took beside their updates."""
    each = [machine.seconds(plan) for plan in _plans(spec)]
    on_clock = [seconds for seconds in each if seconds is not None]
    if len(on_clock) < len(each):
        return Expected(None, None)
    runs = spec.count_runs()
    updates = runs // len(on_clock) * math.fsum(on_clock) / machine.workers
    overhead = runs * machine.overhead / machine.workers
    return Expected(updates, updates + overhead if overhead else None)


def progress(spec: SweepSpec, runs: Sequence[Run], machine: Machine, since: float) -> Progress:
    """From all runs of the sweep so far. Only those that began after `since` tell how long one takes."""
    over = [run for run in runs if run.status.final]
    here = [
        run for run in over if run.started is not None and run.finished is not None and run.started >= since
    ]
    took = math.fsum(
        (run.finished or 0) - (run.started or 0) for run in here if run.status is not Status.FAILED
    )
    done = math.fsum(_weight(run.plan, machine) for run in here if run.status is not Status.FAILED)
    left = math.fsum(_weight(run.plan, machine) for run in runs if not run.status.final) + _later(
        spec, runs, machine
    )
    enough_ended = len(here) >= MIN_ENDED and done > 0
    return Progress(
        ended=sum(run.status is not Status.STOPPED for run in over),
        runs=max(spec.count_runs(), len(runs)),
        training=sum(run.status is Status.RUNNING for run in runs),
        seconds=took / done * left / machine.workers if enough_ended else None,
    )


def _later(spec: SweepSpec, runs: Sequence[Run], machine: Machine) -> float:
    """Of the runs that report, while they wait for the rates to be chosen."""
    queued = {run.spec.seed for run in runs}
    if not spec.selects or queued.intersection(spec.reported_seeds):
        return 0.0
    return spec.report_seeds * math.fsum(_weight(plan, machine) for plan in _plans(spec))


def _plans(spec: SweepSpec) -> Iterable[Plan]:
    """One a batch size: the rate takes no time."""
    return (plan_for(spec.base.replace(batch_size=size)) for size in spec.batch_sizes)


def _weight(plan: Plan, machine: Machine) -> float:
    seconds = machine.seconds(plan)
    return (training_seconds(plan) if seconds is None else seconds) + (machine.overhead or BESIDE)
