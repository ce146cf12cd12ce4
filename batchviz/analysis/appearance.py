"""What tells the groups of a comparison apart to the eye: which field has the colour, the dash and the panels.

The findings are data: fields, and where on a scale each group stands. Colours and dashes are for figures to choose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from batchviz.analysis.differences import BATCH, TELLING, differing
from batchviz.analysis.labels import heads, word
from batchviz.analysis.replicates import Group
from batchviz.experiment.constraints import CHOICES
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec

AUTOMATIC = "auto"
NOTHING = "none"
LOG_FROM = 10.0
"""Values that spread over this factor stand on a logarithmic scale."""


class EncodingChoice(NamedTuple):
    """What somebody chose to have the colour, the dash and the panels: of each a field, AUTOMATIC or NOTHING."""

    color: str = AUTOMATIC
    dash: str = AUTOMATIC
    panels: str = NOTHING


AUTOMATIC_ENCODING = EncodingChoice()
"""What differs tells the runs apart, all in one panel."""


class Question(NamedTuple):
    """What can have the colour, the dash or the panels."""

    options: tuple[str, ...]
    automatic: tuple[str, ...]
    """The fields that AUTOMATIC stands for, beside the other answers."""


@dataclass(frozen=True)
class Encoding:
    """The fields that each means of drawing stands for, each in the order of what it tells first; none: ()."""

    color: tuple[str, ...]
    dash: tuple[str, ...]
    panels: tuple[str, ...]
    free: bool = True
    """Whether dashes also tell apart what no field does, such as an import beside the same run from here."""


class ColorScale(StrEnum):
    """How the values of a field are to be coloured."""

    BATCH = "batch"
    """Each batch size in its own colour, everywhere; what else batches do in another."""
    NUMBER = "number"
    CATEGORY = "category"


@dataclass(frozen=True)
class Place:
    """One group's place in the order of the values: by rank, and on a scale from 0 to 1."""

    rank: int
    position: float
    constant: bool = True
    """Whether, as far as the fields tell, its updates all average one batch of one size."""


def differing_fields(runs: Sequence[Run]) -> tuple[str, ...]:
    """The fields that differ, what tells most first; the seed is none."""
    fields = {difference.field for difference in differing(runs)}
    return tuple(field for field in TELLING if field in fields)


def question(groups: Sequence[Group], name: str, choice: EncodingChoice, usual: EncodingChoice) -> Question:
    """The options of one field: what is usual, any field that differs, and what was chosen before."""
    nothing = [NOTHING] if name == "dash" else []
    fields = differing_fields([group.runs[0] for group in groups])
    options = dict.fromkeys([getattr(usual, name), *nothing, *fields, getattr(choice, name)])
    encoded = encoding(groups, **choice._replace(**{name: AUTOMATIC})._asdict())
    return Question(tuple(options), getattr(encoded, name))


def encoding(
    groups: Sequence[Group], *, color: str = AUTOMATIC, dash: str = AUTOMATIC, panels: str = NOTHING
) -> Encoding:
    """What is told by what. Each of the three is a field, AUTOMATIC or NOTHING.

    Of what differs the batch has the colour first, panels have what comes next, and dashes all that is left.
    """
    fields = differing_fields([group.runs[0] for group in groups])
    batch = tuple(field for field in BATCH if field in fields)
    colored = _chosen_fields(color, batch or fields[:1])
    rest = tuple(field for field in fields if field not in colored)
    apart = _chosen_fields(panels, rest[:1] or colored or ("batch_size",))
    left = tuple(field for field in rest if field not in apart)
    return Encoding(colored, _chosen_fields(dash, left), apart, free=dash == AUTOMATIC)


def color_scale(fields: Sequence[str]) -> ColorScale:
    """How these fields are coloured."""
    if set(fields) <= set(BATCH) and set(fields) - {"accumulation"}:
        return ColorScale.BATCH
    if len(fields) == 1 and fields[0] not in CHOICES and _numeric(fields[0]):
        return ColorScale.NUMBER
    return ColorScale.CATEGORY


def values(groups: Sequence[Group], fields: Sequence[str]) -> list[str]:
    """What each group has in these fields, as it stands in a label; "" where there are none."""
    batch = [field for field in fields if field in BATCH]
    rest = fields if len(batch) < 2 else [field for field in fields if field not in BATCH]
    first = heads([group.spec for group in groups]) if len(batch) > 1 else [""] * len(groups)
    words = [
        [text, *(word(group.spec, field) for field in rest)]
        for text, group in zip(first, groups, strict=True)
    ]
    return [", ".join(dict.fromkeys(filter(None, parts))) for parts in words]


def places(groups: Sequence[Group], fields: Sequence[str]) -> list[Place]:
    """Where each group stands among the values that there are."""
    texts = values(groups, fields)
    constant = [_constant(group.spec, fields) for group in groups]
    if color_scale(fields) is not ColorScale.NUMBER:
        order = list(dict.fromkeys(texts))
        ranks = [order.index(text) for text in texts]
        return [Place(rank, _share(rank, len(order)), c) for rank, c in zip(ranks, constant, strict=True)]
    numbers = [float(getattr(group.spec, fields[0])) for group in groups]
    order_of_numbers = sorted(set(numbers))
    along = _positions(order_of_numbers)
    ranks = [order_of_numbers.index(number) for number in numbers]
    return [Place(rank, along[rank], c) for rank, c in zip(ranks, constant, strict=True)]


def _chosen_fields(field: str, automatic: tuple[str, ...]) -> tuple[str, ...]:
    if field == AUTOMATIC:
        return automatic
    return () if field == NOTHING else (field,)


def _constant(spec: RunSpec, fields: Sequence[str]) -> bool:
    """Whether, as far as these fields tell, all its updates average one batch of one size."""
    grows = "batch_schedule" in fields and spec.batch_schedule
    return not grows and not ("accumulation" in fields and spec.accumulation > 1)


def _numeric(field: str) -> bool:
    return isinstance(RunSpec.model_fields[field].default, int | float) and field != "batch_norm"


def _positions(numbers: Sequence[float]) -> list[float]:
    """From 0 to 1, half by rank: close values stay apart, and far ones still stand far."""
    low, high = numbers[0], numbers[-1]
    log = low > 0 and high / low >= LOG_FROM
    along = [math.log(number) for number in numbers] if log else list(numbers)
    spread = along[-1] - along[0]
    shares = [(at - along[0]) / spread if spread else 0.5 for at in along]
    return [(share + _share(rank, len(numbers))) / 2 for rank, share in enumerate(shares)]


def _share(rank: int, count: int) -> float:
    return rank / (count - 1) if count > 1 else 0.5
