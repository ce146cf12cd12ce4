"""What a race will train, before it is started and when it is."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.differences import label
from batchviz.analysis.race import FurtherSeeds
from batchviz.experiment.plan import Plan
from batchviz.text.numbers import count, expected_duration, form, number, quantity


def equal(plans: Sequence[Plan]) -> str:
    """What every size gets equally much of, and of what they then get unequally much."""
    first, last = plans[0], plans[-1]
    spec, several = first.spec, len({each.first.updates for each in plans}) > 1
    amount = quantity(spec.budget)
    match spec.budget_unit:
        case "epochs":
            same = f"Every size sees each example {count(int(spec.budget), 'time')}."
        case "updates":
            same = (
                f"Every size learns {count(int(spec.budget), 'time')}: {count(int(spec.budget), 'update')}."
            )
        case "examples":
            same = f"Every size sees {count(int(spec.budget), 'example')}."
        case _:
            return f"Every size trains {amount} s on this machine."
    if not several or first.updates is None or last.updates is None:
        return same
    if spec.budget_unit == "updates":
        return f"{same} Large batches then see more: {_epochs(first)}, {_epochs(last)}."
    return f"{same} Small batches then make more updates: {_updates(first)}, {_updates(last)}."


def _epochs(plan: Plan) -> str:
    """`0.31 epochs at B = 1`."""
    epochs = plan.epochs or 0.0
    return f"{number(epochs)} {form(epochs, 'epoch')} at {label(plan.spec)}"


def _updates(plan: Plan) -> str:
    return f"{quantity(plan.updates or 0)} at {label(plan.spec)}"


def plan(further: FurtherSeeds) -> str:
    """What the seeds are for, and when they come."""
    if not further.seeds:
        return "One seed of each size: a look, and no verdict. What one seed shows may be chance."
    return f"The first seed of each size at once; then, in the background, {_more(further)}."


def background(further: FurtherSeeds) -> str:
    """Said as they begin."""
    return f"In the background: {_more(further)}. Stop ends them."


def fewer(seeds: int, usual: FurtherSeeds) -> str:
    """Why the race does not have as many seeds as others."""
    time = "longer" if usual.seconds is None else f"about {expected_duration(usual.seconds)}"
    return f"{usual.seeds + 1} seeds would take {time}: {count(seeds, 'seed')} unless you choose more."


def room(seeds: int, most: int) -> str:
    """Why more cannot be chosen."""
    return f"A chart holds {most} runs: at most {count(seeds, 'seed')} of so many sizes."


def _more(further: FurtherSeeds) -> str:
    """`9 more seeds of each, about 1.8 s`; no time where no clock tells."""
    time = "" if further.seconds is None else f", about {expected_duration(further.seconds)}"
    return f"{count(further.seeds, 'more seed')} of each{time}"
