"""How the groups of a comparison look: a colour and a dash for each, from what analysis.appearance found.

A batch size has its own colour everywhere. What else batches do (growing, accumulated) and names such as optimisers
have colours off that ramp; numbers such as rates have the ramp itself, from the smallest to the largest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from batchviz.analysis.appearance import Scale, encoding, places, scale, values
from batchviz.analysis.replicates import Group, group_runs, replicate_key
from batchviz.experiment.records import Run
from batchviz.figures.palette import Color, along, categories, color

DASHES = ("solid", "dash", "longdash", "dashdot", "longdashdot")


class Look(NamedTuple):
    """What stands for a group beside others."""

    label: str
    color: Color


def looks(runs: Sequence[Run]) -> dict[str, Look]:
    """By run id, of runs that are shown together without a choice of colours. Replicates share theirs."""
    groups = group_runs(runs)
    found = [
        (group, Look(group.label, shade))
        for group, shade in zip(groups, colors(groups, encoding(groups).color), strict=True)
    ]
    by_id = {run.id: look for group, look in found for run in group.runs}
    alike = {replicate_key(group.runs[0]): look for group, look in found}
    # Of two attempts at one spec the groups have one.
    return {run.id: by_id[run.id] if run.id in by_id else alike[replicate_key(run)] for run in runs}


def colors(groups: Sequence[Group], fields: Sequence[str]) -> list[Color]:
    """A colour for each group by these fields; where all are alike, that of its batch size."""
    if len(set(values(groups, fields))) < 2:
        fields = ("batch_size",)
    found = places(groups, fields)
    if scale(fields) is Scale.NUMBER:
        return [along(place.position) for place in found]
    own = {
        place.rank: color(group.batch_size)
        for group, place in zip(groups, found, strict=True)
        if scale(fields) is Scale.BATCH and place.constant
    }
    others = sorted({place.rank for place in found} - own.keys())
    by_rank = own | dict(zip(others, categories(len(others), list(own.values())), strict=True))
    return [by_rank[place.rank] for place in found]


def dashes(groups: Sequence[Group], fields: Sequence[str]) -> list[str]:
    """A dash for each group by these fields; beyond the last one they start anew."""
    found = places(groups, fields) if fields else ()
    return [DASHES[place.rank % len(DASHES)] for place in found] or ["solid"] * len(groups)
