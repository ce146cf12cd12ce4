"""What the parts of a run take, roughly, by arithmetic alone: before anything is measured, and alike on every machine.

Seconds on one core of 2026, within a factor of two. It says how many measurements inside an epoch a run can afford,
and how much of a run is over whose pace changes with its batch size. What people are told of time comes from a clock.
"""

from __future__ import annotations

from itertools import pairwise

from batchviz.experiment.limits import SAMPLE_ROWS
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Progress
from batchviz.experiment.schedule import Epoch

EVALUATION = 5e-4
"""A call, and the second one into which it cuts the training; its arithmetic comes on top, as below."""
UPDATE, COMPILED_UPDATE = 3.5e-5, 5e-6
COMPILED_FROM = 6000
"""Batches of a run, from which it is compiled."""
MULTIPLICATION = 5e-10


def evaluation_seconds(plan: Plan) -> float:
    """One evaluation of the training rows, or their sample, and of those held out."""
    rows = (SAMPLE_ROWS if plan.samples_training_rows else plan.training_rows) + plan.validation_rows
    return EVALUATION + rows * _forward(plan)


def training_seconds(plan: Plan, updates: float | None = None) -> float:
    """The first so many updates, by default all; of a budget in seconds that budget."""
    if updates is None:
        updates = plan.updates
    if updates is None:
        return plan.spec.budget
    return sum(made * _update_seconds(plan, epoch) for epoch, made in _stretches(plan, updates))


def share_over(plan: Plan, progress: Progress) -> float:
    """How much of a run's time is over, from 0 to 1; a part of it passes in the evaluations at epochs' ends."""
    if plan.updates is None:
        return min(1.0, progress.seconds / plan.spec.budget)
    over, whole = (run_seconds(plan, updates) for updates in (progress.updates, plan.updates))
    return min(1.0, over / whole) if whole else 1.0


def run_seconds(plan: Plan, updates: float | None = None) -> float:
    """As `training_seconds`, with the evaluations at the ends of epochs."""
    end = plan.updates if updates is None else updates
    epochs = 0.0 if end is None else sum(made / epoch.updates for epoch, made in _stretches(plan, end))
    return training_seconds(plan, updates) + epochs * evaluation_seconds(plan)


def _stretches(plan: Plan, updates: float) -> list[tuple[Epoch, float]]:
    """The first epoch of every stretch of one batch size, and how many of the first so many updates are in it."""
    shares, left = [], updates
    stretches = plan.schedule.stretches()
    for epoch, following in [*pairwise(stretches), (stretches[-1], None)]:
        within = left if following is None else min(left, (following.number - epoch.number) * epoch.updates)
        shares.append((epoch, within))
        left -= within
    return shares


def _update_seconds(plan: Plan, epoch: Epoch) -> float:
    batches = epoch.batches * (plan.epochs or 0)
    overhead = COMPILED_UPDATE if batches >= COMPILED_FROM else UPDATE
    return epoch.batches * overhead / epoch.updates + 3 * _forward(plan) * epoch.rows / epoch.updates


def _forward(plan: Plan) -> float:
    return MULTIPLICATION * plan.size.multiplications
