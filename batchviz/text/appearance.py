"""Which means of drawing stands for what, in words."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.appearance import AUTOMATIC, NOTHING, Encoding
from batchviz.experiment.spec import RunSpec
from batchviz.text.numbers import listing


def means(told: Encoding) -> str:
    """`Dash: learning rate.`: of what no label says by standing beside its line in the same colour."""
    parts = {"Colour": told.color, "Dash": told.dash} if told.dash else {}
    return " ".join(f"{means}: {titles(fields)}." for means, fields in parts.items() if fields)


def titles(fields: Sequence[str]) -> str:
    """`batch size and gradient accumulation`."""
    return listing([str(RunSpec.model_fields[field].title).lower() for field in fields])


def choice(field: str, automatic: Sequence[str]) -> str:
    """A choice of what has the colour, the dash or the panels: `Automatic: batch size`, `Learning rate`, `Nothing`."""
    if field == AUTOMATIC:
        return f"Automatic: {titles(automatic)}" if automatic else "Automatic"
    return "Nothing" if field == NOTHING else str(RunSpec.model_fields[field].title)
