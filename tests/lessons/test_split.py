"""How the answers of a class divide, and the questions by which it is told whether it learned."""

import json

import pytest

from batchviz import lessons
from batchviz.lessons.limits import MAX_SPLIT_ROWS
from batchviz.lessons.question import CANNOT_TELL, Answer, Option, Question
from batchviz.lessons.split import Share, read, split
from batchviz.lessons.twins import twins

PICK = Question(
    key="predict", kind="pick", text="Which?", right="a",
    options=(Option(key="a", text="B = 8"), Option(key="b", text="B = 64")),
)  # fmt: skip
ORDER = Question(
    key="predict", kind="order", text="In which order?", measure="updates",
    options=tuple(Option(key=f"o{n}", text=f"B = {n}", spec={"batch_size": n}) for n in (1, 2, 4, 8)),
)  # fmt: skip
PLACE = Question(
    key="predict", kind="place", text="How many?", measure="updates", unit="updates", low=0, high=100,
    options=(Option(key="one", text="B = 8", spec={}),),
)  # fmt: skip


def said(*values: object) -> list[str]:
    return [json.dumps({"value": value}) for value in values]


def test_picks_keep_their_order_and_those_of_nobody_are_told() -> None:
    told = split(PICK, said("b", "b", CANNOT_TELL, "b"))
    assert told == (Share("B = 8", 0), Share("B = 64", 3), Share("I cannot tell", 1))


def test_orders_come_by_how_many_gave_them_and_the_rarest_as_one() -> None:
    keys = ["o1", "o2", "o4", "o8"]
    several = [[[key] for key in (*keys[turn:], *keys[:turn])] for turn in range(4)]
    ties = [[[*keys[:2]], [keys[2]], [keys[3]]], [keys], [[keys[0]], keys[1:]], [keys[:3], [keys[3]]]]
    told = split(ORDER, said(several[1], several[1], *several, *ties))
    assert told[0].answers == 3
    assert len(told) == MAX_SPLIT_ROWS + 1
    assert told[-1] == Share("Other orders", 2)
    assert sum(share.answers for share in told) == 10


def test_values_are_counted_in_equal_parts_of_the_scale() -> None:
    told = split(PLACE, said(0.0, 19.9, 20.0, 100.0, CANNOT_TELL))
    assert [share.answers for share in told] == [2, 1, 0, 0, 1, 1]
    assert told[0].text == "0 to 20 updates"


@pytest.mark.parametrize("text", ["1", "{}", '{"value": "c"}', '{"value": 7.0}', "no JSON"])
def test_what_is_no_answer_to_the_question_counts_for_nothing(text: str) -> None:
    assert read(PICK, text) is None
    assert sum(share.answers for share in split(PICK, [text])) == 0


@pytest.mark.parametrize("lesson", lessons.all(), ids=lambda lesson: lesson.slug)
def test_every_lesson_has_twins_that_it_does_not_ask_itself(lesson: lessons.Lesson) -> None:
    before, after = twins(lesson)
    assert before.text != after.text
    assert len(before.options) == len(after.options)
    assert {before.text, after.text}.isdisjoint(question.text for question in lesson.questions)
    for question in (before, after):
        assert Answer(value=question.right).answers(question)
    places = [
        [option.key for option in question.options].index(question.right) for question in (before, after)
    ]
    assert places[0] != places[1]  # remembering the place helps nobody
