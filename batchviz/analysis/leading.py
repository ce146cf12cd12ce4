"""Sentences on who leads, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from batchviz.analysis.comparability import budget
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.ranking import Ranked, Ranking
from batchviz.analysis.replicates import Group
from batchviz.analysis.significance import MIN_SEEDS, PERCENT, Standing, standing
from batchviz.analysis.units import UNITS
from batchviz.analysis.words import NAMED, listing, number
from batchviz.experiment.records import Status


def where(groups: Sequence[Group], ranking: Ranking) -> str:
    """`After 10 epochs`."""
    if ranking.unit is not None:
        return f"After {UNITS[ranking.unit].amount(ranking.budget)}"
    same = len({budget(group) for group in groups}) == 1 and not groups[0].where(Status.STOPPED)
    return f"After {budget(groups[0])}" if same else "At the end"


def alone(group: Group, ranking: Ranking, name: str) -> Iterator[str]:
    """What one group by itself says."""
    place = ranking.places[0]
    if not place.at:
        return
    seeds = len(place.at)
    said = f"{where([group], ranking)}, {group.label} has {name} {number(place.mean)}"
    if seeds == 1:
        yield f"{said}."
        yield "Add runs of another batch size to compare."
        return
    low, high = min(place.values.values()), max(place.values.values())
    yield f"{said}, the mean of {seeds} seeds, which lie between {number(low)} and {number(high)}."
    yield "These runs differ in the seed alone: their spread is what chance does."


def ranked(groups: Sequence[Group], ranking: Ranking, name: str) -> Iterator[str]:
    """Who leads, and which of the others it can be told from."""
    found = standing(ranking)
    if found is None:
        yield _no_leader(groups, ranking, name)
        return
    leader = found.leader
    low = "highest" if MEASURES[ranking.measure].higher_is_better(leader.group.plan) else "lowest"
    over = "one seed" if len(leader.at) == 1 else f"the mean of {len(leader.at)} seeds"
    said = f"{leader.group.label} has the {low} {name} ({number(leader.mean)}, {over})"
    after = where(groups, ranking)
    if ranking.guessed:
        yield f"{after}, as far as was measured, {said}."
    elif found.not_distinguishable and not found.better_than and not found.inconclusive:
        others = "the other" if len(found.not_distinguishable) == 1 else "the others"
        yield f"{after}, {said}, but it is not distinguishable from {others}."
        yield f"Chance alone can explain this order ({PERCENT} intervals over paired seeds); more seeds may settle it."
    else:
        yield f"{after}, {said}."
        yield from _against(found)


def _against(found: Standing) -> Iterator[str]:
    if not found.better_than and not found.not_distinguishable:
        yield f"Chance may decide this order: train at least {MIN_SEEDS} seeds of each for a verdict."
        return
    widened = "" if found.pairs == 1 else f", widened because {found.pairs} pairs could have differed"
    sure = f"({PERCENT} intervals over paired seeds{widened})"
    if not found.not_distinguishable and not found.inconclusive:
        yield f"It is distinguishable from {'the other' if len(found.better_than) == 1 else 'every other'} {sure}."
        return
    if found.better_than:
        yield f"It is better than {_names(found.better_than)} {sure}."
    if found.not_distinguishable:
        yield f"It is not distinguishable from {_names(found.not_distinguishable)}."
    if found.inconclusive:
        yield f"Against {_names(found.inconclusive)} there are fewer than {MIN_SEEDS} shared seeds: no verdict."


def _no_leader(groups: Sequence[Group], ranking: Ranking, name: str) -> str:
    valued = [place for place in ranking.places if place.at]
    if len(valued) == 1:
        place = valued[0]
        return (
            f"{where(groups, ranking)}, only {place.group.label} has a value: {name} {number(place.mean)}. "
            "There is nothing to rank it against."
        )
    return f"{where(groups, ranking)}, no run has a finite {name} with every seed, so nothing leads."


def other_budgets(
    groups: Sequence[Group], ranking: Ranking, rankings: Mapping[str, Ranking]
) -> Iterator[str]:
    """Whether somebody else leads when something else is made equal. Only rankings of the same groups count."""
    leader = ranking.leader
    if leader is None:
        return
    own = ranking.unit or groups[0].spec.budget_unit
    members = {place.group.key for place in ranking.places if place.at}
    same, changed = [], []
    # With equally many rows an epoch is the same number of examples for all.
    alike = len({group.training_rows for group in groups}) == 1
    for unit, other in rankings.items():
        if alike and {unit, own} == {"examples", "epochs"}:
            continue
        if alike and unit == "examples" and own != "examples":
            continue
        whole = other.leader is not None and {p.group.key for p in other.places if p.at} == members
        if unit == own or not whole or other.leader is None:
            continue
        if unit == "seconds" and other.guessed:
            continue  # the first epoch's seconds on a busy machine decide nothing
        if other.leader.group.key == leader.group.key:
            same.append(unit)
        else:
            guess = " (read between measurements)" if other.guessed else ""
            amount = UNITS[unit].amount(other.budget)
            changed.append(f"at equal {unit} ({amount} each) {other.leader.group.label} leads{guess}")
    if changed:
        yield f"The ranking changes with the budget: {'; '.join(changed)}."
    elif same:
        yield f"The same run leads at equal {listing(same)}."


def _names(places: Sequence[Ranked]) -> str:
    return listing([place.group.label for place in places], NAMED)
