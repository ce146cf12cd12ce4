"""How long a plan will take, from what this machine measured."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise

from batchviz.analysis.run_time import expected_speed
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.schedule import Epoch
from batchviz.experiment.spec import RunSpec
from batchviz.store import Measurement


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
        same = [m for m in alike if plan_for(m.spec).first.batch_size == stretch.batch_size]
        chosen = same or alike
        plans = [plan_for(m.spec) for m in chosen]
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
