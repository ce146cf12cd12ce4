"""Which further seeds are worth training, how long that takes, and what could be found with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from batchviz.analysis.evidence import Evidence
from batchviz.analysis.limits import MIN_SEEDS, RACE_SEEDS
from batchviz.analysis.race import until_over
from batchviz.analysis.ranking import Ranked
from batchviz.analysis.replicates import Group
from batchviz.analysis.significance import smallest_found
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec

LOOKS = (RACE_SEEDS, 20, 40)
"""Numbers of shared seeds worth the next look: fewer than the first of them find next to nothing."""


@dataclass(frozen=True)
class TopUp:
    """Train `specs`, and every group has the same `seeds` seeds."""

    specs: tuple[RunSpec, ...]
    seeds: int
    more: int
    """So many more than they share now."""
    seconds: float
    """Until all of them are over, one after another, as the groups' own runs took; NaN where none has told."""
    finds: float
    """The smallest difference that will be found, in standard deviations of the paired differences."""


def found_by(seeds: int, evidence: Evidence) -> float:
    """The smallest difference on the evidence's own scale that so many seeds find, judged by the spread at hand.

    NaN where no spread is known yet, infinite where so few seeds find nothing.
    """
    if not evidence.spread > 0:
        return math.nan
    return smallest_found(seeds, evidence.pairs) * evidence.spread


def top_up(places: Sequence[Ranked], pairs: int = 1, *, runs_on_page: int = 0) -> TopUp | None:
    """What to train so that all these groups share the next number of seeds worth a look (LOOKS).

    Fewer where a page that shows `shown` runs has no room for so many. None where it has none for a single one, where
    nothing can be trained, and while something of theirs trains.
    Seeds that some of the groups have come first, and none that broke or left no value: it would do so again.
    """
    groups = [place.group for place in places]
    if not all(group.trainable for group in groups) or any(map(_waiting, groups)):
        return None
    have = [set(place.values) for place in places]
    further = further_specs(groups, have, runs_on_page=runs_on_page, least=MIN_SEEDS)
    if further is None:
        return None
    specs, seeds = further
    return TopUp(
        specs,
        seeds,
        seeds - len(set.intersection(*have)),
        until_over(specs, [run for group in groups for run in group.runs]),
        smallest_found(seeds, pairs),
    )


def further_specs(
    groups: Sequence[Group], have: Sequence[set[int]], *, runs_on_page: int, least: int = 1
) -> tuple[tuple[RunSpec, ...], int] | None:
    """What gives all groups, of which each has the seeds in `have`, the next number of shared seeds worth a look.

    And that number: fewer, but `least`, where a page that shows `shown` runs has no room for so many. None for no room.
    """
    shared = len(set.intersection(*have)) if have else 0
    next_look = next((look for look in LOOKS if look > shared), shared)
    for seeds in range(next_look, max(shared, least - 1), -1):
        specs = _missing(groups, have, seeds)
        if runs_on_page + len(specs) <= MAX_RUNS_SHOWN:
            return specs, seeds
    return None


def _waiting(group: Group) -> bool:
    return bool(group.where(Status.QUEUED, Status.RUNNING))


def _missing(groups: Sequence[Group], have: Sequence[set[int]], shared: int) -> tuple[RunSpec, ...]:
    """Specs with which all groups share so many seeds: first the seeds that all have, then those that some have."""
    tried = [set(group.by_seed) for group in groups]
    hopeless = set().union(*(seeds - values for seeds, values in zip(tried, have, strict=True)))
    everywhere, somewhere = set.intersection(*have), set().union(*have)
    fresh = range(shared + len(set().union(*tried)))
    order = [*sorted(everywhere), *sorted(somewhere - everywhere), *fresh]
    chosen = [seed for seed in dict.fromkeys(order) if seed not in hopeless][:shared]
    return tuple(
        group.spec.replace(seed=seed)
        for seed in chosen
        for group, has in zip(groups, have, strict=True)
        if seed not in has
    )
