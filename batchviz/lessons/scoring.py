"""How right an answer is: only what the verdict settles counts.

A pair that nothing settles is left out. Of one that cannot be told apart only the answer that it is a tie is right: a
strict order over it never is. Who says that they cannot tell has claimed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from batchviz.lessons.outcome import Outcome, Pair, Relation
from batchviz.lessons.question import Answer, Question

_TURNED = {Relation.LOWER: Relation.HIGHER, Relation.HIGHER: Relation.LOWER}


@dataclass(frozen=True)
class Score:
    """`right` of `resolved` things that an answer could be right or wrong in, of `total` that it spoke of."""

    right: int
    resolved: int
    total: int

    @property
    def perfect(self) -> bool:
        """Whether everything that is settled was told, and anything is."""
        return self.right == self.resolved > 0


def score(question: Question, answer: Answer, outcome: Outcome | None = None) -> Score:
    """The score of an answer. `outcome` is what the runs say; a question that is not measured needs none."""
    if outcome is None:
        return Score(int(answer.value == question.right), int(answer.tells), 1)
    if question.kind == "place":
        return _placed(question, answer, outcome)
    judged = [(pair, claim) for pair, claim in _claims(question, answer, outcome) if pair.relation.settled]
    right = sum(pair.relation is claim for pair, claim in judged)
    return Score(right, len(judged), len(list(_claims(question, answer, outcome))))


def _claims(question: Question, answer: Answer, outcome: Outcome) -> Iterator[tuple[Pair, Relation | None]]:
    """The pairs that an answer speaks of, and what it says of each; None: nothing."""
    best = Relation.LOWER if question.lower_wins else Relation.HIGHER
    order = answer.value if isinstance(answer.value, tuple) else ()
    places = {key: place for place, group in enumerate(order) for key in group}
    alike = isinstance(answer.value, str) and answer.value not in outcome.values
    for pair in outcome.pairs:
        if not answer.tells:
            yield pair, None
        elif question.kind == "order":
            first, second = places.get(pair.first, 0), places.get(pair.second, 0)
            yield pair, Relation.SAME if first == second else best if first < second else _TURNED[best]
        elif alike:
            yield pair, Relation.SAME
        elif answer.value in (pair.first, pair.second):
            yield pair, best if answer.value == pair.first else _TURNED[best]


def _placed(question: Question, answer: Answer, outcome: Outcome) -> Score:
    [true] = outcome.values.values()
    is_measured = 0 < true < float("inf")
    value = answer.value if isinstance(answer.value, float) else 0.0
    right = is_measured and value > 0 and max(value / true, true / value) <= question.within
    return Score(int(right), int(is_measured), 1)
