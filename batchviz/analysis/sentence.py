"""One honest sentence on what the curves show: the budget is named, and nothing is claimed that one seed cannot carry.

Facts that hold by arithmetic (updates, seconds) are stated. Which setting is better is stated only for runs that differ
in nothing else, from at least three shared seeds, between the smallest and the largest batch size: a pair fixed
in advance, not the pair that happens to look best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from batchviz.analysis.significance import MIN_SEEDS, PERCENT, paired_difference
from batchviz.analysis.words import in_sentence, listing, number
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Series, Status
from batchviz.experiment.spec import RunSpec

FREE = ("batch_size", "seed")
"""What may differ between runs that are compared."""


def describe(runs: Sequence[Run], series: Mapping[str, Series]) -> str:
    """What the runs on the page show, in one or two plain sentences; `series` holds their epoch rows by id."""
    if not runs:
        return ""
    unfinished = [run for run in runs if not run.status.final]
    if unfinished:
        done = len(runs) - len(unfinished)
        return (
            f"Still training {_count(len(unfinished), 'run')}"
            + (f", {done} finished." if done else ".")
            + " Ends are compared when all have had their budget."
        )
    broken = [run for run in runs if run.status is not Status.DONE]
    whole = [run for run in runs if run.status is Status.DONE]
    aside = (
        f" {listing([_name(run) for run in broken])} did not finish: {_reasons(broken)}." if broken else ""
    )
    if not whole:
        return f"No run finished its budget.{aside}"
    if len(whole) == 1:
        return _alone(whole[0], series.get(whole[0].id)) + aside
    return _together(whole) + aside


def _alone(run: Run, rows: Series | None) -> str:
    plan = run.plan
    loss = "val_loss" if plan.validation_rows else "train_loss"
    kind = "validation" if plan.validation_rows else "training"
    said, updates = f"After {_budget(run.spec)}, {_name(run)}", run.counted("updates")
    if updates is not None:
        said += f" took {_count(updates, 'update')}"
    if loss in run.final:
        end = f"ended at {kind} {in_sentence(plan.loss_name)} {number(run.final[loss])}"
        said += f" {end}" if updates is None else f" and {end}"
    if rows is not None and len(rows["updates"]) > 1 and loss in rows:
        start = float(rows[loss][0])
        if np.isfinite(start):
            said += f", from {number(start)} before the first update"
    if plan.floor is not None and loss == "val_loss":
        said += f"; the best possible on new data is {number(plan.floor.loss)}"
    return said + "."


def _together(runs: Sequence[Run]) -> str:
    first = runs[0].spec
    if len({(run.spec.dataset, run.spec.rows, run.spec.noise, run.spec.data_seed) for run in runs}) > 1:
        return "These runs learn from different data, so their losses cannot be ranked."
    if len({(run.spec.budget_unit, run.spec.budget) for run in runs}) > 1:
        budgets = listing(sorted({_budget(run.spec) for run in runs}))
        return f"These runs had different budgets ({budgets}), so their ends cannot be ranked."
    sizes = sorted({_examples(run.spec) for run in runs})
    others = _differing(runs)
    seeds = len({run.spec.seed for run in runs})
    said = f"Equal budget: {_budget(first)}."
    if len(sizes) > 1:
        small, large = (
            next(run for run in runs if _examples(run.spec) == size) for size in (sizes[0], sizes[-1])
        )
        counts = [run.counted("updates") for run in (small, large)]
        if None not in counts:  # an imported history may not say
            said = (
                f"In the same {_budget(first)}, {_name(small)} took {counts[0]:,.0f} updates and {_name(large)} took "
                f"{counts[1]:,.0f}."
            )
    if others and len(sizes) > 1:
        return (
            f"{said} The runs also differ in {listing(others)}, so batch size alone explains no difference."
        )
    if others:
        alone = ", so none of these alone explains a difference" if len(others) > 1 else ""
        return f"{said} At the same batch size the runs differ in {listing(others)}{alone}."
    if len(sizes) > 1:
        return f"{said} {_verdict(runs, small, large)}"
    return (
        f"{said} {_count(seeds, 'seed')} of one setting: the spread between them is what chance alone does."
    )


def _verdict(runs: Sequence[Run], small: Run, large: Run) -> str:
    plan = small.plan
    loss = "val_loss" if plan.validation_rows else "train_loss"
    name = f"{'validation' if plan.validation_rows else 'training'} {in_sentence(plan.loss_name)}"
    by_seed = [
        {
            r.spec.seed: r.final[loss]
            for r in runs
            if _examples(r.spec) == _examples(end.spec) and loss in r.final
        }
        for end in (small, large)
    ]
    difference = paired_difference(*by_seed)
    if difference is None:
        shared = len(by_seed[0].keys() & by_seed[1].keys())
        if not shared:
            return f"They share no seed: train both from the same {MIN_SEEDS} seeds or more for a verdict."
        few = "One seed" if shared == 1 else f"{shared} seeds"
        return f"{few} cannot say which is better: train at least {MIN_SEEDS} seeds of each for a verdict."
    if not difference.distinguishable:
        return f"Over {difference.seeds} paired seeds their {name} is not distinguishable."
    lower = small if difference.mean < 0 else large
    low, high = sorted((abs(difference.low), abs(difference.high)))
    return (
        f"Over {difference.seeds} paired seeds {_name(lower)} ended lower in {name}, "
        f"by {number(abs(difference.mean))} ({PERCENT} interval {number(low)} to {number(high)})."
    )


def _differing(runs: Sequence[Run]) -> list[str]:
    fields = [name for name in RunSpec.model_fields if name not in FREE]
    return [
        str(RunSpec.model_fields[name].title).lower()
        for name in fields
        if len({getattr(run.spec, name) for run in runs}) > 1
    ]


def _examples(spec: RunSpec) -> int:
    return plan_for(spec).first.batch_size


def _name(run: Run) -> str:
    return f"B = {run.spec.batch_size}"


def _budget(spec: RunSpec) -> str:
    return _count(spec.budget, spec.budget_unit.removesuffix("s"))


def _count(count: float, noun: str) -> str:
    return f"{count:,g} {noun}{'' if count == 1 else 's'}" if count < 1e6 else f"{count:,.0f} {noun}s"


def _reasons(runs: Sequence[Run]) -> str:
    return listing(sorted({str(run.status) for run in runs}))
