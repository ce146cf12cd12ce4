"""Several races on one page, and which pairs of groups are looked at together."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.differences import data_differences
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.replicates import Group
from batchviz.experiment.records import Source
from batchviz.experiment.spec import RunSpec


def races_apart(groups: Sequence[Group]) -> list[list[Group]]:
    """Several races on one page, the first made first: each of groups that differ in the batch size alone.

    Empty where the groups do not fall into at least two races on the same data, of two batch sizes or more.
    """
    races: dict[str, list[Group]] = {}
    for group in groups:
        races.setdefault(repr(but_size(group.spec)), []).append(group)
    in_order = sorted(
        races.values(), key=lambda race: min(run.created for group in race for run in group.runs)
    )
    whole = all(len({group.batch_size for group in race}) == len(race) > 1 for race in in_order)
    settings_known = all(run.source is not Source.HISTORY for group in groups for run in group.runs)
    alike = not data_differences([race[0].runs[0] for race in in_order]) if in_order else False
    return in_order if len(in_order) > 1 and whole and settings_known and alike else []


def but_size(spec: RunSpec) -> dict[str, object]:
    """What the members of a race have in common."""
    return spec.model_dump(exclude={"batch_size", "seed"})


class ComparedPairs:
    """How many pairs a reader can look at together with one pair: its evidence has to hold for any of them.

    Those of all groups with a value; of a pair within one of several races, those of that race. So a pair is judged
    alike whether its race stands alone, or is told beside another one.
    """

    def __init__(self, races: Sequence[Sequence[Group]], ranking: Ranking) -> None:
        """`races` are those of `races_apart`."""
        valued = {place.group.key for place in ranking.places if place.at}
        self._all = _pairs(len(valued))
        self._races = [{group.key for group in race} for race in races]
        self._within = [_pairs(len(race & valued)) for race in self._races]

    def with_pair(self, first: Group, second: Group) -> int:
        """The pairs looked at together with this one, itself included."""
        for race, pairs in zip(self._races, self._within, strict=True):
            if {first.key, second.key} <= race:
                return pairs
        return self._all


def _pairs(groups: int) -> int:
    return max(groups * (groups - 1) // 2, 1)
