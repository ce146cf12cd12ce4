"""What is said of a lesson: facts of its runs, how an answer did, what was measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from batchviz.analysis.replicates import group_runs
from batchviz.experiment import datasets
from batchviz.experiment.plan import BYTES, plan_for
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec
from batchviz.lessons.ladder import Ladder
from batchviz.lessons.lesson import Lesson
from batchviz.lessons.outcome import SELECTION_SEEDS, Outcome, Relation
from batchviz.lessons.question import Answer, Measure, Question, Sure
from batchviz.lessons.scoring import Score
from batchviz.text.names import rate_used
from batchviz.text.numbers import ABSENT, byte_size, count, expected_duration, form, listing, number, quantity

SURE = {Sure.GUESS: "A guess", Sure.FAIRLY: "Fairly sure", Sure.SURE: "Sure"}
HOW_SURE = "How sure are you?"
CANNOT_TELL = "I cannot tell"
RECORDED = "It plays until your own race has begun; what comes of it is told from yours alone."
NOT_YET = "What came of it follows as soon as it is measured."
ALIKE = "Two may have the same place: then you say that they do not differ."


class Fact(NamedTuple):
    """A line of the table of facts: one run."""

    run: str
    rate: str
    updates_per_epoch: str
    updates: str
    examples: str


FACTS = Fact("Run", "Learning rate", "Updates an epoch", "Updates in all", "Examples seen")


def run_names(members: Sequence[RunSpec]) -> list[str]:
    """What each run is called beside the others, as in a chart."""
    runs = Run.planned(members)
    names = {run.id: group.label for group in group_runs(runs) for run in group.runs}
    return [names[run.id] for run in runs]


def facts(members: Sequence[RunSpec]) -> list[Fact]:
    """What each run will come to, before anything runs."""
    sentences = []
    for name, spec in zip(run_names(members), members, strict=True):
        plan = plan_for(spec)
        sentences.append(
            Fact(
                name,
                rate_used(spec),
                quantity(plan.first.updates),
                ABSENT if plan.updates is None else quantity(plan.updates),
                ABSENT if plan.examples is None else quantity(plan.examples),
            )
        )
    return sentences


class Held(NamedTuple):
    """A line of the memory ledger: one run."""

    run: str
    textbook: str
    whole: str
    parameters: str
    gradients: str
    slots: str
    activations: str


LEDGER = Held(
    "Run", "Textbook's P + B x I", "In all", "Parameters", "Gradients", "Optimiser slots", "Activations"
)


def ledger(members: Sequence[RunSpec]) -> list[Held]:
    """What each run holds in memory, and what the textbook's formula says: P parameters, I inputs, 4 bytes each."""
    lines = []
    for name, spec in zip(run_names(members), members, strict=True):
        plan = plan_for(spec)
        memory, inputs = plan.memory, datasets.find(spec.dataset).inputs
        lines.append(
            Held(
                name,
                byte_size(BYTES * (plan.size.parameters + plan.first.batch_size * inputs)),
                byte_size(memory.low, memory.high),
                byte_size(memory.parameters),
                byte_size(memory.gradients),
                byte_size(memory.slots),
                byte_size(memory.activations_low, memory.activations_high),
            )
        )
    return lines


def budget(spec: RunSpec) -> str:
    """`10 epochs for each run; 1,438 rows to learn from, 359 held out.`"""
    plan = plan_for(spec)
    unit = spec.budget_unit.removesuffix("s")
    amount = f"{number(spec.budget)} seconds" if unit == "second" else count(spec.budget, unit)
    held = f", {quantity(plan.validation_rows)} held out" if plan.validation_rows else ""
    return f"{amount} for each run; {count(plan.training_rows, 'row')} to learn from{held}."


def value(measure: Measure, amount: float) -> str:
    """A measured value with its unit."""
    if math.isnan(amount):
        return ABSENT
    if math.isinf(amount):
        return "diverged"
    match measure:
        case Measure.MEMORY | Measure.ACTIVATIONS:
            return byte_size(amount)
        case Measure.SECONDS:
            return expected_duration(amount)
        case Measure.SPREAD_RATIO | Measure.UPDATE_SECONDS_RATIO | Measure.PRINTED_RATIO:
            return f"{number(amount)} times"
        case Measure.UPDATES | Measure.UPDATES_PER_EPOCH:
            return count(amount, "update")
        case Measure.LAST_BATCH:
            return count(amount, "example")
        case _:
            return number(amount)


