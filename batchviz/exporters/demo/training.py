"""What the page needs to train a set-up itself: the rows, the network, the budget, and each seed's first weights.

The weights are not in the file. Keras draws a seed for each layer and TensorFlow the weights from that; the page does
the second (src/training), and here is the first. Only dense networks are offered, and of those the small.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
from typing_extensions import TypedDict

from batchviz.experiment import datasets
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.limits import MAX_TRAINABLE_NUMBERS, MAX_TRAINABLE_WORK
from batchviz.figures.palette import Color, color
from batchviz.frontend.payload import packed

MAX_LAYER_SEED = 1_000_000_000
"""As `keras.src.random.seed_generator.make_default_seed` draws it for each layer that was given none."""
STEPS = (2, 3)
"""Batch sizes to choose from are these times the powers of two, as far as there are rows."""


class SizePayload(TypedDict):
    """A batch size that can be trained."""

    name: str
    examples: int
    color: Color


class TrainingPayload(TypedDict):
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
    unit: str
    """Of the budget: epochs or updates."""
    budget: int
    sizes: list[SizePayload]
    seeds: dict[str, list[int]]
    """Of a run -> of its dense layers."""


def training(runs: Sequence[Run]) -> TrainingPayload | None:
    """For the runs of a set-up; None for what a page cannot train, or would take too long over."""
    run, spec = runs[0], runs[0].spec
    plan = run.plan
    if run.source is not Source.HERE or not trainable(spec):
        return None
    data = datasets.find(spec.dataset)
    x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
    layers = len(spec.hidden) + 1
    return {
        "task": data.task,
        "widths": [data.inputs, *spec.hidden, data.outputs],
        "activation": spec.activation,
        "optimizer": spec.optimizer,
        "momentum": spec.momentum,
        "training_rows": plan.training_rows,
        "x": packed(x.ravel()),
        "y": packed(y.ravel().astype(np.float32)),
        "unit": spec.budget_unit,
        "budget": int(spec.budget),
        "sizes": list(_sizes(plan.training_rows)),
        "seeds": {
            str(seed): layer_seeds(seed, layers)
            for seed in sorted({run.spec.seed for run in runs if run.status is Status.DONE})
        },
    }


def trainable(spec: RunSpec) -> bool:
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


def layer_seeds(seed: int, layers: int) -> list[int]:
    """The seeds that Keras draws for the dense layers of a network after `random.seed(seed)`."""
    draws = random.Random(seed)
    return [draws.randint(1, MAX_LAYER_SEED) for _ in range(layers)]


def _sizes(training_rows: int) -> Iterator[SizePayload]:
    """1, 2, 3, 4, 6, 8, 12 ... below the training rows, and all of them."""
    sizes = {1} | {step * 2**power for step in STEPS for power in range(training_rows.bit_length())}
    for examples in sorted(size for size in sizes if size < training_rows):
        yield _size(examples, examples)
    yield _size("full", training_rows)


def _size(size: BatchSize, examples: int) -> SizePayload:
    return {"name": str(size), "examples": examples, "color": color(examples)}
