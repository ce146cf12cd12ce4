"""Scores: by property for any order and any truth, and by example for the rest."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchviz.lessons.outcome import Outcome, Pair, Relation
from batchviz.lessons.question import CANNOT_TELL, Answer, Measure, Question
from batchviz.lessons.scoring import Score, score

KEYS = ("a", "b", "c", "d")
OPTIONS = [{"key": key, "text": key, "spec": {}} for key in KEYS]


def question(kind: str, **more: object) -> Question:
    values = {
        "key": "predict",
        "kind": kind,
        "text": "?",
        "options": OPTIONS,
        "measure": Measure.VALIDATION_LOSS,
    }
    return Question.model_validate(values | more)


def truth(relations: list[Relation]) -> Outcome:
    pairs = itertools.combinations(KEYS, 2)
    return Outcome(
        Measure.VALIDATION_LOSS,
        dict.fromkeys(KEYS, 1.0),
        dict.fromkeys(KEYS, (1.0,)),
        tuple(Pair(*pair, relation) for pair, relation in zip(pairs, relations, strict=True)),
    )


outcomes = st.lists(st.sampled_from(Relation), min_size=6, max_size=6).map(truth)
strict_orders = st.permutations(KEYS).map(lambda keys: tuple((key,) for key in keys))


@st.composite
def orders(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    places = {key: draw(st.integers(0, 3)) for key in KEYS}
    return tuple(tuple(k for k in KEYS if places[k] == place) for place in sorted(set(places.values())))


@given(strict_orders, outcomes)
def test_no_strict_order_over_a_tie_is_ever_rewarded(
    order: tuple[tuple[str, ...], ...], true: Outcome
) -> None:
    ties = sum(pair.relation is Relation.SAME for pair in true.pairs)
    got = score(question("order"), Answer(value=order), true)
    assert got.right <= got.resolved - ties
    assert not (ties and got.perfect)


@given(orders(), outcomes)
def test_only_what_is_settled_counts(order: tuple[tuple[str, ...], ...], true: Outcome) -> None:
    got = score(question("order"), Answer(value=order), true)
    assert got.resolved == sum(pair.relation is not Relation.OPEN for pair in true.pairs)
    assert got.total == 6
    unsettled = truth([Relation.OPEN] * 6)
    assert score(question("order"), Answer(value=order), unsettled) == Score(0, 0, 6)


@given(orders(), outcomes, st.booleans())
def test_an_order_is_right_pair_by_pair(
    order: tuple[tuple[str, ...], ...], true: Outcome, lower_wins: bool
) -> None:
    place = {key: number for number, group in enumerate(order) for key in group}
    sign = 1 if lower_wins else -1
    meant = {-1: Relation.LOWER, 0: Relation.SAME, 1: Relation.HIGHER}
    told = {
        pair: meant[
            sign * ((place[pair.first] > place[pair.second]) - (place[pair.first] < place[pair.second]))
        ]
        for pair in true.pairs
    }
    got = score(question("order", lower_wins=lower_wins), Answer(value=order), true)
    assert got.right == sum(pair.relation is told[pair] for pair in true.pairs if pair.relation.settled)


@given(outcomes)
def test_a_pick_claims_that_it_is_best_and_nothing_of_the_others(true: Outcome) -> None:
    got = score(question("pick"), Answer(value="a"), true)
    own = [pair for pair in true.pairs if pair.first == "a"]
    assert got.total == 3
    assert got.right == sum(pair.relation is Relation.LOWER for pair in own)


@given(outcomes)
def test_picking_that_they_are_alike_is_right_of_ties_alone(true: Outcome) -> None:
    asked = question("pick", options=[*OPTIONS, {"key": "alike", "text": "They are alike"}])
    got = score(asked, Answer(value="alike"), true)
    assert got.right == sum(pair.relation is Relation.SAME for pair in true.pairs)
    assert got.total == 6


@given(outcomes, st.sampled_from(["order", "pick"]))
def test_who_cannot_tell_has_claimed_nothing(true: Outcome, kind: str) -> None:
    assert score(question(kind), Answer(value=CANNOT_TELL), true).right == 0


@pytest.mark.parametrize(
    ("value", "true", "got"),
    [
        (13.0, 13.0, Score(1, 1, 1)),
        (12.0, 13.0, Score(1, 1, 1)),
        (10.0, 13.0, Score(0, 1, 1)),
        (17.0, 13.0, Score(0, 1, 1)),
        (13.0, math.nan, Score(0, 0, 1)),
        (13.0, math.inf, Score(0, 0, 1)),
        (CANNOT_TELL, 13.0, Score(0, 1, 1)),
    ],
)  # fmt: skip
def test_a_place_is_right_within_its_factor(value: float | str, true: float, got: Score) -> None:
    asked = question("place", options=OPTIONS[:1], low=1, high=100, within=1.2)
    measured = Outcome(Measure.VALIDATION_LOSS, {"a": true}, {"a": (true,)}, ())
    assert score(asked, Answer(value=value), measured) == got


def test_a_question_that_nothing_measured_decides_has_one_right_option() -> None:
    asked = question("pick", measure=None, right="b")
    assert score(asked, Answer(value="b")) == Score(1, 1, 1)
    assert score(asked, Answer(value="c")) == Score(0, 1, 1)
    assert score(asked, Answer(value=CANNOT_TELL)) == Score(0, 0, 1)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        ((("a", "b"), ("c",), ("d",)), True),
        ((("a",), ("b",), ("c",)), False),
        ((("a", "a"), ("b",), ("c",), ("d",)), False),
        ("a", False),
        (CANNOT_TELL, True),
    ],
)
def test_an_answer_to_an_earlier_wording_is_none(value: object, whole: bool) -> None:
    assert Answer.model_validate({"value": value}).answers(question("order")) is whole


def test_an_answer_survives_being_written_down() -> None:
    for value in ((("a", "b"), ("c",)), 13.0, "a", CANNOT_TELL):
        answer = Answer(value=value)
        assert Answer.model_validate_json(answer.model_dump_json()) == answer
