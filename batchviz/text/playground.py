"""The Playground's sentence: what its curves show, in one or two plain sentences.

It names the budget and claims nothing that one seed cannot carry. Facts that hold by arithmetic (updates, seconds) are
stated. Of runs that differ in nothing else it compares the smallest and the largest batch size, or the first and the
last way of taking batches: a pair fixed in advance, not the pair that happens to look best. All of it is read from the
same `Comparison` as the Compare page, by the same rule and in the same words, so that the two never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from batchviz.analysis.comparability import NotComparable, Reason
from batchviz.analysis.comparison import Comparison, compare
from batchviz.analysis.confound import OneRate, OwnRates
from batchviz.analysis.differences import BATCH
from batchviz.analysis.replicates import Group
from batchviz.analysis.standing import Standing
from batchviz.analysis.verdict import Verdict
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series
from batchviz.text.caveats import confound
from batchviz.text.comparison import budgets, how_sure
from batchviz.text.evidence import within
from batchviz.text.names import budget, field_list, metric_name
from batchviz.text.numbers import MAX_NAMED, count, listing, number, quantity
from batchviz.text.race_again import conditions
from batchviz.text.verdict import judged


class Finding(NamedTuple):
    """What the runs on the page show."""

    sentence: str
    offer: str = ""
    """What a button offers to train so that more is settled: `9 more seeds of each, within about 4 s`; or nothing."""


def describe(runs: Sequence[Run], series: Mapping[str, Series]) -> Finding:
    """What the runs show; `series` holds their epoch rows by id. Runs that were stopped are set aside."""
    under_way = [run for run in runs if not run.status.final]
    if not runs:
        return Finding("")
    if under_way:
        finished = len(runs) - len(under_way)
        return Finding(
            f"Still training {count(len(under_way), 'run')}"
            f"{f', {quantity(finished)} finished.' if finished else '.'}"
            " Ends are compared when all have had their budget."
        )
    stopped = [run for run in runs if run.status is Status.STOPPED]
    comparison = compared(runs, series)
    races = comparison.races
    each_race = [f"{conditions(race, races)}: {sentence(compared(_runs(race), series))}" for race in races]
    text = "\n".join(each_race) or sentence(comparison)
    return Finding(" ".join([text, *_set_aside(comparison, stopped)]), _offer(comparison))


def compared(runs: Sequence[Run], series: Mapping[str, Series]) -> Comparison:
    """The ends of those that were not stopped; what is told of them is read from it."""
    validated = any(run.plan.validation_rows for run in runs)
    return compare(
        [run for run in runs if run.status is not Status.STOPPED],
        series,
        metric="val_loss" if validated else "train_loss",
    )


def _offer(comparison: Comparison) -> str:
    more = comparison.top_up
    if more is None:
        return ""
    trained = {spec.group for spec in more.specs}
    names = [group.label for group in comparison.groups if group.spec.group in trained]
    whom = "each" if len(names) == len(comparison.groups) else listing(names, MAX_NAMED)
    return f"Train {count(more.more, 'more seed')} of {whom}{within(more.seconds)}"


def sentence(comparison: Comparison) -> str:
    """What a comparison of ended runs, each at its end, shows."""
    ended = [group for group in comparison.groups if group.where(Status.DONE)]
    done = [run for group in ended for run in group.where(Status.DONE)]
    if not done:
        return "No run finished its budget."
    return _alone(ended[0], comparison) if len(done) == 1 else " ".join(_together(ended, comparison))


def _runs(groups: Sequence[Group]) -> list[Run]:
    return [run for group in groups for run in group.runs]


def _set_aside(comparison: Comparison, stopped: Sequence[Run]) -> Iterator[str]:
    """Runs that did not finish, by the names of the comparison where it has them."""
    finished = {group.spec.group for group in comparison.groups if group.where(Status.DONE)}
    broken = [
        (group.label, run)
        for group in comparison.groups
        for run in group.runs
        if run.status is not Status.DONE
    ]
    aside = [*broken, *((f"B = {run.spec.batch_size}", run) for run in stopped)]
    if aside:
        reasons = listing(sorted({str(run.status) for _, run in aside}))
        seeds = sum(run.spec.group in finished for _, run in aside)
        whole = [name for name, run in aside if run.spec.group not in finished]
        names = listing([*whole, *([f"{count(seeds, 'further seed')}"] if seeds else [])])
        yield f"{names} did not finish: {reasons}."


def _alone(group: Group, comparison: Comparison) -> str:
    [run] = group.where(Status.DONE)
    plan, updates = run.plan, run.counted("updates")
    name = metric_name(comparison.metric, [plan])
    place = next((place for place in comparison.ranking.places if place.group is group), None)
    facts = [] if updates is None else [f"took {count(updates, 'update')}"]
    if place is not None and place.at:
        start = comparison.start(run)
        facts.append(f"ended at {name} {number(place.mean)}")
        facts[-1] += "" if start is None else f", from {number(start)} before the first update"
    floor = comparison.metric.floor(plan) if comparison.metric.part == "validation" else None
    best = "" if floor is None else f"; on these rows the true law would score {number(floor)}"
    return f"After {budget(group)}, {group.label} {' and '.join(facts)}{best}."


def _together(groups: Sequence[Group], comparison: Comparison) -> Iterator[str]:
    """Of several runs that finished. `groups` are in the order of their batch sizes."""
    finding = comparison.finding
    if isinstance(finding, NotComparable) and finding.reason in (Reason.MIXED_TASKS, Reason.DIFFERENT_DATA):
        yield "These runs learn from different data, so their losses cannot be ranked."
        return
    if isinstance(finding, NotComparable) and finding.reason is Reason.DIFFERENT_BUDGETS:
        yield f"These runs had different budgets ({budgets(finding)}), so their ends cannot be ranked."
        return
    smallest, largest = groups[0], groups[-1]
    fields = comparison.table.fields
    batches = [field for field in fields if field.field in BATCH]
    others = [field for field in fields if field.field != "batch_size"]
    yield _equal_budget(smallest, largest)
    if batches:
        yield from (
            confound(caveat) for caveat in comparison.caveats if isinstance(caveat, OneRate | OwnRates)
        )
    if len(fields) == len(batches) == 1:
        yield _verdict(comparison.verdict(smallest, largest), comparison)
    elif batches and len(others) < len(fields):
        yield f"The runs also differ in {field_list(others)}, so batch size alone explains no difference."
    elif others:
        alone = ", so none of these alone explains a difference" if len(others) > 1 else ""
        yield f"At the same batch size the runs differ in {field_list(others)}{alone}."
    else:
        seeds = len({run.spec.seed for group in groups for run in group.where(Status.DONE)})
        yield f"{count(seeds, 'seed')} of one setting: the spread between them is what another seed does."


def _equal_budget(smallest: Group, largest: Group) -> str:
    few, many = (group.where(Status.DONE)[0].counted("updates") for group in (largest, smallest))
    alike = smallest.batch_size == largest.batch_size and few == many
    if alike or few is None or many is None:  # an imported history may not say
        return f"Equal budget: {budget(smallest)}."
    least, most = (group.where(Status.DONE)[0].counted("examples") for group in (smallest, largest))
    if few == many and least and most and least < most:
        return (
            f"In the same {budget(smallest)}, {smallest.label} saw {count(least, 'example')} and {largest.label} "
            f"saw {quantity(most)}."
        )
    return (
        f"In the same {budget(smallest)}, {smallest.label} took {count(many, 'update')} and {largest.label} took "
        f"{quantity(few)}."
    )


def _verdict(verdict: Verdict, comparison: Comparison) -> str:
    name = metric_name(verdict.metric, [verdict.first.plan])
    broken = [place.group.label for place in verdict.places if place.broken]
    if broken:
        return f"No verdict on their {name}: {listing(broken)} did not finish with every seed."
    if verdict.evidence is None:
        return "They share no seed, so nothing is compared: train the same seeds of both."
    judgement = judged(verdict, verdict.evidence)
    sentence = f"{judgement[0].upper()}{judgement[1:]}"
    finding, leader = comparison.finding, comparison.leader
    if leader is None or leader is verdict.ahead or not isinstance(finding, Standing):
        return f"{sentence}."
    if all(other.evidence is None or other.evidence.identical for other in finding.others):
        return f"{sentence}."  # nobody is lowest
    return f"{sentence}. On average {leader.label} ended lowest{how_sure(finding, 'lower')}."
