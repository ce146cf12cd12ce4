"""How the answers of a class divide: what was answered, and by how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import ValidationError

from batchviz.lessons.limits import MAX_SPLIT_ROWS
from batchviz.lessons.question import Answer, Question
from batchviz.lessons.words import CANNOT_TELL, answer_text
from batchviz.text.numbers import number

PLACES = 5
"""Equal parts of its scale into which placed values are counted."""


class Share(NamedTuple):
    """One answer and how many gave it."""

    text: str
    answers: int


def read(question: Question, text: str) -> Answer | None:
    """A stored answer; None for what is none to this question."""
    try:
        answer = Answer.model_validate_json(text)
    except ValidationError:
        return None
    return answer if answer.answers(question) else None


def split(question: Question, answers: Sequence[str]) -> tuple[Share, ...]:
    """The answers to choose in their own order; orders by how many gave each, the rarest as one."""
    read_answers = [answer for text in answers if (answer := read(question, text)) is not None]
    counts = Counter(_answer_text(question, answer) for answer in read_answers)
    if question.kind == "order":
        shares = [Share(text, answers) for text, answers in counts.most_common()]
        rest = sum(share.answers for share in shares[MAX_SPLIT_ROWS:])
        return (*shares[:MAX_SPLIT_ROWS], *([Share("Other orders", rest)] if rest else []))
    if question.kind == "pick":
        names = [option.text for option in question.options]
    else:
        names = [_part(question, part) for part in range(PLACES)]
    names += [CANNOT_TELL] if question.cannot_tell else []
    return tuple(Share(name, counts[name]) for name in names)


def _answer_text(question: Question, answer: Answer) -> str:
    if question.kind != "place" or not isinstance(answer.value, float):
        return answer_text(question, answer)
    share = (answer.value - question.low) / (question.high - question.low)
    return _part(question, min(PLACES - 1, max(0, int(share * PLACES))))


def _part(question: Question, part: int) -> str:
    step = (question.high - question.low) / PLACES
    low, high = question.low + part * step, question.low + (part + 1) * step
    return f"{number(low)} to {number(high)} {question.unit}".strip()
