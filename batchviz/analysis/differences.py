"""What differs between specs, and only that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from batchviz import datasets
from batchviz.notation import as_text
from batchviz.records import Run
from batchviz.spec import RunSpec

DATA = ("dataset", "rows", "noise", "data_seed", "validation_split")
"""The fields that decide which rows are trained on and which are held out."""
BUDGET = ("budget_unit", "budget")


@dataclass(frozen=True)
class Differing:
    """One field that differs: its title and the value of each run, in the notation of the forms."""

    field: str
    title: str
    values: tuple[str, ...]

    @property
    def in_sentence(self) -> str:
        """`learning rate`."""
        return self.title.lower()


def differing(runs: Sequence[Run], *, without: Collection[str] = ("seed",)) -> list[Differing]:
    """The fields that differ between runs, in the order of the form; `values` are in the order of `runs`.

    A field that a run does not know (an imported history) has the value `""` there and is no difference.
    """
    found = []
    for field, info in RunSpec.model_fields.items():
        if field in without:
            continue
        values = tuple(_text(run, field) for run in runs)
        if len({value for value in values if value}) > 1:
            found.append(Differing(field, str(info.title), values))
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
