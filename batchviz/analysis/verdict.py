"""Two groups, seed by seed: is there a difference, or does chance explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.caveats import origins
from batchviz.analysis.differences import differing, same_data
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.ranking import Ranked, rank
from batchviz.analysis.replicates import Group
from batchviz.analysis.significance import MIN_SEEDS, PERCENT, Difference, paired_difference
from batchviz.analysis.units import UNITS
from batchviz.analysis.words import listing, number
from batchviz.experiment.records import Series, Status
from batchviz.experiment.spec import RunSpec

STEPS = (5, 10, 20)
"""Numbers of shared seeds that are worth the next look: each finds differences about half as large."""


@dataclass(frozen=True)
class Verdict:
    """What can be said of two groups. `difference` is first minus second; None when nothing can be said.

    `missing` are the specs to train so that both groups share MIN_SEEDS seeds; empty when they do, or when
    more seeds would not help (`text` says why). `more` are specs of further seeds for both, where they share
    enough for a verdict, are not distinguishable and wait for none: more seeds make the interval narrower.
    """

    text: str
    difference: Difference | None
    missing: tuple[RunSpec, ...] = ()
    more: tuple[RunSpec, ...] = ()


def verdict(
    first: Group,
    second: Group,
    series: Mapping[str, Series],
    unit: str | None,
    measure: str,
    budget: float | None = None,
) -> Verdict:
    """The paired verdict at `budget` of `unit` (without a budget: the most that both had; unit None: their ends)."""
    runs = [first.runs[0], second.runs[0]]
    if first.key == second.key:
        return Verdict("These are the same runs. Choose two different groups.", None)
    plans = [first.plan, second.plan]
    name = MEASURES[measure].name(plans)
    if plans[0].metric_name != plans[1].metric_name:
        return Verdict("One learns numbers, the other classes: their losses have nothing in common.", None)
    if not same_data(runs):
        return Verdict(
            "These two learn from different data, so the difference between their losses says nothing.", None
        )
    ranking = rank([first, second], series, unit, measure, budget)
    places = {place.group.key: place for place in ranking.places}
    a, b = places.get(first.key), places.get(second.key)
    difference = None if a is None or b is None else paired_difference(a.values, b.values)
    if a is None or b is None or difference is None:
        return _too_few(first, second, a, b)
    where = "at the end" if unit is None else f"after {UNITS[unit].amount(ranking.budget)}"
    said = [_judged(first, second, difference, name, where, MEASURES[measure].higher_is_better(plans[0]))]
    said += [_broken(place) for place in (a, b) if place.broken]
    said += [_guessed(place, unit) for place in (a, b) if place.wide]
    said += origins([first, second])
    others = differing(
        runs, without=("seed", "batch_size", *(() if unit is None else ("budget_unit", "budget")))
    )
    if others:
        listed = listing([other.in_sentence for other in others])
        said.append(f"They also differ in {listed}, so batch size alone does not explain it.")
    more: tuple[RunSpec, ...] = ()
    waits = any(group.where(Status.QUEUED, Status.RUNNING) for group in (first, second))
    if not difference.distinguishable and first.trainable and second.trainable and not waits:
        wanted = next((step for step in STEPS if step > difference.seeds), 0)
        more = tuple(missing(first, second, a, b, wanted))
    return Verdict(" ".join(said), difference, more=more)


def _judged(first: Group, second: Group, found: Difference, name: str, where: str, higher: bool) -> str:
    pair = f"{first.label} and {second.label}"
    low, high = sorted((found.low, found.high))
    if not found.distinguishable:
        return (
            f"{pair} are not distinguishable in {name} {where}: over {found.seeds} paired seeds they differ by "
            f"{number(found.mean)} on average, and the {PERCENT} interval from {number(low)} to {number(high)} "
            "contains 0."
        )
    better, worse = (first, second) if (found.mean < 0) != higher else (second, first)
    low, high = sorted((abs(low), abs(high)))
    word = "higher" if higher else "lower"
    return (
        f"{better.label} is better than {worse.label}: {where} its {name} is {word} by "
        f"{number(abs(found.mean))} on average over {found.seeds} paired seeds "
        f"({PERCENT} interval {number(low)} to {number(high)})."
    )


def _broken(place: Ranked) -> str:
    seeds = listing([str(run.spec.seed) for run in place.broken])
    return f"Left out: {place.group.label} {place.broken[0].status} with seed {seeds}."


def _guessed(place: Ranked, unit: str | None) -> str:
    wide = place.wide
    if wide is None or unit is None:
        return ""
    return (
        f"{place.group.label} was not measured there: its value is read between "
        f"{number(wide.before)} and {UNITS[unit].amount(wide.after)}."
    )


def _too_few(first: Group, second: Group, a: Ranked | None, b: Ranked | None) -> Verdict:
    shared = len(set(a.values if a else ()) & set(b.values if b else ()))
    said = (
        f"No verdict: {first.label} and {second.label} share {_seeds(shared)} with a value; "
        f"at least {MIN_SEEDS} are needed to tell a difference from chance."
    )
    for place in (a, b):
        if place is not None and place.broken:
            said += f" {_broken(place)}"
    running = [g for g in (first, second) if g.where(Status.QUEUED, Status.RUNNING)]
    if running:
        return Verdict(f"{said} {listing([group.label for group in running])} is still training.", None)
    if not (first.trainable and second.trainable):
        return Verdict(f"{said} More seeds of imported runs can only be imported.", None)
    return Verdict(said, None, tuple(missing(first, second, a, b)))


def missing(
    first: Group, second: Group, a: Ranked | None, b: Ranked | None, wanted: int = MIN_SEEDS
) -> Sequence[RunSpec]:
    """What to train so that both groups share `wanted` seeds; seeds that both or one of them have come first."""
    have = [set(place.values) if place else set() for place in (a, b)]
    tried = [set(group.by_seed) for group in (first, second)]
    # A seed that was tried and left no value (diverged, stopped early) would do so again.
    hopeless = (tried[0] - have[0]) | (tried[1] - have[1])
    fresh = list(range(wanted + len(tried[0] | tried[1])))
    order = [*sorted(have[0] & have[1]), *sorted(have[0] ^ have[1]), *fresh]
    chosen = [seed for seed in dict.fromkeys(order) if seed not in hopeless][:wanted]
    return [
        group.spec.replace(seed=seed)
        for seed in chosen
        for group, has in zip((first, second), have, strict=True)
        if seed not in has
    ]


def _seeds(count: int) -> str:
    return {0: "no seed", 1: "one seed"}.get(count, f"{count} seeds")
