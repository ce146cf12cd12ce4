"""What can be chosen among recorded runs: races over batch sizes, races over learning rates, single settings.

A set-up is all of a run but its batch size, its learning rate and its seed. Only what was recorded is a choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from batchviz.analysis.differences import differing, distinct
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.records import Run, Source
from batchviz.experiment.spec import RunSpec
from batchviz.text import demo as words

Over = Literal["batch_size", "learning_rate", "nothing"]
"""What the members of a race differ in."""
POINT = ("batch_size", "learning_rate")
SETUP = tuple(name for name in RunSpec.model_fields if name not in (*POINT, "seed"))


@dataclass(frozen=True)
class Choice:
    """Runs that are looked at together; None for what they differ in."""

    setup: int
    over: Over
    batch_size: BatchSize | None
    learning_rate: float | None
    runs: tuple[Run, ...]


def setups(runs: Sequence[Run]) -> dict[tuple[object, ...], list[Run]]:
    """The runs by what they have in common, in the order of their first."""
    by_setup: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        origin = () if run.source is Source.HERE else (run.source, run.title)
        by_setup.setdefault((*(getattr(run.spec, field) for field in SETUP), *origin), []).append(run)
    return by_setup


def names(runs: Sequence[Run]) -> list[str]:
    """What each set-up is called, by what tells it from the others; alone by its data."""
    firsts = [members[0] for members in setups(runs).values()]
    texts = words.setups(differing(firsts, without=(*POINT, "seed")))
    return distinct(
        [name or words.data(first) for name, first in zip(texts or [""] * len(firsts), firsts, strict=True)]
    )


def choices(runs: Sequence[Run]) -> list[Choice]:
    """All there are, set-up by set-up, the races before the single settings."""
    return [choice for at, members in enumerate(setups(runs).values()) for choice in _of_a_setup(at, members)]


def _of_a_setup(at: int, runs: Sequence[Run]) -> Iterator[Choice]:
    points: dict[tuple[BatchSize, float], list[Run]] = {}
    for run in sorted(
        runs, key=lambda run: (run.plan.first.batch_size, run.spec.learning_rate, run.spec.seed)
    ):
        points.setdefault((run.spec.batch_size, run.spec.learning_rate), []).append(run)
    sizes, rates = list(dict.fromkeys(size for size, _ in points)), sorted({rate for _, rate in points})
    for rate in rates:
        race = [members for (_, at_rate), members in points.items() if at_rate == rate]
        if len(race) > 1:
            yield Choice(at, "batch_size", None, rate, _joined(race))
    for size in sizes:
        race = [members for (at_rate, _), members in points.items() if at_rate == size]
        if len(race) > 1:
            yield Choice(at, "learning_rate", size, None, _joined(race))
    for (size, rate), members in points.items():
        yield Choice(at, "nothing", size, rate, tuple(members))


def _joined(race: Sequence[Sequence[Run]]) -> tuple[Run, ...]:
    return tuple(run for members in race for run in members)


def first_shown(offered: Sequence[Choice]) -> int:
    """The one that a page opens with: of the races of the first set-up the one at a middle rate."""
    ours = [at for at, choice in enumerate(offered) if choice.setup == 0]
    races = [at for at in ours if offered[at].over == offered[ours[0]].over]
    return races[(len(races) - 1) // 2]
