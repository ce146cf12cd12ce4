"""The words of the first screen: what its recorded race shows, and the question that it leads to."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.differences import label
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Run
from batchviz.text.numbers import count, number, percent, quantity

QUESTION = "Do small batches learn better, or did they only make more updates?"
RACE = "Race them yourself"
OTHERS = "Or race"
LESSONS = "Or begin with a lesson"


def sentence(runs: Sequence[Run]) -> str:
    """The set-up, and where the smallest and the largest batch end: a pair fixed in advance."""
    plan = runs[0].plan
    small, large = runs[0], runs[-1]
    return (
        f"One network, {count(len(runs), 'batch size')}: the same start, the same {quantity(plan.training_rows)} "
        f"handwritten digits, {count(plan.spec.budget, 'epoch')} each. {_named(small).capitalize()} ends with "
        f"{_right(small)} of unseen digits read right, {_named(large)} with {_right(large)}."
    )


def heading(plan: Plan) -> str:
    """What the curves are."""
    return f"Right answers on {quantity(plan.validation_rows)} digits that were never trained on"


def described(runs: Sequence[Run]) -> str:
    """The picture for those who do not see it."""
    ends = ". ".join(
        f"{label(run.spec)}: {_right(run)} after {count(run.progress.updates, 'update')}" for run in runs
    )
    return f"{heading(runs[0].plan)}, over {number(runs[0].plan.spec.budget)} epochs. {ends}."


def _right(run: Run) -> str:
    return percent(round(run.final["val_metric"], 2)).replace(" ", "\N{NO-BREAK SPACE}")


def _named(run: Run) -> str:
    size = run.spec.batch_size
    return "the full batch" if size == "full" else f"batch size {size}"
