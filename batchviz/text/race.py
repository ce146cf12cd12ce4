"""What a race will train, before it is started and when it is."""

from __future__ import annotations

from batchviz.analysis.race import FurtherSeeds
from batchviz.text.numbers import count, expected_duration


def plan(further: FurtherSeeds) -> str:
    """What the seeds are for, and when they come."""
    if not further.seeds:
        return "One seed of each size: a look, and no verdict. What one seed shows may be chance."
    return f"The first seed of each size at once; then, in the background, {_more(further)}."


def background(further: FurtherSeeds) -> str:
    """Said as they begin."""
    return f"In the background: {_more(further)}. Stop ends them."


def fewer(seeds: int, wanted: FurtherSeeds) -> str:
    """Why the race does not have as many seeds as others."""
    time = "longer" if wanted.seconds is None else f"about {expected_duration(wanted.seconds)}"
    return f"{wanted.seeds + 1} seeds would take {time}: {count(seeds, 'seed')} unless you choose more."


def room(seeds: int, most: int) -> str:
    """Why more cannot be chosen."""
    return f"A chart holds {most} runs: at most {count(seeds, 'seed')} of so many sizes."


def _more(further: FurtherSeeds) -> str:
    """`9 more seeds of each, about 1.8 s`; no time where no clock tells."""
    time = "" if further.seconds is None else f", about {expected_duration(further.seconds)}"
    return f"{count(further.seeds, 'more seed')} of each{time}"
