"""The statement on a comparison: in short sentences, the finding first. Plain text with users' names in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from batchviz.analysis.comparability import NotComparable, Reason
from batchviz.analysis.comparison import Comparison, LeaderAt, NothingLeads, OneGroup, compare
from batchviz.analysis.confound import UnequalAmounts
from batchviz.analysis.evidence import Grade
from batchviz.analysis.limits import RACE_SEEDS
from batchviz.analysis.ranking import Ranked
from batchviz.analysis.replicates import Group
from batchviz.analysis.standing import Against, Standing
from batchviz.experiment.records import Status
from batchviz.text.caveats import confound, left_out, not_equal
from batchviz.text.clock import PATHS
from batchviz.text.evidence import GRADES, SHORT, agreement, effect, outlook
from batchviz.text.names import amount, budget, field_list, group_list, metric_name
from batchviz.text.numbers import MAX_NAMED, form, listing, number
from batchviz.text.race_again import conditions


def headline(comparison: Comparison) -> str:
    """The finding in one sentence."""
    return next(_finding(comparison))


def statement(comparison: Comparison) -> str:
    """All that can be said, the headline first."""
    return " ".join(sentences(comparison))


def sentences(comparison: Comparison) -> tuple[str, ...]:
    """What the comparison shows and what it cannot show; at least one sentence."""
    return (*lead(comparison), *detail(comparison))


def lead(comparison: Comparison) -> tuple[str, ...]:
    """What stands over a chart, the headline first: who leads, whether another budget turns that, who is left out."""
    finding = [headline(comparison)] if isinstance(comparison.finding, Standing) else _finding(comparison)
    return (*finding, *_races(comparison), *_leaders(comparison), *left_out(comparison))


def detail(comparison: Comparison) -> tuple[str, ...]:
    """What stands under it: by how much and how surely, grade by grade, and what was not equal."""
    evidence = [*_finding(comparison)][1:] if isinstance(comparison.finding, Standing) else []
    return (*evidence, *not_equal(comparison))


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


def _races(comparison: Comparison) -> Iterator[str]:
    """Of several races, whose ends can be told, each for itself."""
    finding = comparison.finding
    apart = isinstance(finding, NotComparable) and finding.reason is Reason.DIFFERENT_BUDGETS
    if comparison.unit is not None or not (apart or isinstance(finding, Standing)):
        return
    for race in comparison.races:
        runs = [run for group in race for run in group.runs]
        alone = compare(runs, comparison.series, metric=comparison.metric.key)
        unequal = [confound(caveat) for caveat in alone.caveats if isinstance(caveat, UnequalAmounts)]
        yield " ".join([f"{conditions(race, comparison.races)}: {headline(alone)}", *unequal])


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
            where = " where it ended" if comparison.ranking.unit is None else " there"
            return f"None of these runs has a value of {name}{where}. Choose another measure or budget."
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
    yield "These runs differ in the seed alone: their spread is what another seed does."


def _nothing_leads(only: Ranked | None, comparison: Comparison) -> str:
    name = metric_name(comparison.metric, [group.plan for group in comparison.groups])
    if only is None:
        return f"{_after(comparison)}, no run has a finite {name} with every seed, so nothing leads."
    return (
        f"{_after(comparison)}, only {only.group.label} has a value: {name} {number(only.mean)}. "
        "There is nothing to rank it against."
    )


def _standing(finding: Standing, comparison: Comparison) -> Iterator[str]:
    """Who leads and how sure that is, then by how much, grade by grade."""
    leader = finding.leader
    name = metric_name(comparison.metric, [group.plan for group in comparison.groups])
    higher = comparison.metric.higher_is_better(leader.group.plan)
    over = "one seed" if len(leader.at) == 1 else f"the mean of {len(leader.at)} seeds"
    yield (
        f"{_after(comparison)}, {leader.group.label} has the {'highest' if higher else 'lowest'} {name} "
        f"({number(leader.mean)}, {over}){how_sure(finding, 'higher' if higher else 'lower')}."
    )
    if len(finding.others) > 1:
        graded = {grade: [each for each in finding.graded(grade) if each.evidence] for grade in _TITLES}
        graded = {grade: others for grade, others in graded.items() if others}
        # Of one grade for all `how_sure` has just told, unless it is a lead.
        repeats = len(graded) == 1 and not graded.keys() & {Grade.CLEAR, Grade.LIKELY}
        for grade, others in graded.items():
            effects = [_effect_on(other) for other in others]
            effects[1:] = [words.replace(" seeds)", ")") for words in effects[1:]]
            begins = f"{leader.group.label} is" if repeats else f"{_TITLES[grade]}:"
            yield f"{begins} {listing(effects, MAX_NAMED)}."
    if alone := [
        other.place.group for other in finding.others if other.evidence is None and not other.place.broken
    ]:
        yield f"It shares no seed with {group_list(alone)}, so nothing is compared there."
    yield from _outlook(finding, comparison)


_TITLES = {
    Grade.CLEAR: "Clear",
    Grade.LIKELY: "Likely",
    Grade.TIED: "Not distinguishable",
    Grade.OPEN: "Not settled yet",
    Grade.TOO_FEW_SEEDS: "Too few seeds to settle anything",
}
"""Over what is told of the others, by the leader's grade."""


