"""The verdict on two groups, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from batchviz.analysis.caveats import origins
from batchviz.analysis.evidence import Evidence
from batchviz.analysis.ranking import Ranked
from batchviz.analysis.verdict import NoVerdict, Verdict
from batchviz.text.caveats import imported
from batchviz.text.evidence import agreement, effect, grade, outlook
from batchviz.text.names import amount, field_list, group_list, metric_name
from batchviz.text.numbers import form, listing


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
        case NoVerdict.NO_SHARED_SEED:
            yield f"{verdict.first.label} and {verdict.second.label} share no seed with a value: nothing is compared."
            yield from _beside(verdict)
        case None:
            assert verdict.evidence is not None
            yield f"{_where(verdict)}, {judged(verdict, verdict.evidence)}."
            if verdict.top_up is not None:
                yield outlook(verdict.top_up, verdict.evidence)
            yield from _beside(verdict)
        case _:
            assert_never(verdict.reason)


def judged(verdict: Verdict, evidence: Evidence) -> str:
    """The effect, how many seeds agree, the grade, what is not ruled out; without a capital and a full stop."""
    first, second = verdict.first, verdict.second
    name = metric_name(verdict.metric, [first.plan, second.plan])
    if evidence.identical:
        return f"{first.label} and {second.label} have the same {name} with {_all(evidence)}"
    return (
        f"the {name} of {first.label} is {effect(evidence)} than that of {second.label} "
        f"({agreement(evidence)}): {grade(evidence)}"
    )


def _all(evidence: Evidence) -> str:
    return {1: "the one seed they share", 2: "both seeds"}.get(evidence.seeds, f"all {evidence.seeds} seeds")


def _where(verdict: Verdict) -> str:
    return "At the end" if verdict.unit is None else f"After {amount(verdict.unit, verdict.budget)}"


def _beside(verdict: Verdict) -> Iterator[str]:
    for place in verdict.places:
        if place.broken:
            yield _broken(place)
    if verdict.waiting:
        are = form(len(verdict.waiting), "is", "are")
        yield f"{group_list(verdict.waiting)} {are} still training."
    elif not verdict.trainable and verdict.better is None:
        yield "More seeds of imported runs can only be imported."
    yield from (_not_measured(place) for place in verdict.places if place.skipped)
    for caveat in origins([verdict.first, verdict.second]):
        yield imported(caveat)
    if verdict.differing:
        fields = field_list(verdict.differing)
        yield f"They also differ in {fields}, so batch size alone does not explain it."


def _broken(place: Ranked) -> str:
    seeds = listing([str(run.spec.seed) for run in place.broken])
    return f"Left out: {place.group.label} {place.broken[0].status} with seed {seeds}."


def _not_measured(place: Ranked) -> str:
    runs = form(len(place.skipped), "a run", f"{len(place.skipped)} runs")
    return f"Left out: {runs} of {place.group.label}, not measured there."
