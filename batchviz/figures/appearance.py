"""How the groups of a comparison look: a colour and a dash for each, from what analysis.appearance found.

A batch size has its own colour everywhere. What else batches do (growing, accumulated) and names such as optimisers
have colours off that ramp; numbers such as rates have the ramp itself, from the smallest to the largest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from batchviz.analysis.appearance import (
    AUTOMATIC_ENCODING,
    ColorScale,
    Encoding,
    EncodingChoice,
    color_scale,
    encoding,
    places,
    values,
)
from batchviz.analysis.differences import BATCH
from batchviz.analysis.replicates import Group, group_runs, replicate_key
from batchviz.experiment.records import Run
from batchviz.figures.palette import Color, along, categories, color

DASHES = ("solid", "dash", "longdash", "dashdot", "longdashdot")


class Look(NamedTuple):
    """What stands for a group beside others."""

    label: str
    color: Color
    dash: str = "solid"
    """One of DASHES."""
    panel: str = ""
    """What stands over its panel; "" for all in one."""
    end: str = ""
    """What its line is called where its panel says the rest; "" for all of its label."""


def looks(runs: Sequence[Run], choice: EncodingChoice = AUTOMATIC_ENCODING) -> dict[str, Look]:
    """By run id, of runs that are shown together. Replicates share theirs."""
    groups = group_runs(runs)
    look = appearance(groups, encoding(groups, **choice._asdict()))
    telling = [
        (group, Look(group.label, look.colors[key], look.dashes[key], look.panels[key], end))
        for group in groups
        for key in (group.key,)
        for end in (look.ends[key] if look.panels[key] else "",)
    ]
    by_id = {run.id: look for group, look in telling for run in group.runs}
    alike = {replicate_key(group.runs[0]): look for group, look in telling}
    # Of two attempts at one spec the groups have one.
    return {run.id: by_id[run.id] if run.id in by_id else alike[replicate_key(run)] for run in runs}


@dataclass(frozen=True)
class Appearance:
    """How groups look in one chart, by their keys."""

    colors: Mapping[str, Color]
    dashes: Mapping[str, str]
    panels: Mapping[str, str]
    """What stands over the panel of each: "" for all in one."""
    ends: Mapping[str, str]
    """What a line is called where its panel says the rest."""
    meanings: Mapping[str, str]
    """The dash of every value that has one."""
    headings_colored: bool = False
    """Whether all lines of a panel have one colour, which is its heading's, too."""


def appearance(groups: Sequence[Group], encoded: Encoding) -> Appearance:
    """How the groups look when this is told by that."""
    keys = [group.key for group in groups]
    shades = colors(groups, encoded.color)
    panels = _headings(groups, encoded.panels)
    shared = [f"{shade['light']} {panel}" for shade, panel in zip(shades, panels, strict=True)]
    within = tuple(field for field in (*encoded.color, *encoded.dash) if field not in encoded.panels)
    return Appearance(
        colors=dict(zip(keys, shades, strict=True)),
        dashes=dict(
            zip(keys, _apart(dashes(groups, encoded.dash), shared if encoded.free else keys), strict=True)
        ),
        panels=dict(zip(keys, panels, strict=True)),
        meanings=dict(zip(values(groups, encoded.dash), dashes(groups, encoded.dash), strict=True)),
        ends={
            group.key: end or group.label for group, end in zip(groups, values(groups, within), strict=True)
        },
        headings_colored=len(set(shared)) == len(set(panels)),
    )


def _headings(groups: Sequence[Group], fields: Sequence[str]) -> list[str]:
    """What a panel shows, in words; the label of a group that has one alone."""
    if not fields:
        return [""] * len(groups)
    by_field = values(groups, fields)
    return [
        group.label if by_field.count(text) == 1 and len(fields) == 1 and fields[0] in BATCH else text
        for group, text in zip(groups, by_field, strict=True)
    ]


def _apart(dash: Sequence[str], shared: Sequence[str]) -> list[str]:
    """The dashes; of those that would look alike, with this shared, each next has another one as long as there are."""
    taken: dict[str, list[str]] = {}
    for wish, what in zip(dash, shared, strict=True):
        used = taken.setdefault(what, [])
        used.append(next((d for d in (wish, *DASHES) if d not in used), wish))
    return [taken[what].pop(0) for what in shared]


def colors(groups: Sequence[Group], fields: Sequence[str]) -> list[Color]:
    """A colour for each group by these fields; where all are alike, that of its batch size."""
    if len(set(values(groups, fields))) < 2:
        fields = ("batch_size",)
    by_field = places(groups, fields)
    if color_scale(fields) is ColorScale.NUMBER:
        return [along(place.position) for place in by_field]
    of_sizes = {
        place.rank: color(group.batch_size)
        for group, place in zip(groups, by_field, strict=True)
        if color_scale(fields) is ColorScale.BATCH and place.constant
    }
    other_ranks = sorted({place.rank for place in by_field} - of_sizes.keys())
    by_rank = of_sizes | dict(
        zip(other_ranks, categories(len(other_ranks), list(of_sizes.values())), strict=True)
    )
    return [by_rank[place.rank] for place in by_field]


def dashes(groups: Sequence[Group], fields: Sequence[str]) -> list[str]:
    """A dash for each group by these fields; beyond the last one they start anew."""
    by_field = places(groups, fields) if fields else ()
    return [DASHES[place.rank % len(DASHES)] for place in by_field] or ["solid"] * len(groups)