def scored(question: Question, answer: Answer, got: Score) -> str:
    """How an answer did: `3 of 4 resolved pairs.` and what the number leaves out."""
    if not answer.tells:
        return "You said that you cannot tell, so nothing is scored. Here is what came of it."
    if question.kind == "place" or question.measure is None:
        return "Right." if got.right else "Not this time." if got.resolved else "Nothing is settled yet."
    if not got.resolved:
        return "Nothing here is settled, so nothing is scored."
    left = got.total - got.resolved
    open_pairs = (
        f" {count(left, 'pair')} {form(left, 'is', 'are')} not settled and {form(left, 'does', 'do')} not count."
        if left
        else ""
    )
    return f"{got.right} of {count(got.resolved, 'resolved pair')}.{open_pairs}"


def relations(question: Question, result: Outcome) -> list[str]:
    """What is true of each pair, a sentence each: the clear ones, those alike, those open."""
    names = {option.key: option.text for option in question.options}
    by: dict[Relation, list[str]] = {}
    for pair in result.pairs:
        first, second = names[pair.first], names[pair.second]
        if pair.relation is Relation.HIGHER:
            first, second = second, first
        word = {Relation.SAME: "and", Relation.OPEN: "and"}.get(pair.relation, "below")
        relation = Relation.LOWER if pair.relation is Relation.HIGHER else pair.relation
        by.setdefault(relation, []).append(f"{first} {word} {second}")
    exact = result.measure.counted
    heads = {
        Relation.LOWER: "" if exact else "Clear: ",
        Relation.SAME: "Equal: " if exact else "Not distinguishable: ",
        Relation.OPEN: "Not settled: ",
    }
    # Names may hold commas.
    lines = [f"{head}{'; '.join(by[relation])}." for relation, head in heads.items() if relation in by]
    if result.rates:
        chosen = "; ".join(f"{names[key]} at {rate:g}" for key, rate in result.rates.items())
        lines.append(f"Best rate, chosen by {SELECTION_SEEDS} seeds that count no more: {chosen}.")
    return lines


def answer_text(question: Question, answer: Answer) -> str:
    """An answer in words: `B = 8, then B = 32 and B = 128 alike`."""
    if not answer.tells:
        return CANNOT_TELL
    names = {option.key: option.text for option in question.options}
    if isinstance(answer.value, tuple):
        groups = [
            f"{listing([names.get(key, key) for key in group])}{' alike' if len(group) > 1 else ''}"
            for group in answer.value
        ]
        return ", then ".join(groups)
    if isinstance(answer.value, float):
        return f"{number(answer.value)} {question.unit}".strip()
    return names.get(answer.value, answer.value)


def answer_given(question: Question, answer: Answer) -> str:
    """An answer in words; of a prediction also how sure it was: `B = 8, then B = 32 (a guess)`."""
    sure = f" ({SURE[answer.sure].lower()})" if question.key == "predict" and answer.tells else ""
    return f"{answer_text(question, answer)}{sure}"


def measured(measure: Measure) -> str:
    """What is measured, as a heading."""
    return f"{measure.value[0].upper()}{measure.value[1:]}"


def recorded_heading(lesson: Lesson) -> str:
    """Over the recorded race: what is drawn, and that it is not the learner's own."""
    loss = plan_for(lesson.base).loss_name
    where = "of the first updates" if lesson.layout.every_update else "on held-out rows"
    return f"{loss} {where} of a race recorded before, one seed"


def recorded_ends(ends: Sequence[tuple[str, float]]) -> str:
    """The recorded race for those who cannot see it."""
    return f"A race that was recorded before ends at {listing([f'{number(end)} for {name}' for name, end in ends])}."


def drawn(rungs: Ladder) -> str:
    """How the picture of an outcome is to be read."""
    several = any(len(rung.seeds) > 1 for rung in rungs.rungs)
    return "Small marks are single seeds, the large one is their mean." if several else ""
