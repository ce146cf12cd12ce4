"""What runs are called."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz import datasets
from batchviz.models import MODELS
from batchviz.optimizers import OPTIMIZERS
from batchviz.records import Run, Source
from batchviz.spec import RunSpec

SOURCES = {Source.HERE: "Trained here", Source.ARCHIVE: "Imported", Source.HISTORY: "Imported history"}
"""Where a run was trained, in words."""


def name(run: Run, given: str = "") -> str:
    """What a run is called: the name its owner gave it, the title it came with, or its batch size."""
    return given or run.title or label(run.spec)


def label(spec: RunSpec) -> str:
    """The run's name in the chart: `B = 32`, `B = full`, `B = 32, 64 from epoch 5`."""
    later = [f", {size} from epoch {epoch}" for epoch, size in spec.batch_schedule]
    return f"B = {spec.batch_size}{''.join(later)}"


def distinct(labels: Sequence[str]) -> list[str]:
    """The labels, all different: of those alike the second becomes `T (2)`, or the next number that nobody has."""
    reserved, found = set(labels), list[str]()
    for text in labels:
        free, number = text, 1
        while free in found or (number > 1 and free in reserved):
            number += 1
            free = f"{text} ({number})"
        found.append(free)
    return found


def details(spec: RunSpec) -> str:
    """What else distinguishes a run, short: `Adam, lr 0.001, 16 relu, seed 0`."""
    hidden = "-".join(map(str, spec.hidden)) or "no"
    parts = [OPTIMIZERS[spec.optimizer].title, f"lr {spec.learning_rate:g}"]
    if spec.learning_rate_rule != "fixed":
        parts[-1] += f" ({spec.learning_rate_rule} from B = {spec.base_batch_size})"
    parts.append(
        f"{hidden} {spec.activation}" if spec.model == "mlp" else f"{MODELS[spec.model].title} {hidden}"
    )
    parts += [f"dropout {spec.dropout:g}"] if spec.dropout else []
    parts += ["batch norm"] if spec.batch_norm else []
    parts += [f"{spec.accumulation} micro-batches"] if spec.accumulation > 1 else []
    if spec.dataset != "random":
        parts.insert(0, datasets.find(spec.dataset).title)
    return ", ".join([*parts, f"seed {spec.seed}"])
