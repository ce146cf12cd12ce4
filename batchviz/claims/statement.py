"""What is said of a claim that was tested, in plain values that go through JSON: drawn without the recordings."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from batchviz.claims.claim import Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.report import Result
from batchviz.claims.words import verdict_sentence
from batchviz.text import evidence as words
from batchviz.text.numbers import number


class Row(BaseModel):
    """One pair, or one number that was measured beside them; then how sure it is stays empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    effect: str
    agreement: str = ""
    grade: str = ""


class Statement(BaseModel):
    """One claim, its verdict, and what that rests on. Its JSON is what `batchviz claims --json` lists."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    claim: str
    key: str
    source: Source
    measured: str
    verdict: Verdict
    condition: str
    sentence: str
    """The verdict as a sentence."""
    rows: tuple[Row, ...]
    evidence: dict[str, float]
    data: str
    seeds: tuple[int, ...] = Field(min_length=1)
    seconds: float


_LIST = TypeAdapter(tuple[Statement, ...])


def statement(result: Result) -> Statement:
    """Of a result."""
    claim = result.claim
    rows = [_row(pair) for pair in result.judged.pairs]
    rows += [Row(name=name, effect=number(value)) for name, value in result.judged.numbers.items()]
    return Statement(
        claim=claim.sentence,
        key=claim.key,
        source=claim.source,
        measured=claim.measured,
        verdict=result.verdict,
        condition=result.condition,
        sentence=verdict_sentence(result),
        rows=tuple(rows),
        evidence=result.evidence,
        data=result.data,
        seeds=result.seeds,
        seconds=round(result.seconds, 3),
    )


def _row(pair: Pair) -> Row:
    evidence = pair.evidence
    if evidence is None:
        return Row(name=pair.name, effect="not measured")
    effect, agreement, grade = words.effect(evidence), words.agreement(evidence), words.SHORT[evidence.grade]
    return Row(name=pair.name, effect=effect, agreement=agreement, grade=grade)


def to_json(statements: Sequence[Statement]) -> str:
    """A JSON list."""
    return _LIST.dump_json(tuple(statements)).decode()


def from_json(text: str | bytes) -> tuple[Statement, ...]:
    """Read back. Raises ValueError for anything else."""
    return _LIST.validate_json(text)
