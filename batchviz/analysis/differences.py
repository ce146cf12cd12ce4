"""What differs between runs, and what runs are called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from batchviz.experiment import datasets
from batchviz.experiment.parsing import as_text
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec

DATA = ("dataset", "rows", "noise", "data_seed", "validation_split")
"""The fields that decide which rows are trained on and which are held out."""
BUDGET = ("budget_unit", "budget")
BATCH = ("batch_size", "batch_schedule", "accumulation")
"""The fields that decide how many examples an update averages."""
TELLING = (
    *BATCH, "optimizer", "momentum", "learning_rate", "learning_rate_rule", "base_batch_size",
    "dataset", "model", "hidden", "activation", "dropout", "batch_norm",
    "rows", "noise", "data_seed", "validation_split", "budget", "budget_unit",
)  # fmt: skip
"""All fields but the seed. Of several that differ, the first ones name and colour the runs."""


@dataclass(frozen=True)
class DifferingField:
    """One field that differs: its title and the value of each run, in the notation of the forms."""

    field: str
    title: str
    values: tuple[str, ...]


def differing(runs: Sequence[Run], *, without: Collection[str] = ("seed",)) -> list[DifferingField]:
    """The fields that differ between runs, in the order of the form; `values` are in the order of `runs`.

    A field that a run does not know (an imported history) has the value `""` there and is no difference.
    """
    fields = []
    for field, info in RunSpec.model_fields.items():
        if field in without:
            continue
        values = tuple(_text(run, field) for run in runs)
        if len({value for value in values if value}) > 1:
            fields.append(DifferingField(field, str(info.title), values))
    return fields


def data_differences(runs: Sequence[Run]) -> list[DifferingField]:
    """The fields of DATA that differ; none when all runs train and validate on the same rows, as far as is known."""
    return [difference for difference in differing(runs) if difference.field in DATA]


def _text(run: Run, field: str) -> str:
    if field not in run.known_fields:
        return ""
    if field == "dataset":
        return f"{datasets.find(run.spec.dataset).title} {datasets.identity(run.spec.dataset)}".strip()
    return as_text(getattr(run.spec, field)) or "none"


def name(run: Run, given_name: str = "") -> str:
    """What a run is called: the name its owner gave it, the title it came with, or its batch size."""
    return given_name or run.title or label(run.spec)


def label(spec: RunSpec) -> str:
    """The run's name in the chart: `B = 32`, `B = full`, `growing 32 to 256`, `B = 32, then 8, 64`."""
    steps = [epoch.batch_size for epoch in spec.schedule.stretches()]
    for word, course in (("growing", sorted(steps)), ("shrinking", sorted(steps, reverse=True))):
        if steps[0] != steps[-1] and steps == course:
            return f"{word} {spec.batch_size} to {spec.batch_schedule[-1][1]}"
    return ", then ".join(
        filter(None, (f"B = {spec.batch_size}", ", ".join(str(s) for _, s in spec.batch_schedule)))
    )


def whole_label(spec: RunSpec) -> str:
    """With every later batch size: `B = 32, 64 from epoch 5`."""
    later = [f", {size} from epoch {epoch}" for epoch, size in spec.batch_schedule]
    return f"B = {spec.batch_size}{''.join(later)}"


def distinct(labels: Sequence[str]) -> list[str]:
    """The labels, all different: of those alike the second becomes `T (2)`, or the next number that nobody has."""
    reserved, numbered = set(labels), list[str]()
    for text in labels:
        free, number = text, 1
        while free in numbered or (number > 1 and free in reserved):
            number += 1
            free = f"{text} ({number})"
        numbered.append(free)
    return numbered
