"""What the page needs to train a set-up itself: the rows, the network, what each batch size comes to, and for each seed
what its first weights are drawn from.

The weights are not in the file. Keras draws a seed for each layer and TensorFlow the weights from that; the page does
the second (src/training), and here is the first. Only dense networks are offered, and of those the small.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
from typing_extensions import TypedDict

from batchviz.errors import SpecError
from batchviz.experiment import datasets
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.moments import moments
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.limits import MAX_TRAINABLE_NUMBERS, MAX_TRAINABLE_WORK
from batchviz.figures.palette import Color, color
from batchviz.frontend.payload import PlanPayload, packed, planned
from batchviz.text import demo as words

MAX_LAYER_SEED = 1_000_000_000
"""As `keras.src.random.seed_generator.make_default_seed` draws it for each layer that was given none."""
STEPS = (2, 3)
"""Batch sizes to choose from are these times the powers of two, as far as there are rows."""


class SizePayload(TypedDict):
    """A batch size that can be trained."""

    name: str
    examples: int
    color: Color
    plan: PlanPayload
    moments: list[int]
    """When it is measured inside its epochs."""


class TrainablePayload(TypedDict):
    """A set-up, as src/training/problem.d.ts and src/demo/document.d.ts say it."""

    task: str
    widths: list[int]
    activation: str
    optimizer: str
    momentum: float
    training_rows: int
    x: str
    """Inputs of all rows, the training rows first, float32 packed."""
    y: str
    """Targets, or the number of a class."""
    amount: str
    """Of training, in words."""
    sizes: list[SizePayload]
    seeds: dict[str, list[int]]
    """Of a run -> of its dense layers."""


def trainable(runs: Sequence[Run]) -> TrainablePayload | None:
    """For the runs of a set-up; None for what a page cannot train, or would take too long over."""
    run, spec = runs[0], runs[0].spec
    seeds = sorted({run.spec.seed for run in runs if run.status is Status.DONE})
    if run.source is not Source.HERE or not seeds or not _can_be_trained(spec):
        return None
    data = datasets.find(spec.dataset)
    x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
    return {
        "task": data.task,
        "widths": [data.inputs, *spec.hidden, data.outputs],
        "activation": spec.activation,
        "optimizer": spec.optimizer,
        "momentum": spec.momentum,
        "training_rows": run.plan.training_rows,
        "x": packed(x),
        "y": packed(y.astype(np.float32)),
        "amount": words.training(len(seeds), spec),
        "sizes": list(_sizes(spec)),
        "seeds": {str(seed): layer_seeds(seed, len(spec.hidden) + 1) for seed in seeds},
    }


def layer_seeds(seed: int, layers: int) -> list[int]:
    """The seeds that Keras draws for the dense layers of a network after `random.seed(seed)`."""
    draws = random.Random(seed)
    return [draws.randint(1, MAX_LAYER_SEED) for _ in range(layers)]


def _can_be_trained(spec: RunSpec) -> bool:
    """Whether the page can train this as we do, at every batch size, in some seconds."""
    data, plan = datasets.find(spec.dataset), plan_for(spec)
    return (
        spec.model == "mlp"
        and data.origin == "built in"
        and not (spec.dropout or spec.batch_norm or spec.batch_schedule)
        and spec.accumulation == 1
        and spec.learning_rate_rule == "fixed"
        and spec.budget_unit in ("epochs", "updates")
        and spec.rows * (data.inputs + 1) <= MAX_TRAINABLE_NUMBERS
        # In updates the budget is as much work where a batch is all rows.
        and plan.size.parameters * plan.training_rows * spec.budget <= MAX_TRAINABLE_WORK
    )


def _sizes(spec: RunSpec) -> Iterator[SizePayload]:
    """1, 2, 3, 4, 6, 8, 12 ... below the training rows, and all of them; none that would take too many updates."""
    rows = plan_for(spec).training_rows
    sizes = {1} | {step * 2**power for step in STEPS for power in range(rows.bit_length())}
    offered: list[BatchSize] = [*sorted(size for size in sizes if size < rows), "full"]
    for size in offered:
        try:
            plan = plan_for(spec.replace(batch_size=size))
        except SpecError:
            continue
        examples = plan.first.batch_size
        yield {
            "name": str(size),
            "examples": examples,
            "color": color(examples),
            "plan": planned(plan),
            "moments": list(moments(plan)),
        }
