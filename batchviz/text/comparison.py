"""The statement on a comparison: in short sentences, the finding first. Plain text with users' names in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from batchviz.analysis.comparability import NotComparable, Reason
from batchviz.analysis.comparison import Comparison, NothingLeads, OneGroup
from batchviz.analysis.limits import MIN_SEEDS
from batchviz.analysis.ranking import Ranked
from batchviz.analysis.significance import (
    CONFIDENCE,
    Guessed,
    Leads,
    NotDistinguishable,
    Standing,
    TooFewSeeds,
)
from batchviz.experiment.records import Status
from batchviz.text.caveats import caveat_sentences
from batchviz.text.clock import PATHS
from batchviz.text.names import amount, budget, field_list, group_list, metric_name
from batchviz.text.numbers import MAX_NAMED, form, listing, number, percent


def headline(comparison: Comparison) -> str:
    """The finding in one sentence."""
    return next(_finding(comparison))


def statement(comparison: Comparison) -> str:
    """All that can be said, the headline first."""
    return " ".join(sentences(comparison))


def sentences(comparison: Comparison) -> tuple[str, ...]:
    """What the comparison shows and what it cannot show; at least one sentence."""
    return (*_finding(comparison), *_leaders(comparison), *caveat_sentences(comparison))


def _finding(comparison: Comparison) -> Iterator[str]:
    finding = comparison.finding
    match finding:
        case NotComparable():
            yield not_comparable(finding, comparison)
        case OneGroup(place):
            yield from _one_group(place, comparison)
        case NothingLeads(only):
            yield _nothing_leads(only, comparison)
        case Standing():
            yield from _standing(finding, comparison)
        case _:
            assert_never(finding)


def not_comparable(finding: NotComparable, comparison: Comparison) -> str:
    """Why there is no ranking."""
    name = metric_name(comparison.metric, [group.plan for group in comparison.groups])
    unit = comparison.unit.key if comparison.unit else ""
    equal = "Choose an equal budget to compare them."
    match finding.reason:
        case Reason.NO_RUNS:
            return "No runs are chosen yet."
        case Reason.MIXED_TASKS:
            return (
                "These runs mix regression and classification: an error in numbers and a share of wrong classes "
                "cannot be ranked against each other."
            )
        case Reason.DIFFERENT_DATA:
            fields = field_list(finding.fields)
            return f"These runs learn from different data ({fields}), so their values cannot be ranked."
        case Reason.DIFFERENT_BUDGETS:
            return f"These runs had different budgets ({budgets(finding)}), so their ends cannot be ranked. {equal}"
        case Reason.STOPPED_EARLY:
            were = form(len(finding.groups), "was", "were")
            return f"{group_list(finding.groups)} {were} stopped early, so the ends cannot be ranked. {equal}"
        case Reason.NOTHING_FINITE:
            return f"No run ended with a finite {name}, so nothing leads."
        case Reason.STILL_TRAINING:
            return "These runs are still training. They are compared when they have ended."
        case Reason.UNIT_NOT_RECORDED:
            return f"None of these runs tells its {unit}, so they cannot be compared at equal {unit}."
        case Reason.CLOCK_UNKNOWN:
            return (
                f"No seconds yet: what an update takes in {PATHS[comparison.clocks.path]} on this machine was not "
                "measured."
            )
        case Reason.NO_CLOCK:
            return "The networks of these runs are not known here, so their updates have no time."
        case Reason.NO_VALIDATION_ROWS:
            return f"No rows were held out, so there is no {name}. Choose a measure of training."
        case Reason.METRIC_NOT_RECORDED:
            return f"None of these runs has a value of {name}. Choose another measure."
        case _:
            assert_never(finding.reason)


def budgets(finding: NotComparable) -> str:
    """`10 epochs and 500 updates`."""
    return listing([budget(group) for group in finding.groups], MAX_NAMED)


def _after(comparison: Comparison) -> str:
    """`After 10 epochs`."""
    if comparison.unit is not None:
        return f"After {amount(comparison.unit, comparison.budget)}"
    first = comparison.groups[0]
    one_budget = len({budget(group) for group in comparison.groups}) == 1
    return f"After {budget(first)}" if one_budget and not first.where(Status.STOPPED) else "At the end"


def _one_group(place: Ranked, comparison: Comparison) -> Iterator[str]:
    name = metric_name(comparison.metric, [place.group.plan])
    mean = f"{_after(comparison)}, {place.group.label} has {name} {number(place.mean)}"
    if len(place.at) == 1:
        yield f"{mean}."
        yield "Add runs of another batch size to compare."
        return
    low, high = min(place.values.values()), max(place.values.values())
    yield f"{mean}, the mean of {len(place.at)} seeds, which lie between {number(low)} and {number(high)}."
    yield "These runs differ in the seed alone: their spread is what chance does."


def _nothing_leads(only: Ranked | None, comparison: Comparison) -> str:
    name = metric_name(comparison.metric, [group.plan for group in comparison.groups])
    if only is None:
        return f"{_after(comparison)}, no run has a finite {name} with every seed, so nothing leads."
    return (
        f"{_after(comparison)}, only {only.group.label} has a value: {name} {number(only.mean)}. "
        "There is nothing to rank it against."
    )


def _standing(finding: Standing, comparison: Comparison) -> Iterator[str]:
    """Who leads, and which of the others it can be told from."""
    leader, after = finding.leader, _after(comparison)
    best = "highest" if comparison.metric.higher_is_better(leader.group.plan) else "lowest"
    name = metric_name(comparison.metric, [group.plan for group in comparison.groups])
    over = "one seed" if len(leader.at) == 1 else f"the mean of {len(leader.at)} seeds"
    leads = f"{leader.group.label} has the {best} {name} ({number(leader.mean)}, {over})"
    match finding:
        case Guessed():
            yield f"{after}, as far as was measured, {leads}."
        case TooFewSeeds():
            yield f"{after}, {leads}."
            yield f"Chance may decide this order: train at least {MIN_SEEDS} seeds of each for a verdict."
        case NotDistinguishable(inconclusive=()):
            others = form(len(finding.not_distinguishable), "the other", "the others")
            yield f"{after}, {leads}, but it is not distinguishable from {others}."
            yield (
                f"Chance alone can explain this order ({percent(CONFIDENCE)} intervals over paired seeds); "
                "more seeds may settle it."
            )
        case NotDistinguishable() | Leads():
            yield f"{after}, {leads}."
            yield from _against(finding)
        case _:
            raise AssertionError(f"no words for a {type(finding).__name__}; expected one of its subclasses")


def _against(finding: Standing) -> Iterator[str]:
    widened = "" if finding.pairs == 1 else f", widened because {finding.pairs} pairs could have differed"
    sure = f"({percent(CONFIDENCE)} intervals over paired seeds{widened})"
    if not finding.not_distinguishable and not finding.inconclusive:
        others = form(len(finding.better_than), "the other", "every other")
        yield f"It is distinguishable from {others} {sure}."
        return
    if finding.better_than:
        yield f"It is better than {_labels(finding.better_than)} {sure}."
    if finding.not_distinguishable:
        yield f"It is not distinguishable from {_labels(finding.not_distinguishable)}."
    if finding.inconclusive:
        few = f"there are fewer than {MIN_SEEDS} shared seeds: no verdict"
        yield f"Against {_labels(finding.inconclusive)} {few}."


def _labels(places: Sequence[Ranked]) -> str:
    return group_list([place.group for place in places])


def _leaders(comparison: Comparison) -> Iterator[str]:
    """Whether somebody else leads when something else is made equal."""
    others = [other for other in comparison.leaders if not other.same]
    if others:
        changes = (
            f"at equal {other.unit.key} ({amount(other.unit, other.budget)} each) {other.leader.group.label} leads"
            f"{' (read between measurements)' if other.guessed else ''}"
            for other in others
        )
        yield f"The ranking changes with the budget: {'; '.join(changes)}."
    elif comparison.leaders:
        yield f"The same run leads at equal {listing([other.unit.key for other in comparison.leaders])}."
