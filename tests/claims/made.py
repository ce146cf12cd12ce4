"""Records made up for a claim: a loss for every run and numbers for every probe, with a little noise of each seed."""

from __future__ import annotations

import math

import numpy as np

from batchviz.claims.records import Curve, Records
from batchviz.experiment.moments import of_a_race
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Outcome, Progress, Status
from batchviz.experiment.series import SERIES
from batchviz.notebook.swept_run import recorded_run

SEEDS = range(10)


def made(claim, loss=None, numbers=None, seeds=SEEDS, noise=0.01, updates=None, data=None):
    """`loss(name, updates, epochs)` and `numbers(name)` as they would be without noise; `noise` is relative."""
    random = np.random.default_rng(0)
    curves, measured = {}, {}
    for seed in seeds:
        runs = claim.runs(seed, data or claim.data) if loss else {}
        moments = of_a_race(list(runs.values())) if runs else []
        for (name, spec), ends in zip(runs.items(), moments, strict=True):
            times = math.exp(noise * random.normal())
            curves.setdefault(name, {})[seed] = curve(
                name, spec, {*ends, *claim.moments}, loss, times, updates
            )
        for name in claim.probes(seed, claim.data) if numbers else ():
            shaken = {
                key: value * math.exp(noise * random.normal())
                if key not in ("rows", "inputs", "paths")
                else value
                for key, value in numbers(name).items()
            }
            measured.setdefault(name, {})[seed] = shaken
    return Records(curves, measured)


def curve(name, spec, moments, loss, times, updates=None):
    plan = plan_for(spec)
    ends, count = [0], 0
    for epoch in range(math.ceil(plan.epochs)):
        count = min(count + plan.epoch(epoch).updates, plan.updates)
        ends.append(count)
    at = np.array(sorted({*ends, *(m for m in moments if m < plan.updates)}), np.float64)
    examples = np.array(
        [plan.schedule.reached("updates", int(u)).examples if u else 0 for u in at], np.float64
    )
    values = np.array([loss(name, u, e) for u, e in zip(at, examples / plan.training_rows, strict=True)])
    values = np.where(at > 0, values * times, values)
    rows = {column: np.full(len(at), np.nan, np.float32) for column in SERIES["epochs"].names}
    rows |= {"updates": at.astype(np.float32), "examples": examples.astype(np.float32)}
    rows |= {"val_loss": values.astype(np.float32), "train_loss": values.astype(np.float32)}
    progress = Progress(plan.updates, plan.examples, plan.epochs, 1.0)
    run = recorded_run(spec, (), Outcome(Status.DONE, "", {}, progress), 0.0, 1.0)
    each = np.array(updates(name, plan.updates) if updates else [], np.float32)
    return Curve(run, rows, {"loss": each})
