"""Which means of drawing stands for what, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from batchviz.analysis.appearance import AUTOMATIC, NOTHING, Encoding
from batchviz.experiment.spec import RunSpec
from batchviz.text.numbers import listing

_DASHES = {
    "solid": "solid",
    "dash": "dashed",
    "longdash": "long dashes",
    "dashdot": "dash and dot",
    "longdashdot": "long dash and dot",
}


def means(encoded: Encoding, dashes: Mapping[str, str]) -> str:
    """`Colour: batch size. Lines: lr 0.001 solid, lr 0.01 dashed.`; nothing where colours alone tell.

    `dashes` has Plotly's dash by what it stands for.
    """
    if not encoded.dash:
        return ""
    color = f"Colour: {titles(encoded.color)}. " if encoded.color else ""
    lines = ", ".join(f"{value} {_DASHES[dash]}" for value, dash in list(dashes.items())[: len(_DASHES)])
    return f"{color}Lines: {lines}."


def titles(fields: Sequence[str]) -> str:
    """`batch size and gradient accumulation`."""
    return listing([str(RunSpec.model_fields[field].title).lower() for field in fields])


def choice(field: str, automatic: Sequence[str]) -> str:
    """A choice of what has the colour, the dash or the panels: `Automatic: batch size`, `Learning rate`, `Nothing`."""
    if field == AUTOMATIC:
        return f"Automatic: {titles(automatic)}" if automatic else "Automatic"
    return "Nothing" if field == NOTHING else str(RunSpec.model_fields[field].title)
