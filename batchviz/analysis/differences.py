"""What runs are called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from batchviz.experiment import datasets
from batchviz.experiment.models import MODELS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.parsing import as_text
from batchviz.experiment.records import Run, Source
from batchviz.experiment.spec import RunSpec

DATA = ("dataset", "rows", "noise", "data_seed", "validation_split")
"""The fields that decide which rows are trained on and which are held out."""
BUDGET = ("budget_unit", "budget")


@dataclass(frozen=True)
class DifferingField:
    """One field that differs: its title and the value of each run, in the notation of the forms."""

    field: str
    title: str
    values: tuple[str, ...]

    @property
    def in_sentence(self) -> str:
        """`learning rate`."""
        return self.title.lower()


def differing(runs: Sequence[Run], *, without: Collection[str] = ("seed",)) -> list[DifferingField]:
    """The fields that differ between runs, in the order of the form; `values` are in the order of `runs`.

    A field that a run does not know (an imported history) has the value `""` there and is no difference.
    """
    found = []
    for field, info in RunSpec.model_fields.items():
        if field in without:
            continue
        values = tuple(_text(run, field) for run in runs)
        if len({value for value in values if value}) > 1:
            found.append(DifferingField(field, str(info.title), values))
    return found


def same_data(runs: Sequence[Run]) -> bool:
    """Whether all runs train and validate on the same rows, so that their losses can be ranked."""
    return len({tuple(getattr(run.spec, field) for field in DATA) for run in runs}) <= 1


def _text(run: Run, field: str) -> str:
    if field not in run.known_fields:
        return ""
    if field == "dataset":
        return f"{datasets.find(run.spec.dataset).title} {datasets.identity(run.spec.dataset)}".strip()
    return as_text(getattr(run.spec, field)) or "none"


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