def how_sure(finding: Standing, word: str) -> str:
    """Behind the name of a leader, which is named nowhere without it. Of two groups it says all."""
    others, clear, likely = finding.others, finding.graded(Grade.CLEAR), finding.graded(Grade.LIKELY)
    compared = [other for other in others if other.evidence is not None]
    if len(others) == 1 and compared:
        return f", {_effect_on(compared[0])}: {GRADES[compared[0].grade]}"
    if clear:
        return f", clearly {word} than {'every other' if len(clear) == len(others) else _labels(clear)}"
    if likely:
        return f", likely {word} than {_labels(likely)}"
    if not compared:
        return "" if all(other.place.broken for other in others) else ", and shares no seed with any other"
    grade = GRADES[max(other.grade for other in compared)]
    return f"; against {'the others' if len(compared) > 1 else compared[0].place.group.label} {grade}"


def _effect_on(other: Against) -> str:
    """`4.31 times lower than B = full (10 of 10 seeds)`."""
    assert other.evidence is not None
    label, evidence = other.place.group.label, other.evidence
    if evidence.identical:
        return f"the same as {label} with every seed"
    return f"{effect(evidence)} than {label}{'' if other.ahead else ', seed by seed'} ({agreement(evidence)})"


def lead_over(comparison: Comparison, group: Group) -> str:
    """What a table says of the leader and this group: `4.31 times lower, clear`; empty where nothing is compared."""
    other = comparison.finding.against(group) if isinstance(comparison.finding, Standing) else None
    if other is None or other.evidence is None:
        return ""
    grade = other.evidence.grade if other.ahead else other.grade
    return f"{effect(other.evidence)}, {SHORT[grade]}"


def _outlook(finding: Standing, comparison: Comparison) -> Iterator[str]:
    """What the seeds at hand could find, and what more would; of several, where most is needed."""
    unsettled = [
        (other.place, other.evidence) for other in finding.others if other.evidence and not other.settled
    ]
    if comparison.top_up is None or not unsettled:
        return
    place, widest = max(unsettled, key=lambda pair: pair[1].spread if pair[1].spread > 0 else 0.0)
    where = "" if len(finding.others) == 1 or widest.seeds < RACE_SEEDS else f"Against {place.group.label}, "
    yield f"{where}{outlook(comparison.top_up, widest)}"


def _labels(others: Sequence[Against]) -> str:
    return group_list([other.place.group for other in others])


def _leaders(comparison: Comparison) -> Iterator[str]:
    """Whether somebody else leads when something else is made equal, as surely as its seeds say."""
    leader = comparison.leader
    if leader is None:
        return
    others = [other for other in comparison.leaders if not other.same]
    changed, open_ = list[str](), list[str]()
    for other in others:
        against = other.standing.against(leader)
        sure = against is not None and against.grade >= Grade.LIKELY
        (changed if sure else open_).append(_leads_instead(other, against))
    if changed:
        yield f"The ranking changes with the budget: {'; '.join(changed)}."
    if open_:
        yield f"Whether the ranking changes with the budget is not settled: {'; '.join(open_)}."
    if not others and comparison.leaders:
        higher = comparison.metric.higher_is_better(leader.plan)
        word = "higher" if higher else "lower"
        by_words: dict[str, list[str]] = {}
        for other in comparison.leaders:
            by_words.setdefault(how_sure(other.standing, word), []).append(other.unit.key)
        best = "highest" if higher else "lowest"
        for words, units in by_words.items():
            yield f"At equal {listing(units)} {leader.label} is {best}, too{words}."


def _leads_instead(other: LeaderAt, against: Against | None) -> str:
    """`at equal updates (10 updates each) B = full is 2.1 times lower than B = 1 (9 of 10 seeds): not settled yet`."""
    leader = other.standing.leader.group.label
    where = f"at equal {other.unit.key} ({amount(other.unit, other.budget)} each) {leader}"
    if against is None or against.evidence is None:
        return f"{where} shares no seed with the leader here"
    return f"{where} is {_effect_on(against)}: {GRADES[against.grade]}"
