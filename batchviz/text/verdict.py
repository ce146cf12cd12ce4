"""The verdict on two groups, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from batchviz.analysis.caveats import origins
from batchviz.analysis.limits import MIN_SEEDS
from batchviz.analysis.ranking import Ranked
from batchviz.analysis.significance import CONFIDENCE, Difference
from batchviz.analysis.units import Unit
from batchviz.analysis.verdict import NoVerdict, Verdict
from batchviz.text.caveats import imported
from batchviz.text.names import amount, field_list, metric_name
from batchviz.text.numbers import count, listing, number, percent


def verdict_text(verdict: Verdict) -> str:
    """What can be said of the two, and what stands beside it."""
    return " ".join(_sentences(verdict))


def _sentences(verdict: Verdict) -> Iterator[str]:
    match verdict.reason:
        case NoVerdict.SAME_GROUP:
            yield "These are the same runs. Choose two different groups."
        case NoVerdict.MIXED_TASKS:
            yield "One learns numbers, the other classes: their losses have nothing in common."
        case NoVerdict.DIFFERENT_DATA:
            yield "These two learn from different data, so the difference between their losses says nothing."
        case NoVerdict.TOO_FEW_SEEDS:
            yield from _too_few(verdict)
        case None:
            assert verdict.difference is not None
            yield _judged(verdict, verdict.difference)
            yield from _beside(verdict)
        case _:
            assert_never(verdict.reason)


def _judged(verdict: Verdict, difference: Difference) -> str:
    first, second = verdict.first, verdict.second
    name = metric_name(verdict.metric, [first.plan, second.plan])
    where = "at the end" if verdict.unit is None else f"after {amount(verdict.unit, verdict.budget)}"
    if verdict.better is None:
        return (
            f"{first.label} and {second.label} are not distinguishable in {name} {where}: over {difference.seeds} "
            f"paired seeds they differ by {number(difference.mean)} on average, and the {percent(CONFIDENCE)} interval "
            f"from {number(difference.low)} to {number(difference.high)} contains 0."
        )
    worse = second if verdict.better is first else first
    word = "higher" if verdict.metric.higher_is_better(first.plan) else "lower"
    return (
        f"{verdict.better.label} is better than {worse.label}: {where} its {name} is {word} by "
        f"{number(abs(difference.mean))} on average over {difference.seeds} paired seeds ({interval(difference)})."
    )


def interval(difference: Difference) -> str:
    """Of the size of a difference that is one: `99 % interval 0.08 to 0.12`."""
    low, high = sorted((abs(difference.low), abs(difference.high)))
    return f"{percent(CONFIDENCE)} interval {number(low)} to {number(high)}"


def _beside(verdict: Verdict) -> Iterator[str]:
    for place in verdict.places:
        if place.broken:
            yield _broken(place)
    for place in verdict.places:
        if place.wide is not None and verdict.unit is not None:
            yield _read_between(place, verdict.unit)
    for caveat in origins([verdict.first, verdict.second]):
        yield imported(caveat)
    if verdict.differing:
        fields = field_list(verdict.differing)
        yield f"They also differ in {fields}, so batch size alone does not explain it."


def _broken(place: Ranked) -> str:
    seeds = listing([str(run.spec.seed) for run in place.broken])
    return f"Left out: {place.group.label} {place.broken[0].status} with seed {seeds}."


def _read_between(place: Ranked, unit: Unit) -> str:
    assert place.wide is not None
    return (
        f"{place.group.label} was not measured there: its value is read between "
        f"{number(place.wide.before)} and {amount(unit, place.wide.after)}."
    )


def _too_few(verdict: Verdict) -> Iterator[str]:
    seeds = {0: "no seed", 1: "one seed"}.get(verdict.shared, count(verdict.shared, "seed"))
    yield (
        f"No verdict: {verdict.first.label} and {verdict.second.label} share {seeds} with a value; "
        f"at least {MIN_SEEDS} are needed to tell a difference from chance."
    )
    for place in verdict.places:
        if place.broken:
            yield _broken(place)
    if verdict.waiting:
        yield f"{listing([group.label for group in verdict.waiting])} is still training."
    elif not verdict.trainable:
        yield "More seeds of imported runs can only be imported."
