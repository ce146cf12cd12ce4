"""A result in words: the verdict, and what each of its pairs says."""

from __future__ import annotations

from batchviz.analysis.limits import RACE_SEEDS
from batchviz.claims.claim import Claim, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.report import Result
from batchviz.text import evidence as evidence_text
from batchviz.text.numbers import expected_duration, number


def expected_time(claim: Claim) -> str:
    """`A test takes about 20 s on two cores that do nothing else.`"""
    return (
        f"A test takes about {expected_duration(claim.expected_seconds)} on two cores that do nothing else."
    )


def verdict_sentence(result: Result) -> str:
    """`Holds.`, `Holds only up to B = 32.`, `Does not hold.`, `Not distinguishable here: ...`"""
    if result.verdict is Verdict.ONLY_IF:
        return f"Holds only {result.condition}."
    if result.verdict is not Verdict.NOT_DISTINGUISHABLE:
        return f"{result.verdict.value.capitalize()}."
    return f"{result.verdict.value.capitalize()}: {_why_not(result)}."


def _why_not(result: Result) -> str:
    unclear = [pair for pair in result.judged.pairs if not pair.clear]
    if not unclear:
        return "each pair is clear alone, but among so many claims one as sure as this may be chance"
    if any(pair.evidence is None for pair in unclear):
        return "something that it rests on could not be measured"
    few = len(result.seeds) < RACE_SEEDS
    hint = f"; {RACE_SEEDS} seeds find more than {len(result.seeds)}" if few else ""
    names = "one of the pairs" if len(unclear) == 1 else f"{len(unclear)} of the pairs"
    return (
        f"{names} that it rests on is not clear{hint}"
        if len(unclear) == 1
        else f"{names} are not clear{hint}"
    )


def pair_sentence(pair: Pair) -> str:
    """`validation loss after 10 epochs, B = 4 / B = 256: 1.9 times lower, 10 of 10 seeds, a clear difference.`"""
    evidence = pair.evidence
    if evidence is None:
        return f"{pair.name}: not measured."
    parts = (
        evidence_text.effect(evidence),
        evidence_text.agreement(evidence),
        evidence_text.GRADES[evidence.grade],
    )
    return f"{pair.name}: {', '.join(parts)}."


def result_lines(result: Result) -> list[str]:
    """The claim, its verdict, and what that rests on: a line each."""
    seeds = f"seeds {result.seeds[0]} to {result.seeds[-1]}"
    numbers = [f"  {name}: {number(value)}" for name, value in result.judged.numbers.items()]
    return [
        f"{result.claim.sentence} ({result.claim.source.value})",
        f"  {verdict_sentence(result)} [{result.claim.key}, {result.data}, {seeds}, {result.seconds:.1f} s]",
        *(f"  {pair_sentence(pair)}" for pair in result.judged.pairs),
        *numbers,
    ]
