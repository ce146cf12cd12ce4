"""What is said of answers and outcomes, and the picture that the prediction is drawn over."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchviz import lessons
from batchviz.lessons import CANNOT_TELL, Answer, Measure, words
from batchviz.lessons.ladder import ladder, path_picture
from batchviz.lessons.outcome import Outcome, Pair, Relation
from batchviz.lessons.scoring import Score

BUDGETS = lessons.get("budgets")
KEYS = ("8", "64", "512")


def outcome(*relations: Relation, values: tuple[float, ...] = (0.2, 1.1, 2.2)) -> Outcome:
    pairs = tuple(
        Pair(*pair, relation)
        for pair, relation in zip(itertools.combinations(KEYS, 2), relations, strict=False)
    )
    by_key = dict(zip(KEYS, values, strict=True))
    return Outcome(Measure.VALIDATION_LOSS, by_key, {key: (value,) for key, value in by_key.items()}, pairs)


@pytest.mark.parametrize(
    ("value", "score", "sentence"),
    [
        ((("8",), ("64",), ("512",)), Score(3, 4, 4), "3 of 4 resolved pairs."),
        ((("8",), ("64",), ("512",)), Score(1, 1, 2),
         "1 of 1 resolved pair. 1 pair is not settled and does not count."),
        ((("8",), ("64",), ("512",)), Score(0, 0, 3), "Nothing here is settled, so nothing is scored."),
        (CANNOT_TELL, Score(0, 3, 3), "You said that you cannot tell, so nothing is scored. Here is what came of it."),
    ],
)  # fmt: skip
def test_a_score_says_what_it_leaves_out(value: object, score: Score, sentence: str) -> None:
    assert words.scored(BUDGETS.predict, Answer.model_validate({"value": value}), score) == sentence


def test_relations_are_told_from_low_to_high_and_by_how_sure_they_are() -> None:
    found = outcome(Relation.HIGHER, Relation.SAME, Relation.OPEN)
    assert words.relations(BUDGETS.predict, found) == [
        "Clear: B = 64 below B = 8.",
        "Not distinguishable: B = 8 and B = 512.",
        "Not settled: B = 64 and B = 512.",
    ]


def test_an_answer_is_told_in_the_options_words() -> None:
    assert (
        words.answer_text(BUDGETS.predict, Answer(value=(("64", "8"), ("512",))))
        == "B = 64 and B = 8 alike, then B = 512"
    )
    assert words.answer_text(BUDGETS.predict, Answer(value=CANNOT_TELL)) == "I cannot tell"


def test_the_facts_are_those_of_the_plan() -> None:
    first, *_ = words.facts(BUDGETS.members)
    # 1,437 rows: 179 batches of 8 and one of 5
    assert first == ("B = 8", "0.001", "180", "1,800", "14,370")


@given(st.permutations(KEYS), st.permutations([0.2, 1.1, 2.2]))
def test_a_right_order_runs_straight_down_the_rungs(order: list[str], values: list[float]) -> None:
    found = outcome(values=tuple(values))  # type: ignore[arg-type]
    drawn = ladder(BUDGETS.predict, Answer(value=tuple((key,) for key in order)), found)
    assert [rung.mean for rung in drawn.rungs] == sorted(values)
    right = [rung.key for rung in drawn.rungs] == order
    assert ([number for _, number in drawn.path] == [0, 1, 2]) is right
    assert [at for at, _ in drawn.path] == sorted(at for at, _ in drawn.path) or not right


def test_what_diverged_or_is_not_known_has_no_place_on_the_scale() -> None:
    drawn = ladder(BUDGETS.predict, Answer(value=CANNOT_TELL), outcome(values=(math.inf, math.nan, 2.0)))
    assert [rung.key for rung in drawn.rungs] == ["512", "8", "64"]
    assert [rung.at is None for rung in drawn.rungs] == [False, True, True]
    assert path_picture(drawn) == ""


def test_a_value_that_was_placed_is_a_rung_beside_the_measured_one() -> None:
    lesson = lessons.get("batches")
    found = Outcome(Measure.UPDATES_PER_EPOCH, {"64": 13.0}, {"64": (13.0,)}, ())
    drawn = ladder(lesson.predict, Answer(value=12.0), found)
    assert [(rung.text, rung.mean) for rung in drawn.rungs] == [("B = 64", 13.0), ("Your answer", 12.0)]
