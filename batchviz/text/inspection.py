"""What is said of a look into a run that is over."""

from __future__ import annotations

import math

import numpy as np

from batchviz.experiment.inspection import Inspection
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run
from batchviz.text.numbers import listing, number, quantity

TITLE = "Look inside a finished run: its gradients and where its weights went"
NONE_OVER = "None of the runs shown is over yet. What is drawn here comes from one that is."
BUTTON = "Look inside"
WAITING = "The run is trained once more, and looked at on the way. What was found follows by itself."
SAME = 1e-3
"""Relative difference of two losses up to which they are one to the eye."""


def offer(run: Run) -> str:
    """Before anybody asked: what there will be to see."""
    spec, plan = run.spec, plan_for(run.spec)
    seen = ["the gradients of its batches as arrows"]
    if spec.network.inputs == 2 and spec.network.outputs > 1:
        seen.append("the boundary between its classes")
    if plan.size.parameters == 2:
        seen.append("its path over the loss of its two weights")
    drawn = listing(seen)
    return (
        f"Of this run can be drawn: {drawn}. It is trained once more for that, from the same start and in the same "
        "order."
    )


def hint(run: Run) -> str:
    """What another set-up would show besides; empty where all is shown."""
    spec, plan = run.spec, plan_for(run.spec)
    if plan.size.parameters == 2 or (spec.network.inputs == 2 and spec.network.outputs > 1):
        return ""
    return (
        "A network of two inputs also shows the boundary between its classes (data: Two moons), one of two weights its "
        "path over the measured loss (data: Line, no hidden layers)."
    )


def trained_again(run: Run, inspection: Inspection) -> str:
    """Whether it came to the same end, which other versions or another machine can prevent."""
    recorded = run.final.get("train_loss", math.nan)
    again = float(inspection.loss[-1])
    if not math.isfinite(recorded) or abs(again - recorded) <= SAME * abs(recorded):
        return f"Trained once more for this, to the same training loss, {number(again)}."
    return (
        f"Trained once more for this, it came to a training loss of {number(again)} here; recorded is "
        f"{number(recorded)}. Other versions, or another machine, round differently."
    )


def arrows_note(inspection: Inspection) -> str:
    """What the plane of the arrows is; empty where there are none."""
    arrows = inspection.arrows
    if arrows is None:
        return "The network is too large for its batch gradients to be drawn."
    shown = int(np.isfinite(arrows.tips[0, :, 0]).sum())
    most = int(arrows.batches[0])
    which = f"The first {quantity(shown)} of the {quantity(most)} batches" if shown < most else "All batches"
    return (
        f"{which} of the epoch under way, or of the next where one has just ended, at the weights of that moment. Up "
        "is the gradient over all training rows; across is the direction in which the batches differ most besides."
    )
