"""How long a plan will take, from what this machine measured.

One update costs t(B) = a + b B (science: flat until about B_half = a / b). Fitted in relative error, because the
measured times span decades and a least-squares fit in seconds would follow the slowest alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from batchviz.experiment.clock import fit_line
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Measurement
from batchviz.experiment.schedule import Epoch
from batchviz.experiment.spec import RunSpec


def expected_seconds(plan: Plan, measured: Sequence[Measurement]) -> float | None:
    """Training time that a plan will take, summed over its batch sizes; None where nothing was measured.

    Measurements of the same network count before others, and of the same batch size before a fitted line, because
    compiled and uncompiled loops differ tenfold in their overhead.
    """
    if plan.updates is None:
        return plan.spec.budget
    # The mean update over a schedule is a measurement of none of its batch sizes.
    usable = [m for m in measured if not m.spec.batch_schedule]
    alike = [m for m in usable if _network(m.spec) == _network(plan.spec)] or usable
    total = 0.0
    for stretch, updates in _stretches(plan, plan.updates):
        same = [m for m in alike if m.plan.first.batch_size == stretch.batch_size]
        chosen = same or alike
        plans = [measurement.plan for measurement in chosen]
        speed = expected_speed([_work(p, p.first) for p in plans], [m.seconds_per_update for m in chosen])
        if speed is None:
            return None
        total += updates * speed.seconds(_work(plan, stretch))
    return total


def _stretches(plan: Plan, updates: int) -> Iterator[tuple[Epoch, int]]:
    """The first epoch of every stretch of one batch size, and the updates made in the stretch."""
    stretches = plan.schedule.stretches()
    for stretch, following in pairwise(stretches):
        made = (following.number - stretch.number) * stretch.updates
        updates -= made
        yield stretch, made
    yield stretches[-1], updates


def _network(spec: RunSpec) -> tuple[Hashable, ...]:
    return (*spec.graph_key(), spec.accumulation)


def _work(plan: Plan, epoch: Epoch) -> float:
    """Multiply-adds of the mean update of an epoch."""
    return plan.size.multiplications * epoch.rows / epoch.updates


@dataclass(frozen=True)
class Speed:
    """Seconds an update as a function of the work in a batch (multiply-adds)."""

    seconds_an_update: float
    seconds_a_multiplication: float

    def seconds(self, multiplications: float) -> float:
        """Expected seconds of one update over a batch of so many multiply-adds."""
        return self.seconds_an_update + self.seconds_a_multiplication * multiplications


def expected_speed(multiplications: Sequence[float], seconds: Sequence[float]) -> Speed | None:
    """Fit measured (multiply-adds a batch, seconds an update) pairs; None when nothing was measured yet.

    Both coefficients are kept at or above zero: with measurements at one size only, all of it is overhead.
    """
    work, times = np.asarray(multiplications, np.float64), np.asarray(seconds, np.float64)
    usable = np.isfinite(work) & np.isfinite(times) & (times > 0)
    work, times = work[usable], times[usable]
    if not len(times):
        return None
    line = fit_line(work.tolist(), times.tolist())
    return Speed(line.overhead, line.per_example)
